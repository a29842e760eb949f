/** What the words say of a person. What they do not say is absent and varies by seed. */
export interface Traits {
  readonly looks?: 'feminine' | 'masculine';
  readonly age?: Age;
  /** Hex colours without `#`, as the portrait library wants them. */
  readonly skin?: string;
  readonly hair?: string;
  /** What is likely for the young, where the words do not name a colour. */
  readonly likelyHair?: string;
  readonly hairKind?: HairKind;
  readonly beard?: 'none' | 'light' | 'medium' | 'long' | 'moustache';
  readonly glasses?: 'none' | 'glasses' | 'round' | 'sunglasses' | 'eyepatch';
  readonly headwear?: Headwear;
  readonly mood?: Mood;
  readonly clothes?: Clothes;
  readonly clothesColour?: string;
  readonly headwearColour?: string;
  readonly extra?: Extra;
}

export type Age = 'baby' | 'child' | 'young' | 'adult' | 'old';
export type HairKind =
  | 'bald'
  | 'short'
  | 'medium'
  | 'long'
  | 'curly'
  | 'wavy'
  | 'straight'
  | 'afro'
  | 'bun'
  | 'bob'
  | 'dreads'
  | 'spiky';
export type Headwear = 'none' | 'hat' | 'beanie' | 'hijab' | 'turban' | 'flowers' | 'headband';
export type Mood =
  | 'smile'
  | 'laugh'
  | 'serious'
  | 'sad'
  | 'angry'
  | 'surprised'
  | 'wink'
  | 'tired'
  | 'love'
  | 'cheeky'
  | 'cry';
export type Clothes = 'suit' | 'hoodie' | 'shirt' | 'sweater' | 'overall' | 'tshirt';
/** What the library cannot draw, and Easel draws over its portrait. */
export type Extra =
  | 'coat'
  | 'scrubs'
  | 'toque'
  | 'helmet'
  | 'mortarboard'
  | 'headset'
  | 'crown'
  | 'cap'
  | 'tie'
  | 'peaked cap'
  | 'fire helmet'
  | 'space helmet'
  | 'bow tie'
  | 'apron'
  | 'microphone';

/** From light to dark. */
export const SKINS = [
  'ffdbb4',
  'f3c69c',
  'edb98a',
  'd9a066',
  'c68642',
  'a0642f',
  '7a4a2b',
  '593a29',
] as const;
export const HAIRS = {
  black: '2c1b18',
  darkBrown: '4a312c',
  brown: '724133',
  auburn: '9a4a26',
  chestnut: 'a55728',
  darkBlond: 'b58143',
  blond: 'e0bc6c',
  red: 'c2440f',
  grey: '9c9a98',
  white: 'ece7e2',
} as const;

const COLOURS: Readonly<Record<string, string>> = {
  red: 'd9433f',
  orange: 'f2883c',
  yellow: 'f6c744',
  green: '3f9d5d',
  teal: '2a9d8f',
  turquoise: '35b8b1',
  blue: '4a83d4',
  navy: '25446b',
  purple: '7b57b8',
  violet: '7b57b8',
  pink: 'f08ab2',
  brown: '8a5a3b',
  beige: 'e3cfae',
  black: '262e33',
  white: 'f4f4f4',
  grey: '929598',
  gray: '929598',
};
const COLOUR = `(${Object.keys(COLOURS).join('|')})`;

type Rule = readonly [words: RegExp, traits: Traits | ((match: RegExpExecArray) => Traits)];

const w = (pattern: string): RegExp => new RegExp(`(?<![\\p{L}-])(?:${pattern})(?![\\p{L}])`, 'u');
const NO = '(?:no|without(?: a| any)?|not wearing)';
const HAIR = '(?:hair|haired|curls|locks|ponytail|bun|bob|afro|dreadlocks|braids)';
const KIND = '(?:(?:long|short|curly|wavy|straight|dark|light|messy|spiky|and) ?)*';
const PEOPLE =
  '(?:man|men|woman|women|person|people|girl|girls|boy|boys|lady|ladies|guy|male|female|child|kid|' +
  'teen|teenager|baby|face|user|avatar|portrait|mother|father|mom|dad|couple|family|student|' +
  'doctor|nurse|teacher|chef|engineer|developer|businessman|businesswoman|american)';
const AGED = '(?:(?:old|older|elderly|young|smiling|happy|little|adult) )*';

/** Rules from the general to the special: where two speak of the same trait, the later one wins. */
const RULES: readonly Rule[] = [
  // Work, which suggests clothes.
  [
    w(
      'business ?(?:wo)?m[ae]n|ceo|manager|executives?|lawyers?|attorney|banker|boss|founder|director|investor|consultant|politician|realtor|accountant|business|professional|president',
    ),
    { clothes: 'suit' },
  ],
  [
    w(
      'developers?|programmers?|coders?|designers?|hackers?|freelancer|engineer|gamer|streamer|youtuber',
    ),
    { clothes: 'hoodie' },
  ],
  [
    w('teachers?|professors?|librarian|writer|author|journalist|scholar|tutor'),
    { clothes: 'sweater', glasses: 'glasses' },
  ],
  [w('students?|pupils?'), { age: 'young', clothes: 'hoodie' }],
  [
    w('farmers?|gardeners?|mechanics?|plumbers?|carpenters?|workers?|painter|handyman|technician'),
    { clothes: 'overall' },
  ],
  [w('farmers?|gardeners?|cowboy|cowgirl|explorer|detective'), { headwear: 'hat' }],
  [
    w(
      'doctors?|physicians?|dr|scientists?|pharmacists?|dentists?|veterinarian|vet|chemist|researcher',
    ),
    { extra: 'coat' },
  ],
  [w('nurses?|surgeons?|paramedic|medic'), { extra: 'scrubs' }],
  [w('chefs?|cooks?|bakers?|pastry chefs?'), { extra: 'toque' }],
  [
    w(
      'builders?|construction(?: worker)?|architects?|hard ?hat|safety helmet|miner|civil engineer|foreman',
    ),
    { extra: 'helmet' },
  ],
  [w('graduates?|graduation|alumn(?:us|a|i)|mortarboard'), { extra: 'mortarboard' }],
  [
    w(
      'headset|headphones?|call cent(?:er|re)|customer (?:service|support)|support (?:agent|person|team)|operator|receptionist|dj|gamer|streamer|podcaster',
    ),
    { extra: 'headset' },
  ],
  [
    w('fire ?fighters?|firem[ae]n|firewom[ae]n'),
    { extra: 'fire helmet', headwearColour: 'd43a2f', clothesColour: '3d4349' },
  ],
  [
    w('police(?:m[ae]n|wom[ae]n)?(?: officers?)?|cops?|sheriff|security guards?|guards?'),
    { extra: 'peaked cap', headwearColour: '24406e', clothesColour: '2f5597', clothes: 'shirt' },
  ],
  [
    w('pilots?|captains?|flight attendants?|stewardess|steward|sailors?|admiral'),
    { extra: 'peaked cap', headwearColour: '1f2a3a', clothes: 'suit', clothesColour: '25446b' },
  ],
  [
    w('soldiers?|army|military|officers?(?= in uniform)'),
    { extra: 'peaked cap', headwearColour: '55633c', clothesColour: '6b7a4a', clothes: 'shirt' },
  ],
  [
    w('astronauts?|cosmonauts?|spacem[ae]n'),
    { extra: 'space helmet', glasses: 'none', clothesColour: 'eef2f6' },
  ],
  [w('waiters?|waitress(?:es)?|butler|sommelier|bartenders?|magician'), { extra: 'bow tie' }],
  [
    w('baristas?|butchers?|grocers?|shopkeepers?|shop owners?|florists?|potters?|blacksmiths?'),
    { extra: 'apron' },
  ],
  [
    w(
      'singers?|musicians?|rappers?|vocalists?|comedians?|keynote|speakers?|presenters?|reporters?|karaoke',
    ),
    { extra: 'microphone' },
  ],
  [
    w(
      'construction workers?|factory workers?|warehouse workers?|road workers?|electricians?|safety vest',
    ),
    { extra: 'helmet', clothesColour: 'f28c28' },
  ],
  [w('judges?'), { clothes: 'suit', clothesColour: '262e33' }],
  [w('detectives?'), { headwearColour: '6b5646', clothes: 'suit', clothesColour: '8a7358' }],
  [w('king|queen|prince|princess|(?<!flower |floral )crown'), { extra: 'crown' }],
  [w('delivery|courier|driver|baseball cap|cap|coach|postman|mailman'), { extra: 'cap' }],
  [w('pirate'), { glasses: 'eyepatch', beard: 'medium' }],
  [
    w('santa(?: claus)?'),
    {
      headwear: 'beanie',
      headwearColour: 'd9433f',
      hair: HAIRS.white,
      beard: 'long',
      looks: 'masculine',
      age: 'old',
      clothesColour: 'd9433f',
    },
  ],
  // Looks and age.
  [
    w(
      'man|men|male|guy|gentleman|boy|boys|father|dad|daddy|husband|brother|son|uncle|grandfather|grandpa|businessm[ae]n|he|mr|actor|king|prince|groom|nephew|mailman|postman|cowboy|fireman|policeman|salesman|masculine',
    ),
    { looks: 'masculine' },
  ],
  [
    w(
      'woman|women|female|lady|girl|girls|mother|mom|mum|mommy|wife|sister|daughter|aunt|grandmother|grandma|businesswom[ae]n|waitress|stewardess|firewoman|she|mrs|ms|miss|actress|queen|princess|bride|niece|cowgirl|saleswoman|policewoman|feminine',
    ),
    { looks: 'feminine' },
  ],
  [w('young|youthful|teen|teens|teenager|teenage|youth|millennial|college'), { age: 'young' }],
  [w('teens?|teenagers?|teenage'), { beard: 'none' }],
  [w('adult|grown-?up|middle-?aged'), { age: 'adult' }],
  [
    w(
      'old|older|elderly|aged|senior|seniors|grandfather|grandmother|grandpa|grandma|granny|grandparent|grandparents|retired|pensioner|retiree',
    ),
    { age: 'old' },
  ],
  [
    w('senior (?:developer|engineer|designer|manager|software|product|consultant|analyst)'),
    { age: 'adult' },
  ],
  [
    w(
      'child|children|kid|kids|boy|boys|girl|girls|toddler|pupils?|son|daughter|schoolboy|schoolgirl',
    ),
    { age: 'child' },
  ],
  [
    w('young (?:adult|man|woman|lady|person|people|girl|professional)|teenage (?:boy|girl)'),
    { age: 'young' },
  ],
  [w('baby|infant|newborn'), { age: 'baby' }],
  [
    w('\\d\\d?[- ]years?[- ]old|(?:year|yr)s?[- ]old|years? old'),
    (match) => ({ age: ageOf(match[0]) }),
  ],
  // Where families come from says something of skin and hair, though never everything.
  [
    w('asian|chinese|japanese|korean|vietnamese|thai|east asian|taiwanese'),
    { skin: 'f3c69c', likelyHair: HAIRS.black },
  ],
  [w('filipino|filipina|indonesian|malay|malaysian'), { skin: 'd9a066', likelyHair: HAIRS.black }],
  [
    w('indian|south asian|pakistani|bangladeshi|sri lankan|nepali|desi'),
    { skin: 'c68642', likelyHair: HAIRS.black },
  ],
  [
    w('latin[ao]?|latinx|hispanic|mexican|brazilian|colombian|spanish|italian|greek|mediterranean'),
    { skin: 'd9a066', likelyHair: HAIRS.darkBrown },
  ],
  [
    w('arab|arabic|arabian|middle[- ]eastern|persian|iranian|turkish|egyptian|moroccan|lebanese'),
    { skin: 'd9a066', likelyHair: HAIRS.black },
  ],
  [
    w('african|african[- ]american|afro[- ]american|nigerian|kenyan|ethiopian|ghanaian|jamaican'),
    { skin: '7a4a2b', likelyHair: HAIRS.black },
  ],
  [
    w('european|caucasian|german|dutch|polish|french|british|russian|ukrainian'),
    { skin: 'ffdbb4' },
  ],
  [
    w('scandinavian|swedish|norwegian|danish|finnish|nordic'),
    { skin: 'ffdbb4', likelyHair: HAIRS.blond },
  ],
  [w('irish|scottish'), { skin: 'ffdbb4', likelyHair: HAIRS.red }],
  [w('sikh'), { skin: 'c68642', headwear: 'turban', beard: 'long', looks: 'masculine' }],
  [w('muslim (?:woman|girl|lady|female)|muslima'), { headwear: 'hijab', looks: 'feminine' }],
  // Skin.
  [
    w(`(?:dark|deep|ebony)(?:[- ]skin(?:ned)?| skin tone| complexion)|dark (?:brown )?skin`),
    { skin: '7a4a2b' },
  ],
  [
    w(`black ${AGED}${PEOPLE}|black[- ]skin(?:ned)?|people of colou?r`),
    { skin: '7a4a2b', likelyHair: HAIRS.black },
  ],
  [w(`brown ${AGED}${PEOPLE}|brown[- ]skin(?:ned)?`), { skin: 'a0642f', likelyHair: HAIRS.black }],
  [
    w('(?:tan|tanned|olive|medium|bronze)(?:[- ]skin(?:ned)?| complexion)?(?= |$)(?! hair)'),
    { skin: 'd9a066' },
  ],
  [
    w(`white ${AGED}${PEOPLE}|(?:light|fair|pale|white)[- ](?:skin(?:ned)?|complexion)|pale`),
    { skin: 'ffdbb4' },
  ],
  // Hair: colour.
  [w(`black ${KIND}${HAIR}|dark ${KIND}${HAIR}|raven-haired`), { hair: HAIRS.black }],
  [w(`(?:brown|chestnut|brunette) ?${KIND}${HAIR}|brunette|brown-haired`), { hair: HAIRS.brown }],
  [w(`auburn`), { hair: HAIRS.auburn }],
  [w(`blonde?s?|blonde?-haired|(?:golden|fair|yellow) ${KIND}${HAIR}`), { hair: HAIRS.blond }],
  [w(`dark blonde?`), { hair: HAIRS.darkBlond }],
  [
    w(`(?:red|ginger|orange|copper) ?${KIND}${HAIR}|red-?haired|redhead(?:ed)?|ginger`),
    { hair: HAIRS.red },
  ],
  [w(`(?:gr[ea]y|silver) ?-?${KIND}${HAIR}|gr[ea]y-haired|silver-haired`), { hair: HAIRS.grey }],
  [w(`white ?-?${KIND}${HAIR}|white-haired`), { hair: HAIRS.white }],
  [
    w(`(pink|blue|purple|violet|green|turquoise|teal) ?-?${KIND}${HAIR}`),
    (match) => ({ hair: COLOURS[match[1] ?? ''] }),
  ],
  // Hair: kind.
  [
    w(
      `(?:short|cropped|buzz ?cut|crew cut|pixie)(?:[- ]hair(?:ed)?)?(?: |$|,)(?!sleeve|beard)|short ${KIND}(?:\\p{L}+ )?hair`,
    ),
    { hairKind: 'short' },
  ],
  [w(`(?:medium|shoulder)[- ]length(?: hair)?`), { hairKind: 'medium' }],
  [w(`long(?:[- ](?:\\p{L}+ )?(?:\\p{L}+ )?hair(?:ed)?)`), { hairKind: 'long' }],
  [w(`curly|curls|frizzy`), { hairKind: 'curly' }],
  [w(`wavy|waves`), { hairKind: 'wavy' }],
  [w(`straight(?= )`), { hairKind: 'straight' }],
  [w(`afro`), { hairKind: 'afro' }],
  [w(`bun|topknot|ponytail|updo|pigtails`), { hairKind: 'bun' }],
  [w(`bob|bob cut|fringe|bangs`), { hairKind: 'bob' }],
  [w(`dreads|dreadlocks|locs|braids|rasta`), { hairKind: 'dreads' }],
  [w(`spiky|mohawk|quiff|messy|punk`), { hairKind: 'spiky' }],
  [w(`bald|balding|shaved head|hairless|${NO} hair`), { hairKind: 'bald' }],
  // Face.
  [w('beard(?:ed)?|facial hair'), { beard: 'medium', looks: 'masculine' }],
  [
    w('(?:long|full|big|bushy|thick) (?:\\p{L}+ )?beard|lumberjack|viking|wizard'),
    { beard: 'long', looks: 'masculine' },
  ],
  [
    w('stubble|(?:short|light|trimmed) (?:\\p{L}+ )?beard|goatee|unshaven'),
    { beard: 'light', looks: 'masculine' },
  ],
  [w('m(?:o)?ustached?|m(?:o)?ustaches'), { beard: 'moustache', looks: 'masculine' }],
  [w(`${NO} (?:facial hair|beard|m(?:o)?ustache)|clean-?shaven|beardless`), { beard: 'none' }],
  [w(`(?:gr[ea]y|silver) (?:\\p{L}+ )?(?:beard|m(?:o)?ustache)`), { hair: HAIRS.grey }],
  [w(`white (?:\\p{L}+ )?(?:beard|m(?:o)?ustache)`), { hair: HAIRS.white }],
  [w(`(?:red|ginger) (?:\\p{L}+ )?(?:beard|m(?:o)?ustache)`), { hair: HAIRS.red }],
  [w(`black (?:\\p{L}+ )?(?:beard|m(?:o)?ustache)`), { hair: HAIRS.black }],
  [
    w('glasses|spectacles|eyeglasses|specs|bespectacled|nerd|nerdy|geek|hipster'),
    { glasses: 'glasses' },
  ],
  [w('round (?:\\p{L}+ )?(?:glasses|spectacles)'), { glasses: 'round' }],
  [w('sun ?glasses|shades'), { glasses: 'sunglasses' }],
  [w('eye ?patch'), { glasses: 'eyepatch' }],
  [w(`${NO} (?:sun ?)?(?:glasses|spectacles)`), { glasses: 'none' }],
  // What is worn.
  [w('hat|fedora|straw hat|sun ?hat|cowboy hat'), { headwear: 'hat' }],
  [
    w('beanie|winter hat|wool(?:ly|len)? (?:hat|cap)|knit(?:ted)? (?:hat|cap)'),
    { headwear: 'beanie' },
  ],
  [w('hijab|head ?scarf|veil|chador|hijabi'), { headwear: 'hijab', looks: 'feminine' }],
  [w('turban'), { headwear: 'turban' }],
  [w('flowers? (?:crown|wreath|in (?:her|the|his)? ?hair)'), { headwear: 'flowers' }],
  [w('head ?band|bandana'), { headwear: 'headband' }],
  [w(`${NO} (?:hat|cap|headwear)`), { headwear: 'none' }],
  [w('suit|blazer|jacket|formal|elegant|tuxedo'), { clothes: 'suit' }],
  [w('tie|necktie|suit and tie'), { clothes: 'suit', extra: 'tie' }],
  [w('hoodie|hooded|casual|sweatshirt'), { clothes: 'hoodie' }],
  [w('sweater|jumper|pullover|cardigan|turtleneck'), { clothes: 'sweater' }],
  [w('overalls?|dungarees'), { clothes: 'overall' }],
  [w('t-?shirt|tee|shirt|blouse'), { clothes: 'tshirt' }],
  [
    w(
      `${COLOUR} (?:\\p{L}+ )?(?:suit|blazer|jacket|hoodie|sweater|jumper|t-?shirt|tee|shirt|top|dress|blouse|overalls?|sweatshirt|clothes|pullover|coat|scrubs)`,
    ),
    (match) => ({ clothesColour: COLOURS[match[1] ?? ''] }),
  ],
  [
    w(
      `${COLOUR} (?:\\p{L}+ )?(?:hat|cap|beanie|turban|hijab|head ?scarf|scarf|helmet|hard ?hat|head ?band)`,
    ),
    (match) => ({ headwearColour: COLOURS[match[1] ?? ''] }),
  ],
  // Mood.
  [
    w('smiling|smile|smiles|happy|friendly|cheerful|kind|warm|grinning|joyful|welcoming'),
    { mood: 'smile' },
  ],
  [w('laughing|laugh|excited|overjoyed'), { mood: 'laugh' }],
  [w('serious|stern|neutral|confident|calm|focused|thoughtful'), { mood: 'serious' }],
  [w('sad|unhappy|worried|upset|depressed|disappointed|concerned'), { mood: 'sad' }],
  [w('angry|mad|furious|annoyed|grumpy'), { mood: 'angry' }],
  [w('surprised|shocked|amazed|astonished|scared'), { mood: 'surprised' }],
  [w('wink|winking'), { mood: 'wink' }],
  [w('tired|sleepy|sleeping|asleep|closed eyes|eyes closed'), { mood: 'tired' }],
  [w('in love|loving|heart eyes'), { mood: 'love' }],
  [w('cheeky|silly|funny|tongue out'), { mood: 'cheeky' }],
  [w('crying|tears'), { mood: 'cry' }],
];

/**
 * What words such as "an old man with glasses" say of a person.
 * @param text English words
 */
export function readTraits(text: string): Traits {
  const plain = text.toLowerCase().normalize('NFKC').replace(/[’‘]/g, "'").replace(/\s+/g, ' ');
  let traits: Traits = {};
  for (const [words, says] of RULES) {
    const match = words.exec(plain);
    if (match) traits = { ...traits, ...(typeof says === 'function' ? says(match) : says) };
  }
  return traits;
}

function ageOf(text: string): Age {
  const years = Number.parseInt(text, 10);
  if (Number.isNaN(years)) return 'adult';
  if (years < 2) return 'baby';
  if (years < 14) return 'child';
  if (years < 30) return 'young';
  return years < 60 ? 'adult' : 'old';
}
