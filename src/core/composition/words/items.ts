import { MOST_OF_ONE } from '../composition';
import { colourOfWords, difference, wordOfColour } from '../colours';
import { LONGEST_PHRASE, meanings, type Meaning } from './lexicon';
import { fold, listed, singulars } from './spelling';
import { COLOURS, COLOUR_THINGS, MODEL_COLOURS, MOODS } from './table/colours';
import { INDOORS } from './table/grounds';
import type { Token } from './tokens';
import type { Match, Vocabulary } from './vocabulary';

/** One or more words of a prompt that mean something together, or one unknown word. */
export interface Item {
  readonly text: string;
  readonly key: string;
  readonly clause: number;
  readonly meanings: readonly Meaning[];
  /** What it can be of the model's things. */
  readonly match?: Match;
  readonly colour?: { readonly hex: string; readonly word: string; readonly typed: boolean };
  readonly quoted?: string;
}

const COLOUR_WORDS = new Set(listed(COLOURS).map(fold));
const AMBIGUOUS = new Set(listed(COLOUR_THINGS));
const moods = new Set(listed(MOODS).map(fold));
const PLACES = new Set(listed(INDOORS).map(fold));
/** A year, a share, a length, a version. */
const NO_COUNT = /^(?:0+|\d{4,}|\d+(?:%|px|dp|pt|rem|em|k|w|h|th|st|nd|rd|mm|cm|ms)|v\d+)$/;
const MOST_COLOUR_WORDS = 3;

/** The items of a prompt: at each word the longest phrase that means something. */
export function items(words: readonly Token[], vocabulary: Vocabulary): Item[] {
  const found: Item[] = [];
  for (let at = 0; at < words.length;) {
    const [item, taken] = itemAt(words, at, vocabulary);
    found.push(item);
    at += taken;
  }
  const isMore = found.some(
    (item) =>
      item.key !== 'hero' &&
      (item.match !== undefined ||
        item.meanings.some(({ is }) => is === 'scene' || is === 'surface')),
  );
  return inMood(found).map((typed, at) => {
    const item = inContext(typed, found, at);
    // "Hero" is the top of a page where anything else is said, else a hero.
    if (item.key === 'hero' && isMore) return { ...item, match: undefined };
    return withColour(lettered(item, found[at - 1]), found[at + 1], isListed(found, at));
  });
}

function itemAt(words: readonly Token[], at: number, vocabulary: Vocabulary): [Item, number] {
  const { text, key, clause } = words[at]!;
  if (/^["“«]/.test(text)) {
    return [{ text, key, clause, meanings: [], quoted: text.slice(1, -1).trim() }, 1];
  }
  if (text.startsWith('#')) {
    const hex = colourOfWords(text.slice(0, text.length > 7 ? 7 : text.length));
    if (hex !== undefined) {
      return [
        { text, key, clause, meanings: [], colour: { hex, word: modelColour(hex), typed: true } },
        1,
      ];
    }
  }
  for (let length = LONGEST_PHRASE; length > 0; length -= 1) {
    const taken = words.slice(at, at + length);
    if (taken.length < length || taken.at(-1)!.clause !== clause) continue;
    const phrase = taken.map((one) => one.key).join(' ');
    const item = meant(phrase, taken.map((one) => one.text).join(' '), clause, vocabulary);
    if (item !== undefined) return [item, length];
  }
  if (NO_COUNT.test(key)) return [{ text, key, clause, meanings: [{ is: 'filler' }] }, 1];
  const count = /^\d{1,3}$/.test(key) ? Number(key) : 0;
  return [
    {
      text,
      key,
      clause,
      meanings: count > 0 ? [{ is: 'count', count: Math.min(MOST_OF_ONE, count) }] : [],
    },
    1,
  ];
}

function meant(
  key: string,
  text: string,
  clause: number,
  vocabulary: Vocabulary,
): Item | undefined {
  const exact = meanings(key);
  const found =
    exact.length > 0 ? exact : singulars(key).flatMap((one) => meanings(one).filter(hasPlural));
  const match = vocabulary.lookUp(key);
  const parts = key.split(' ').length;
  const hex =
    parts <= MOST_COLOUR_WORDS && COLOUR_WORDS.has(key.split(' ').at(-1)!) && !found.some(isShade)
      ? colourOfWords(key)
      : undefined;
  const colour =
    hex !== undefined && (parts === 1 || match === undefined)
      ? { hex, word: text, typed: false }
      : undefined;
  if (found.length === 0 && match === undefined && colour === undefined) return undefined;
  return { text, key, clause, meanings: found, match, colour };
}

/** "Muted waves" are a surface; "waves" alone are a thing or the sea. */
function inMood(found: readonly Item[]): readonly Item[] {
  const isNamed = (item: Item): boolean =>
    item.match !== undefined || item.meanings.some(({ is }) => is === 'scene');
  const named = found.filter((item) => isNamed(item) && !moods.has(item.key));
  const areSurfaces =
    named.length > 0 && named.every((item) => item.meanings.some(({ is }) => is === 'surface'));
  const hasMood = found.some(
    ({ key, colour }) =>
      moods.has(key) || (colour !== undefined && moods.has(key.slice(0, key.indexOf(' ')))),
  );
  if (!areSurfaces || !hasMood) return found;
  return found.map((item) => {
    const surface = item.meanings.find((one) => one.is === 'surface');
    return surface === undefined || moods.has(item.key)
      ? item
      : { ...item, match: undefined, meanings: [{ ...surface, sure: true }] };
  });
}

/** What an image is for, where the words say more. */
const FRAME_WORDS = /^(?:blog|website|web page|webpage|app)$/;
/** What is numbered: "step 2 download". */
const NUMBERED =
  /^(?:step|slide|figure|fig|page|chapter|part|lesson|day|week|version|level|screen|phase|option|variant|module|unit|article|post|product|item|feature|card|section)$/;

function inContext(item: Item, found: readonly Item[], at: number): Item {
  const before = found[at - 1];
  // "Screen 2" is the second one; "step 2 download" is one download.
  const isLast = before?.clause === item.clause && found[at + 1]?.clause !== item.clause;
  const isAfter =
    before?.meanings.every(({ is }) => is !== 'relation' && is !== 'article') === true;
  const isCount = item.meanings.every(({ is }) => is === 'count');
  if (/^\d+$/.test(item.key) && isCount && isAfter && (isLast || NUMBERED.test(before.key)))
    return { ...item, meanings: [{ is: 'filler' }] };
  if (isInside(item, found[at - 1], found[at - 2])) return placed(item);
  // "A hiking blog" is about hiking.
  if (FRAME_WORDS.test(item.key) && found.some((one) => one !== item && isSaid(one)))
    return { ...item, match: undefined, meanings: [{ is: 'filler' }] };
  // "Kids building a house".
  if (item.key === 'building' && found[at - 1]?.meanings.some(isPeople) === true)
    return { ...item, match: undefined, meanings: [{ is: 'relation', relation: 'beside' }] };
  // "Abstract geometric background": the more exact word counts.
  const isOther = found.some(
    (one) => one !== item && one.meanings.some((each) => each.is === 'surface' && each.sure),
  );
  return item.key === 'abstract' && isOther ? { ...item, meanings: [{ is: 'filler' }] } : item;
}

/** "In a coffee shop" is a place; "logo for a coffee shop" is about coffee. */
function isInside(item: Item, before: Item | undefined, second: Item | undefined): boolean {
  const joining = before?.meanings.some(({ is }) => is === 'article') === true ? second : before;
  return (
    PLACES.has(item.key) &&
    joining?.clause === item.clause &&
    joining.meanings.some(
      (one) => one.is === 'relation' && (one.relation === 'inside' || one.relation === 'at'),
    )
  );
}

function placed(item: Item): Item {
  return { ...item, match: undefined, meanings: [{ is: 'scene', name: 'room', bare: true }] };
}

function isSaid({ match, meanings: all }: Item): boolean {
  return (
    (match !== undefined && !all.some(({ is }) => is === 'kind' || is === 'filler')) ||
    all.some(({ is }) => is === 'scene' || is === 'sign' || is === 'people')
  );
}

function isPeople({ is }: Meaning): boolean {
  return is === 'people' || is === 'look';
}

function hasPlural({ is }: Meaning): boolean {
  return is === 'sign' || is === 'kind' || is === 'portrait' || is === 'page';
}

function isShade({ is }: Meaning): boolean {
  return is === 'shade';
}

/** "the letter A", "number 42": what is after the word is a text. */
function lettered(item: Item, before: Item | undefined): Item {
  const isText =
    /^(?:the )?(?:letters?|numbers?|digits?)$/.test(before?.key ?? '') &&
    /^(?:\p{Lu}|\d{1,4})$/u.test(item.text);
  return isText
    ? { ...item, meanings: [], match: undefined, colour: undefined, quoted: item.text }
    : item;
}

/** Whether a word ends a list of colours: "teal and orange". */
function isListed(found: readonly Item[], at: number): boolean {
  const joined = found[at - 1]?.meanings.some(
    (one) => one.is === 'relation' && one.relation === 'beside',
  );
  if (joined !== true || found[at - 2]?.colour === undefined) return false;
  return found[at + 1]?.clause !== found[at]!.clause;
}

/** Words such as "peach" are colours only before a ground, a thing, or another colour, or at the end of a list. */
function withColour(item: Item, next: Item | undefined, isListed: boolean): Item {
  if (!AMBIGUOUS.has(item.key)) return item;
  if (!isListed && (next?.clause !== item.clause || !canBeColoured(item, next))) {
    return item.match === undefined ? item : { ...item, colour: undefined };
  }
  const hex = colourOfWords(item.key);
  return hex === undefined
    ? item
    : { ...item, match: undefined, meanings: [], colour: { hex, word: item.text, typed: false } };
}

/** The nearest colour word that the model knows. */
function modelColour(hex: string): string {
  let [nearest, least] = [wordOfColour(hex), Infinity];
  for (const word of listed(MODEL_COLOURS)) {
    const away = difference(hex, colourOfWords(word)!);
    if (away < least) [nearest, least] = [word, away];
  }
  return nearest;
}

function canBeColoured(item: Item, next: Item): boolean {
  if (next.colour !== undefined) return true;
  const isGround = next.meanings.some(
    (one) =>
      (one.is === 'kind' && (one.kind === 'background' || one.kind === 'pattern')) ||
      (one.is === 'surface' && one.sure),
  );
  return isGround || (next.match?.sense === 'name' && item.key === 'orange');
}
