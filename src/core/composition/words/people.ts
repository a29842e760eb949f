import { fold, listed } from './spelling';
import { LOOKS, PERSONS } from './table/people';

const persons = new Set(listed(PERSONS).map(fold));
const looks = new Set(listed(LOOKS).map(fold));
const single = new Set([...persons, ...looks].flatMap((phrase) => phrase.split(' ')));

/** Whether folded words name one person. */
export function isPerson(words: string): boolean {
  return persons.has(words);
}

/** Whether folded words say how a person looks. */
export function isLook(words: string): boolean {
  return looks.has(words);
}

/** Whether a folded word is part of words about people. */
export function isPersonWord(word: string): boolean {
  return single.has(word);
}
