// The list holds the usual English words (of the vocabulary of CLIP and of public word lists) that are spelt so
// much like a word of the tables that they would be taken for a slip. A word of a table needs no line there.
import data from './real-words.json';

let words: Set<string> | undefined;

/** Whether a word that is spelt like a known one is an English word of its own ("coal" is no misspelt "coat"). */
export function isRealWord(word: string): boolean {
  words ??= new Set(data.split(' '));
  return words.has(word);
}
