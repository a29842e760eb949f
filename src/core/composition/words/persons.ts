import { fold, listed } from './spelling';
import { ALONE, FACES, LOOKS, PERSONS } from './table/people';

const persons = new Set(listed(PERSONS).map(fold));
const looks = new Set(listed(LOOKS).map(fold));
const faces = new Set(listed(FACES).map(fold));
const alone = new Set(listed(ALONE).map(fold));
const single = new Set([...persons, ...looks].flatMap((phrase) => phrase.split(' ')));

/** Whether folded words name one person. */
export function isPerson(words: string): boolean {
  return (
    persons.has(words) || (looks.has(words) && persons.has(words.slice(words.lastIndexOf(' ') + 1)))
  );
}

/** Whether folded words name a person whom a portrait shows better than the model. */
export function isFaced(words: string): boolean {
  return faces.has(words);
}

/** Whether folded words name a person whom a portrait shows better where nothing else is named. */
export function isFacedAlone(words: string): boolean {
  return alone.has(words) || faces.has(words);
}

/** Whether folded words say how a person looks. */
export function isLook(words: string): boolean {
  return looks.has(words);
}

/** Whether a folded word is part of words about people. */
export function isPersonWord(word: string): boolean {
  return single.has(word);
}
