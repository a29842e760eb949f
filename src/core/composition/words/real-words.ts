import data from './real-words.json';

let words: Set<string> | undefined;

/** Whether a word that is spelt like a known one is an English word of its own ("coal" is no misspelt "coat"). */
export function isRealWord(word: string): boolean {
  words ??= new Set(data.split(' '));
  return words.has(word);
}
