import { distance } from 'fastest-levenshtein';

const SHORT = 4;
const LONG = 9;

/** Words that `fold` leaves as they are: most words of the tables. */
const FOLDED = /^[a-z0-9]+(?: [a-z0-9]+)*$/;

/** Lower case without accents; hyphens and white space as single spaces. What words are compared by. */
export function fold(text: string): string {
  if (FOLDED.test(text)) return text;
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/œ/g, 'oe')
    .replace(/æ/g, 'ae')
    .replace(/[’‘`]/g, "'")
    .replace(/[\s_-]+/g, ' ')
    .trim();
}

/** The parts of a list in a table, which are separated by `|`. */
export function listed(text: string): string[] {
  return text === '' ? [] : text.split('|');
}

const IRREGULAR: Readonly<Record<string, string>> = {
  mice: 'mouse',
  men: 'man',
  women: 'woman',
  children: 'child',
  feet: 'foot',
  teeth: 'tooth',
  geese: 'goose',
  leaves: 'leaf',
  wolves: 'wolf',
  knives: 'knife',
  loaves: 'loaf',
  shelves: 'shelf',
  scarves: 'scarf',
  calves: 'calf',
  hooves: 'hoof',
  elves: 'elf',
  thieves: 'thief',
  wives: 'wife',
  lives: 'life',
  people: 'person',
  cacti: 'cactus',
  fungi: 'fungus',
  oxen: 'ox',
  dice: 'dice',
  octopi: 'octopus',
  policemen: 'policeman',
  snowmen: 'snowman',
  grandchildren: 'child',
};

/** What a plural could be the plural of, most likely first. Of a phrase, its last word is the plural. */
export function singulars(phrase: string): string[] {
  const at = phrase.lastIndexOf(' ') + 1;
  const [head, word] = [phrase.slice(0, at), phrase.slice(at)];
  const irregular = IRREGULAR[word];
  if (irregular !== undefined) return [head + irregular];
  const found: string[] = [];
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss')) {
    if (word.endsWith('ies')) found.push(`${word.slice(0, -3)}y`);
    if (word.endsWith('es')) found.push(word.slice(0, -2));
    found.push(word.slice(0, -1));
  }
  return found.map((one) => head + one);
}

/** The plural of a phrase. */
export function plural(phrase: string): string {
  const at = phrase.lastIndexOf(' ') + 1;
  const [head, word] = [phrase.slice(0, at), phrase.slice(at)];
  const irregular = Object.entries(IRREGULAR).find(([, one]) => one === word)?.[0];
  if (irregular !== undefined) return head + irregular;
  if (/(?:s|x|z|ch|sh)$/.test(word)) return `${phrase}es`;
  if (/[^aeiou]y$/.test(word)) return `${phrase.slice(0, -1)}ies`;
  return `${phrase}s`;
}

/** A phrase with its article, as the captions had it that the starter was taught with. */
export function withArticle(phrase: string): string {
  return `${/^[aeiou]/i.test(phrase) ? 'an' : 'a'} ${phrase}`;
}

/** How many letters of a word may be wrong. */
function slips(length: number): number {
  return length < SHORT ? 0 : length < LONG ? 1 : 2;
}

/** Letters that differ, where two neighbours that changed places count as one. */
function mistakes(typed: string, word: string): number {
  const plain = distance(typed, word);
  // "giraf", and letters in another order: "bycicle".
  if (plain === 2 && typed.length > 4 && word.startsWith(typed)) return 1;
  if (plain !== 2 || typed.length !== word.length) return plain;
  if (typed.length > 6 && word.startsWith(typed.charAt(0)) && inOrder(typed) === inOrder(word))
    return 1;
  let at = 0;
  while (typed[at] === word[at]) at += 1;
  return typed[at] === word[at + 1] && typed[at + 1] === word[at] ? 1 : plain;
}

function inOrder(word: string): string {
  return Array.from(word).sort().join('');
}

function doubled(word: string): string {
  return word.replace(/(.)\1+/gu, '$1');
}

/** How unlike two words are, 0 for the same: mistakes in letters, fewer where only a letter is doubled. */
export function unlikeness(typed: string, word: string): number {
  if (typed === word) return 0;
  if (doubled(typed) === doubled(word)) return 0.4;
  const first = word.startsWith(typed.charAt(0)) ? 0 : 0.5;
  const second = typed.at(-1) === word.at(-1) ? 0 : 0.2;
  return mistakes(typed, word) + first + second;
}

/**
 * The word that a misspelt word was meant to be: the one with the fewest mistakes, and no more than
 * {@link slips} allows. Of words that are as near, the first.
 */
export function corrected(typed: string, words: Iterable<string>): string | undefined {
  const most = slips(typed.length);
  if (most === 0 || typed.length > 24) return undefined;
  let [best, least]: [string | undefined, number] = [undefined, Infinity];
  for (const word of words) {
    if (Math.abs(word.length - typed.length) > Math.max(2, most) || word.length < 3) continue;
    const unlike = unlikeness(typed, word);
    if (unlike >= least) continue;
    if (mistakes(typed, word) <= most) [best, least] = [word, unlike];
  }
  return best;
}
