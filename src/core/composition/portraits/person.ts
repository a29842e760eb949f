// From what the words say of a person to the choices of the portrait library. What is open is dealt by seed.
import type { Options } from '@dicebear/avataaars';
import { createRandom } from '../random';
import {
  HAIRS,
  SKINS,
  type Age,
  type Extra,
  type HairKind,
  type Mood,
  type Traits,
} from './traits';

/** One face, with nothing left to chance. */
export interface Person {
  readonly age: Age;
  readonly looks: 'feminine' | 'masculine';
  /** Lower lashes and softer eyebrows. */
  readonly lashes: boolean;
  readonly extra?: Extra;
  /** Hex without `#`. */
  readonly skin: string;
  readonly headwearColour: string;
  readonly options: Options;
}

type Top = NonNullable<Options['top']>[number];
type Choice<Key extends keyof Options> =
  NonNullable<Options[Key]> extends (infer Item)[] ? Item : never;

/**
 * Deals items so that neighbours in number differ: each run of as many numbers as there are items has every
 * item once.
 */
function deal<T>(items: readonly T[], number: number, key: string): T {
  const round = Math.floor(number / items.length);
  const place = number - round * items.length;
  const cards = createRandom(round, key).shuffle(items);
  if (place === 0 && items.length > 2) {
    // The first of a round is not the last of the round before.
    const before = createRandom(round - 1, key)
      .shuffle(items)
      .at(-1);
    if (cards[0] === before) cards.reverse();
  }
  if (cards.length === 0) throw new RangeError('There is nothing to deal.');
  return cards[place] as T;
}

/** Only where the words say nothing of the person, some are old. */
const AGES: readonly Age[] = ['adult', 'young', 'adult', 'adult', 'young', 'adult', 'old', 'adult'];

const GROWN: readonly Age[] = ['adult', 'young', 'adult'];

const HAIR_KINDS: Readonly<
  Record<HairKind, { readonly feminine: readonly Top[]; readonly masculine: readonly Top[] }>
> = {
  bald: { feminine: [], masculine: [] },
  short: {
    feminine: ['shortWaved', 'shortRound', 'bob', 'shortCurly'],
    masculine: ['shortFlat', 'shortRound', 'theCaesar', 'theCaesarAndSidePart', 'shortWaved'],
  },
  medium: {
    feminine: ['longButNotTooLong', 'bob', 'miaWallace'],
    masculine: ['shaggyMullet', 'longButNotTooLong'],
  },
  long: {
    feminine: ['straight02', 'straight01', 'straightAndStrand', 'curvy'],
    masculine: ['straightAndStrand', 'straight02', 'shaggyMullet'],
  },
  curly: { feminine: ['curly', 'fro', 'curvy'], masculine: ['shortCurly', 'dreads01', 'frizzle'] },
  wavy: { feminine: ['curvy', 'curly'], masculine: ['shortWaved', 'shaggy', 'shaggyMullet'] },
  straight: {
    feminine: ['straight02', 'straightAndStrand', 'miaWallace'],
    masculine: ['shortFlat', 'shortRound'],
  },
  afro: { feminine: ['fro', 'froBand'], masculine: ['fro'] },
  bun: { feminine: ['bun'], masculine: ['bun'] },
  bob: { feminine: ['bob', 'miaWallace'], masculine: ['longButNotTooLong'] },
  dreads: { feminine: ['dreads'], masculine: ['dreads01', 'dreads'] },
  spiky: { feminine: ['dreads02', 'shortWaved'], masculine: ['dreads02', 'frizzle', 'shortFlat'] },
};

/** Hair for whom the words say nothing of it. `bald` stands for no hair. */
const HAIR_OF: Readonly<Record<'feminine' | 'masculine', readonly Top[]>> = {
  feminine: [
    'straight02',
    'curly',
    'bob',
    'bun',
    'straight01',
    'longButNotTooLong',
    'curvy',
    'miaWallace',
    'straightAndStrand',
  ],
  masculine: [
    'shortFlat',
    'shortWaved',
    'theCaesar',
    'shortCurly',
    'shortRound',
    'theCaesarAndSidePart',
    'shaggy',
  ],
};
const AFRICAN_HAIR: Readonly<Record<'feminine' | 'masculine', readonly Top[]>> = {
  feminine: ['fro', 'dreads', 'curly', 'froBand', 'bun', 'bob', 'straight01'],
  masculine: ['theCaesar', 'dreads01', 'shortCurly', 'theCaesarAndSidePart', 'shortFlat'],
};
const OLD_HAIR: Readonly<Record<'feminine' | 'masculine', readonly Top[]>> = {
  feminine: ['bun', 'bob', 'shortWaved', 'curly', 'shortCurly'],
  masculine: ['sides', 'shortFlat', 'theCaesarAndSidePart', 'shortWaved', 'sides'],
};
/** Hair that ends above the shoulders, which are narrower than the library's. */
const CHILD_HAIR: Readonly<Record<'feminine' | 'masculine', readonly Top[]>> = {
  feminine: ['bun', 'bob', 'longButNotTooLong', 'miaWallace', 'curly'],
  masculine: ['shortFlat', 'shortRound', 'shaggy', 'shortCurly', 'shortWaved'],
};
/** Hair that lies flat below a hat of ours. */
const HAIR_BELOW_HATS: Readonly<Record<'feminine' | 'masculine', readonly Top[]>> = {
  feminine: ['bob', 'straight02', 'longButNotTooLong', 'straightAndStrand'],
  masculine: ['shortFlat', 'theCaesar', 'shortRound', 'theCaesarAndSidePart'],
};
const HATS: readonly Extra[] = [
  'toque',
  'helmet',
  'mortarboard',
  'crown',
  'cap',
  'peaked cap',
  'fire helmet',
  'space helmet',
];

const MOODS: Readonly<
  Record<
    Mood,
    {
      readonly mouth: readonly Choice<'mouth'>[];
      readonly eyes: Choice<'eyes'>;
      readonly brows?: Choice<'eyebrows'>;
    }
  >
> = {
  smile: { mouth: ['smile', 'twinkle'], eyes: 'default' },
  laugh: { mouth: ['smile'], eyes: 'happy', brows: 'raisedExcitedNatural' },
  serious: { mouth: ['serious'], eyes: 'default', brows: 'flatNatural' },
  sad: { mouth: ['sad'], eyes: 'default', brows: 'sadConcernedNatural' },
  angry: { mouth: ['serious', 'sad'], eyes: 'default', brows: 'angryNatural' },
  surprised: { mouth: ['disbelief'], eyes: 'surprised', brows: 'raisedExcitedNatural' },
  wink: { mouth: ['smile'], eyes: 'wink' },
  tired: { mouth: ['serious', 'twinkle'], eyes: 'closed' },
  love: { mouth: ['smile'], eyes: 'hearts' },
  cheeky: { mouth: ['tongue'], eyes: 'wink' },
  cry: { mouth: ['sad'], eyes: 'cry', brows: 'sadConcernedNatural' },
};

const CLOTHES_COLOURS = [
  '4a83d4',
  'e07a5f',
  '3d8b7d',
  'f2b84b',
  '7b6cc4',
  'd95d78',
  '3c4f6b',
  '81a969',
  '5fb3ce',
  'c0563f',
  '929daa',
];
const CLOTHES: readonly Choice<'clothing'>[] = [
  'shirtCrewNeck',
  'blazerAndShirt',
  'hoodie',
  'collarAndSweater',
  'shirtVNeck',
  'blazerAndSweater',
  'shirtScoopNeck',
];
const CLOTHING: Readonly<Record<NonNullable<Traits['clothes']>, readonly Choice<'clothing'>[]>> = {
  suit: ['blazerAndShirt'],
  hoodie: ['hoodie'],
  shirt: ['collarAndSweater'],
  sweater: ['collarAndSweater', 'blazerAndSweater'],
  overall: ['overall'],
  tshirt: ['shirtCrewNeck', 'shirtVNeck'],
};
const SUIT_COLOURS = ['3c4f6b', '2f3640', '4b5a68', '5b4a6b', '25446b'];
const HEADWEAR_COLOURS = ['4a83d4', 'd95d78', '3d8b7d', 'c0563f', '7b6cc4', 'e0a640'];

/**
 * A whole person.
 * @param number whole, from 0; neighbours differ clearly in what the words leave open
 */
export function choosePerson(traits: Traits, number: number): Person {
  const of = <T>(key: string, items: readonly T[]): T => deal(items, number, key);
  const age = traits.age ?? of('age', Object.keys(traits).length === 0 ? AGES : GROWN);
  const looks = traits.looks ?? of('looks', ['feminine', 'masculine']);
  const small = age === 'child' || age === 'baby';
  const old = age === 'old';
  const extra = traits.extra;
  const skin = traits.skin ?? of('skin', skinsFor(traits));
  const dark = SKINS.indexOf(skin as (typeof SKINS)[number]) >= 5;
  const hair =
    traits.hair ??
    (old ? undefined : traits.likelyHair) ??
    of('hair colour', hairColoursFor(skin, old));
  const top = topOf(
    traits,
    { looks, age, dark, hat: extra !== undefined && HATS.includes(extra) },
    of,
  );
  const beard = looks === 'masculine' && !small ? beardOf(traits, of, old) : undefined;
  const accessory =
    small && traits.glasses === undefined ? undefined : accessoryOf(traits, of, old);
  const mood = MOODS[traits.mood ?? 'smile'];
  const eyes =
    traits.mood === undefined
      ? of('eyes', ['default', 'default', 'happy', 'default'] as const)
      : mood.eyes;
  const clothing = clothingOf(traits, of, small);
  const suited = clothing === 'blazerAndShirt' || clothing === 'blazerAndSweater';
  const colours = suited ? SUIT_COLOURS : CLOTHES_COLOURS.filter((colour) => colour !== skin);
  const clothesColour = uniform(extra) ?? traits.clothesColour ?? of('clothes colour', colours);
  const headwearColour =
    traits.headwearColour ??
    of(
      'headwear colour',
      HEADWEAR_COLOURS.filter((colour) => colour !== clothesColour),
    );
  return {
    age,
    looks,
    lashes: looks === 'feminine' && !old && ['default', 'surprised'].includes(eyes),
    ...(extra === undefined ? {} : { extra }),
    skin,
    headwearColour,
    options: {
      style: ['default'],
      skinColor: [skin],
      hairColor: [hair],
      facialHairColor: [hair],
      hatColor: [headwearColour],
      top: top === undefined ? [] : [top],
      topProbability: top === undefined ? 0 : 100,
      facialHair: beard === undefined ? [] : [beard],
      facialHairProbability: beard === undefined ? 0 : 100,
      accessories: accessory === undefined ? [] : [accessory],
      accessoriesProbability: accessory === undefined ? 0 : 100,
      accessoriesColor: [
        accessory === 'eyepatch' ? '262e33' : of('frames', ['262e33', '3c4f5c', '5b3a2e']),
      ],
      mouth: [of('mouth', mood.mouth)],
      eyes: [eyes],
      eyebrows: [mood.brows ?? (looks === 'feminine' ? 'default' : 'defaultNatural')],
      nose: ['default'],
      clothing: [clothing],
      clothesColor: [clothesColour],
    },
  };
}

type Dealer = <T>(key: string, items: readonly T[]) => T;

function skinsFor({ hair, hairKind }: Traits): readonly string[] {
  if (hairKind === 'afro' || hairKind === 'dreads') return SKINS.slice(4);
  // Blond and red hair grow mostly on light skin.
  if (hair === HAIRS.blond || hair === HAIRS.red || hair === HAIRS.darkBlond)
    return SKINS.slice(0, 3);
  return SKINS;
}

function hairColoursFor(skin: string, old: boolean): readonly string[] {
  if (old) return [HAIRS.grey, HAIRS.white];
  const place = SKINS.indexOf(skin as (typeof SKINS)[number]);
  if (place >= 5) return [HAIRS.black, HAIRS.darkBrown, '1f1512'];
  if (place >= 3) return [HAIRS.black, HAIRS.darkBrown, HAIRS.brown];
  return [
    HAIRS.brown,
    HAIRS.blond,
    HAIRS.black,
    HAIRS.auburn,
    HAIRS.darkBlond,
    HAIRS.darkBrown,
    HAIRS.red,
  ];
}

function topOf(
  { hairKind, headwear }: Traits,
  person: { looks: 'feminine' | 'masculine'; age: Age; dark: boolean; hat: boolean },
  of: Dealer,
): Top | undefined {
  const { looks, age, dark, hat } = person;
  if (headwear === 'hat') return 'hat';
  if (headwear === 'beanie') return of('beanie', ['winterHat03', 'winterHat1', 'winterHat02']);
  if (headwear === 'hijab') return 'hijab';
  if (headwear === 'turban') return 'turban';
  if (headwear === 'flowers') return 'frida';
  if (headwear === 'headband') return 'froBand';
  if (hat) return hairKind === 'bald' ? undefined : of('hair', HAIR_BELOW_HATS[looks]);
  if (hairKind === 'bald') return age === 'old' ? of('bald', [undefined, 'sides']) : undefined;
  if (hairKind !== undefined) return of('hair', HAIR_KINDS[hairKind][looks]);
  if (age === 'baby') return of('hair', [undefined, 'shortFlat', 'theCaesar']);
  if (age === 'child') return of('hair', dark ? [...CHILD_HAIR[looks], 'fro'] : CHILD_HAIR[looks]);
  if (age === 'old') return of('hair', OLD_HAIR[looks]);
  return of('hair', (dark ? AFRICAN_HAIR : HAIR_OF)[looks]);
}

function beardOf(traits: Traits, of: Dealer, old: boolean): Choice<'facialHair'> | undefined {
  switch (traits.beard) {
    case 'none':
      return undefined;
    case 'light':
      return 'beardLight';
    case 'medium':
      return 'beardMedium';
    case 'long':
      return 'beardMajestic';
    case 'moustache':
      return of('moustache', ['moustacheMagnum', 'moustacheFancy']);
    case undefined:
      return traits.age === 'young'
        ? of('beard', [undefined, undefined, undefined, 'beardLight'])
        : of('beard', [
            undefined,
            'beardLight',
            undefined,
            'beardMedium',
            undefined,
            undefined,
            old ? 'moustacheMagnum' : undefined,
          ]);
  }
}

function accessoryOf(traits: Traits, of: Dealer, old: boolean): Choice<'accessories'> | undefined {
  switch (traits.glasses) {
    case 'none':
      return undefined;
    case 'glasses':
      return of('glasses', ['prescription02', 'round', 'prescription01']);
    case 'round':
      return 'round';
    case 'sunglasses':
      return of('sunglasses', ['wayfarers', 'sunglasses']);
    case 'eyepatch':
      return 'eyepatch';
    case undefined:
      return of('accessory', [
        undefined,
        undefined,
        'prescription02',
        undefined,
        old ? 'round' : undefined,
        'round',
      ]);
  }
}

function clothingOf(traits: Traits, of: Dealer, small: boolean): Choice<'clothing'> {
  switch (traits.extra) {
    case 'coat':
    case 'tie':
      return 'blazerAndShirt';
    case 'bow tie':
    case 'apron':
    case 'space helmet':
    case 'fire helmet':
      return 'shirtCrewNeck';
    case 'scrubs':
      return 'shirtVNeck';
    case 'toque':
      return 'collarAndSweater';
    default:
      if (traits.clothes !== undefined) return of('clothes', CLOTHING[traits.clothes]);
      return of('clothes', small ? (['shirtCrewNeck', 'hoodie', 'overall'] as const) : CLOTHES);
  }
}

/** The colour that a work has its clothes in. */
function uniform(extra: Extra | undefined): string | undefined {
  if (extra === 'coat') return 'f1f6fb';
  if (extra === 'toque' || extra === 'bow tie') return 'f7f7f7';
  return undefined;
}
