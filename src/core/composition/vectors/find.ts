import { COLOUR_WORDS } from '../colours';
import { ALIASES } from './aliases';
import { DRAWINGS } from './drawings/drawings';
import { SIGNS } from './sign-names';

/** Words that ask for a sign of something that is also a thing. */
const ICON = /\b(?:icons?|symbols?|signs?|glyphs?|pictograms?|buttons?|logos?|emblems?|ui)\b/g;

/** Words that say how, and not what. */
const FILLER = new RegExp(
  `\\b(?:an?|the|of|for|my|our|your|simple|flat|modern|minimal|minimalist|minimalistic|clean|vector|illustration|illustrations|` +
    `drawing|image|picture of|graphic|graphics|svg|png|colou?rful|colou?red|outline|outlined|line|filled|rounded|big|small|large|cute|` +
    `placeholder for|app|web|light|dark|new|${[...COLOUR_WORDS.keys()].join('|')})\\b`,
  'g',
);

interface Entry {
  readonly name: string;
  readonly sure: boolean;
  /** Of our own drawings: found beside any two other words. */
  readonly own: boolean;
}

const INDEX: ReadonlyMap<string, Entry> = index();

function index(): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const add = (phrase: string, name: string, sure: boolean, own = false): void => {
    const key = plain(phrase);
    if (key !== '' && !entries.has(key)) entries.set(key, { name, sure, own });
  };
  for (const [name, { phrases }] of DRAWINGS)
    for (const phrase of phrases) add(phrase, name, true, true);
  for (const [name, { phrases }] of SIGNS) for (const phrase of phrases) add(phrase, name, true);
  for (const [name, { withIcon }] of SIGNS) {
    for (const phrase of withIcon) add(phrase, name, false);
    // "git-branch", as the icon is called.
    if (name.includes('-')) add(name.replaceAll('-', ' '), name, false);
  }
  for (const [alias, name] of ALIASES) add(alias.replaceAll('-', ' '), name, false);
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
  const icon = lower.search(ICON) >= 0;
  const bare = plain(lower);
  const text = plain(lower.replace(ICON, ' ').replace(FILLER, ' '));
  for (const key of [bare, text, singular(text)]) {
    const entry = INDEX.get(key);
    if (entry && (entry.sure || icon)) return entry.name;
  }
  return contained(text, icon);
}

/** Phrases of several words, and our own drawings, count with up to two other words around them; others only beside "icon". */
function contained(text: string, icon: boolean): string | undefined {
  const parts = text.split(' ');
  for (let length = parts.length - 1; length >= 1; length--) {
    if (parts.length - length > 2) return undefined;
    for (let start = 0; start + length <= parts.length; start++) {
      const phrase = parts.slice(start, start + length).join(' ');
      const entry = INDEX.get(phrase) ?? INDEX.get(singular(phrase));
      if (entry && (icon || entry.own || (entry.sure && length > 1))) return entry.name;
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
