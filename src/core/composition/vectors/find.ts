import { COLOUR_WORDS, colourOfWords } from '../colours';
import { ALIASES } from './aliases';
import { DRAWINGS } from './drawings/drawings';
import { SIGNS } from './sign-names';

/** Words that ask for a sign of something that is also a thing. */
const ICON =
  /\b(?:icons?|symbols?|signs?(?! (?:up|in|out|on)\b)|glyphs?|pictograms?|buttons?|logos?|emblems?|ui)\b/g;

/** Words that say how, and not what. */
const FILLER = new RegExp(
  `\\b(?:an?|the|of|for|my|our|your|simple|flat|modern|minimal|minimalist|minimalistic|clean|vector|illustration|illustrations|` +
    `drawing|image|picture of|graphic|graphics|svg|png|colou?rful|colou?red|outline|outlined|line|filled|rounded|big|small|large|cute|` +
    `placeholder for|app|web|light|dark|new|${[...COLOUR_WORDS.keys()].join('|')})\\b`,
  'g',
);

/** Words after which another thing begins, that the first one stands on, at or with. */
const BETWEEN =
  /^(?:at|on|in|by|near|with|over|under|beside|behind|from|to|and|during|before|after|against)$/;

interface Entry {
  readonly name: string;
  /** Found without a word such as "icon". */
  readonly sure: boolean;
}

const DRAWN: ReadonlyMap<string, Entry> = index((add) => {
  for (const [name, { phrases }] of DRAWINGS) for (const phrase of phrases) add(phrase, name, true);
});

const SIGNED: ReadonlyMap<string, Entry> = index((add) => {
  for (const [name, { phrases }] of SIGNS) for (const phrase of phrases) add(phrase, name, true);
  for (const [name, { withIcon }] of SIGNS) {
    for (const phrase of withIcon) add(phrase, name, false);
    // "git-branch", as the icon is called.
    add(name, name, false);
  }
  for (const [alias, name] of ALIASES) add(alias, name, false);
});

function index(
  fill: (add: (phrase: string, name: string, sure: boolean) => void) => void,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  fill((phrase, name, sure) => {
    const key = plain(phrase);
    if (key !== '' && !entries.has(key)) entries.set(key, { name, sure });
  });
  return entries;
}

/**
 * The vector drawing that words ask for, as `drawVector` takes it; undefined where they ask for none.
 *
 * What only an interface has ("git branch", "upload to a cloud") is found by its words alone; what is also a thing
 * ("a house", "a star") only beside a word such as "icon".
 * @param words English; articles, colours and words such as "flat" do not count
 */
export function findVector(words: string): string | undefined {
  const lower = words.toLowerCase().replaceAll('’', "'");
  const last = [...lower.matchAll(ICON)].at(-1);
  const icon = last !== undefined;
  // "search icon for a website" is about what stands before "icon", "icon of a house" about what follows.
  const before = plain(lower.slice(0, last?.index));
  const bare = before.replace(/^(?:an?|the) /, '');
  const text = essence(before) === '' ? essence(lower) : essence(before);
  return named(plain(lower), icon) ?? named(bare, icon) ?? named(text, icon) ?? headOf(text, icon);
}

/** The interface sign of exactly these words, which stand beside a word such as "icon"; undefined: there is none. */
export function findSign(words: string): string | undefined {
  const key = plain(words);
  return (SIGNED.get(key) ?? SIGNED.get(singular(key)))?.name;
}

/** The colours that words such as "blue download" ask for, in hex. */
export function vectorColours(words: string): string[] {
  return plain(words)
    .split(' ')
    .filter((word) => COLOUR_WORDS.has(word))
    .flatMap((word) => colourOfWords(word) ?? []);
}

function essence(text: string): string {
  return plain(text.replace(ICON, ' ').replace(FILLER, ' '));
}

/** A drawing of exactly these words; for an icon rather a sign. */
function named(text: string, icon: boolean): string | undefined {
  for (const key of [text, singular(text)]) {
    const sign = SIGNED.get(key);
    const found = icon
      ? (sign ?? DRAWN.get(key))
      : (DRAWN.get(key) ?? (sign?.sure === true ? sign : undefined));
    if (found) return found.name;
  }
  return undefined;
}

/**
 * A drawing of what the words are about, with up to two other words: "an old lighthouse at dawn", and not "a cat
 * on a bike". Signs of one word need "icon".
 */
function headOf(text: string, icon: boolean): string | undefined {
  const parts = text.split(' ');
  const end = parts.findIndex((part, place) => place > 0 && BETWEEN.test(part));
  const head = end < 0 ? parts : parts.slice(0, end);
  for (let length = head.length; length >= Math.max(1, head.length - 2); length--) {
    const phrase = head.slice(-length).join(' ');
    const drawn = DRAWN.get(phrase) ?? DRAWN.get(singular(phrase));
    if (drawn && !icon) return drawn.name;
    if (length > 1 || icon) {
      const found = named(phrase, icon);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}/&+@-]+/gu, ' ')
    .replaceAll('-', ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function singular(text: string): string {
  return text.endsWith('s') && !text.endsWith('ss') ? text.slice(0, -1) : text;
}
