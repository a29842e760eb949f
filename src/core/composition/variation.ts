import { change } from './colours';
import { isScene, TIMES, type Composition, type Subject } from './composition';
import type { Arrangement } from './layout';
import { createRandom, type Random } from './random';

/** One reading of a composition: what a variation changes is already in it. */
export interface Variation {
  readonly composition: Composition;
  readonly arrangement: Arrangement;
  /** Which of the plain grounds lies behind a subject whose words name no ground, 0-based. */
  readonly backdrop: number;
}

const PLAIN: Arrangement = { place: 'centre', mirrored: false, turn: 0 };

/** The styles that the starter knows by their words. */
const STYLES = ['3d', 'flat', 'outline'] as const;
const NAMES_STYLE = /\b(?:3d|flat|outline|line art|pixel|watercolou?r|sketch|isometric)\b/i;
const COLOURS = ['blue', 'green', 'purple', 'orange', 'pink', 'yellow', 'red'] as const;
const NAMES_COLOUR =
  /\b(?:red|orange|yellow|green|blue|purple|pink|brown|black|white|gr[ae]y|gold(?:en)?|silver|turquoise|teal|violet)\b/i;

/**
 * The variation of a composition by its number. 0 is the composition itself; others change what people call
 * a variation: style, colour, mirrored or turned, place and ground. What the words ask for stays.
 * @param variation from 0
 * @param words the user's prompt, whose colours and styles are kept
 */
export function vary(
  composition: Composition,
  { variation, seed, words }: { variation: number; seed: number; words: string },
): Variation {
  if (variation === 0) return { composition, arrangement: PLAIN, backdrop: 0 };
  const random = createRandom(seed, `variation ${variation}`);
  const { kind, subjects, ground, tiled = false } = composition;
  const scene = ground !== undefined && ground !== 'transparent' && isScene(ground.name);
  return {
    composition: {
      ...composition,
      subjects: subjects.map((subject) => varySubject(subject, variation, words)),
      ...(ground !== undefined && { ground: varyGround(ground, variation, words) }),
    },
    arrangement: {
      place:
        tiled || kind === 'icon'
          ? 'centre'
          : (['right', 'left', 'centre'] as const)[(variation - 1) % 3]!,
      mirrored: variation % 2 === 1,
      turn: scene || kind === 'avatar' || kind === 'chart' ? 0 : turnOf(variation, random),
    },
    backdrop: variation,
  };
}

function turnOf(variation: number, random: Random): number {
  return variation % 3 === 0 ? 0 : random.sign() * random.range(5, 11);
}

/** Style words first, then colours: so that neighbours differ in more than one way. */
function varySubject(subject: Subject, variation: number, words: string): Subject {
  if (subject.source !== 'model') return subject;
  const style = STYLES[(variation - 1) % (STYLES.length + 1)];
  const styled =
    style !== undefined && !NAMES_STYLE.test(words) ? `${subject.words}, ${style}` : subject.words;
  const coloured = NAMES_COLOUR.test(words) ? styled : withColour(styled, variation);
  return { ...subject, words: coloured.slice(0, 200) };
}

/** Things that come in any colour; a blue cat or a green loaf would be another thing. */
const ANY_COLOUR =
  /\b(?:cars?|trucks?|bus(?:es)?|vans?|trains?|trams?|taxis?|bicycles?|bikes?|scooters?|motorcycles?|balloons?|chairs?|armchairs?|sofas?|couch(?:es)?|lamps?|cups?|mugs?|hats?|caps?|shirts?|t-shirts?|dress(?:es)?|coats?|shoes?|sneakers?|boots?|bags?|backpacks?|handbags?|suitcases?|umbrellas?|balls?|houses?|doors?|boats?|sailboats?|rockets?|planes?|airplanes?|robots?|flowers?|tulips?|roses?|butterfl(?:y|ies)|gifts?|presents?|books?|pencils?|pens?|crayons?|hearts?|stars?|phones?|tents?|kites?|guitars?|teapots?|vases?|umbrellas?|socks?|scar(?:f|ves)|gloves?|helmets?|toys?|buckets?|candles?|clocks?|headphones|cushions?|mailbox(?:es)?|apples?|peppers?)\b/i;

/** Every second variation of such a thing names a colour: "a car" is "a blue car". */
function withColour(words: string, variation: number): string {
  if (variation % 2 === 1 || !ANY_COLOUR.test(words)) return words;
  const colour = COLOURS[(variation / 2 - 1) % COLOURS.length]!;
  const article = /^(an?|the|some|one|two|three|four|five|six) /i.exec(words)?.[0] ?? '';
  const first = /^an? $/i.test(article) ? (/^[aeiou]/.test(colour) ? 'an ' : 'a ') : article;
  return `${first}${colour} ${words.slice(article.length)}`;
}

const NAMES_TIME =
  /\b(?:day|dawn|sunrise|morning|sunset|dusk|evening|night|overcast|cloudy|stars|moon|noon)\b/i;
/** How far the hue of a surface's colours goes from one variation to the next, in degrees. */
const HUE = 47;

/** Another light for a scene, other colours for a surface, where the words do not say which. */
function varyGround(
  ground: NonNullable<Composition['ground']>,
  variation: number,
  words: string,
): NonNullable<Composition['ground']> {
  if (ground === 'transparent') return ground;
  if (isScene(ground.name)) {
    if (NAMES_TIME.test(words)) return ground;
    const at = TIMES.indexOf(ground.time ?? 'day');
    return { ...ground, time: TIMES[(at + variation) % TIMES.length]! };
  }
  if (ground.colours === undefined || NAMES_COLOUR.test(words) || words.includes('#'))
    return ground;
  return { ...ground, colours: ground.colours.map((hex) => change(hex, { h: HUE * variation })) };
}
