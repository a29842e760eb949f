import { EaselError } from '../errors';
import { MinHeap } from './min-heap';
import { type Vocabulary } from './vocabulary';

const NONE = -1;

/**
 * Byte-pair encoding (https://arxiv.org/abs/1508.07909) with a suffix that marks the end of a word, in the
 * order of Hugging Face's tokenizers (models/bpe/word.rs, `merge_all`): always the pair that comes first in
 * the merges, the leftmost of several. Time is n log n in the length of a word.
 */
export class BytePairEncoding {
  /** first id · size + second id → rank. */
  private readonly ranks = new Map<number, number>();
  /** Rank → id of the merged token. */
  private readonly merged: number[] = [];
  private readonly size: number;

  /**
   * @param unknownId id of what the vocabulary lacks; undefined leaves it out.
   * @throws EaselError `bad-file` when a merge names a token that the vocabulary lacks.
   */
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly endOfWord: string,
    private readonly unknownId: number | undefined,
    where: string,
  ) {
    this.size = vocabulary.size;
    for (const [rank, [first, second]] of vocabulary.merges.entries()) {
      const ids = [first, second, first + second].map((token) => vocabulary.ids.get(token));
      const [a, b, both] = ids;
      if (a === undefined || b === undefined || both === undefined) {
        const message = `The tokenizer in ${where} is damaged: merge ${rank + 1} names a token that the vocabulary lacks.`;
        throw new EaselError('bad-file', message, { where });
      }
      this.ranks.set(a * this.size + b, rank);
      this.merged.push(both);
    }
  }

  /** Ids of one word, given as its characters. */
  encode(characters: readonly string[]): number[] {
    const ids = this.initialIds(characters);
    const previous = ids.map((_, index) => index - 1);
    const next = ids.map((_, index) => (index + 1 < ids.length ? index + 1 : NONE));
    // A candidate is a number that orders by rank, then by position, as word.rs does.
    const candidates = new MinHeap();
    const offer = (left: number) => {
      const rank = left === NONE ? undefined : this.rankAt(ids, next, left);
      if (rank !== undefined) candidates.push(rank * ids.length + left);
    };
    for (let index = 0; index + 1 < ids.length; index++) offer(index);

    for (let key = candidates.pop(); key !== undefined; key = candidates.pop()) {
      const left = key % ids.length;
      const rank = (key - left) / ids.length;
      // An earlier merge may have taken either part.
      if (ids[left] === NONE || this.rankAt(ids, next, left) !== rank) continue;
      const right = next[left]!;
      ids[left] = this.merged[rank]!;
      ids[right] = NONE;
      next[left] = next[right]!;
      if (next[left] !== NONE) previous[next[left]] = left;
      offer(previous[left]!);
      offer(left);
    }
    return ids.filter((id) => id !== NONE);
  }

  private rankAt(ids: readonly number[], next: readonly number[], left: number) {
    const right = next[left]!;
    return right === NONE ? undefined : this.ranks.get(ids[left]! * this.size + ids[right]!);
  }

  private initialIds(characters: readonly string[]): number[] {
    const ids: number[] = [];
    for (const [index, character] of characters.entries()) {
      const token = index === characters.length - 1 ? character + this.endOfWord : character;
      const id = this.vocabulary.ids.get(token) ?? this.unknownId;
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }
}
