import { EaselError } from '../errors';
import { type Vocabulary } from './vocabulary';

const NONE = -1;

/**
 * Byte-pair encoding (https://arxiv.org/abs/1508.07909) with a suffix that marks the end of a word. The order of
 * merging is that of Hugging Face's tokenizers (models/bpe/word.rs, `merge_all`): always the pair that is first
 * in the merges; if it occurs several times, the leftmost. Time is n log n in the length of a word.
 */
export class BytePairEncoding {
  /** "first second" → rank. The keys are whole lines, because building this table delays the start of a model. */
  private readonly ranks: ReadonlyMap<string, number>;

  /**
   * @param endOfWord the suffix of a word's last token
   * @param unknown replaces characters that are not in the vocabulary; if it is missing too, they are left out
   * @param where the folder, for messages
   */
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly endOfWord: string,
    private readonly unknown: string,
    private readonly where: string,
  ) {
    const ranks = new Map<string, number>();
    let rank = 0;
    for (const pair of vocabulary.merges) ranks.set(pair, rank++);
    this.ranks = ranks;
  }

  /**
   * Returns the ids of one word, given as its characters.
   *
   * @throws EaselError `bad-file` if a merge makes a token that is not in the vocabulary
   */
  encode(characters: readonly string[]): number[] {
    const tokens = this.initialTokens(characters);
    const previous = tokens.map((_, index) => index - 1);
    const next = tokens.map((_, index) => (index + 1 < tokens.length ? index + 1 : NONE));
    // A candidate is a number that orders by rank, then by position, as word.rs does.
    const candidates = new MinHeap();
    const rankAt = (left: number) => {
      const right = next[left];
      if (right === undefined || right === NONE) return undefined;
      return this.ranks.get(`${tokens[left] ?? ''} ${tokens[right] ?? ''}`);
    };
    const offer = (left: number) => {
      const rank = rankAt(left);
      if (rank !== undefined) candidates.push(rank * tokens.length + left);
    };
    for (let index = 0; index + 1 < tokens.length; index++) offer(index);

    for (let key = candidates.pop(); key !== undefined; key = candidates.pop()) {
      const left = key % tokens.length;
      // An earlier merge may have used one of the parts.
      if (tokens[left] === undefined || rankAt(left) !== (key - left) / tokens.length) continue;
      const right = next[left]!;
      tokens[left] += tokens[right]!;
      tokens[right] = undefined;
      next[left] = next[right]!;
      if (next[left] !== NONE) previous[next[left]] = left;
      offer(previous[left]!);
      offer(left);
    }
    return tokens.filter((token) => token !== undefined).map((token) => this.idOf(token));
  }

  private initialTokens(characters: readonly string[]): (string | undefined)[] {
    const tokens: string[] = [];
    for (const [index, character] of characters.entries()) {
      const token = index === characters.length - 1 ? character + this.endOfWord : character;
      if (this.vocabulary.ids.has(token)) tokens.push(token);
      else if (this.vocabulary.ids.has(this.unknown)) tokens.push(this.unknown);
    }
    return tokens;
  }

  private idOf(token: string): number {
    const id = this.vocabulary.ids.get(token);
    if (id !== undefined) return id;
    const message =
      `The tokenizer in ${this.where} is damaged: its merges make ${JSON.stringify(token.slice(0, 80))}, ` +
      'which is not in its vocabulary. Download the model again.';
    throw new EaselError('bad-file', message, { where: this.where });
  }
}

/** A binary heap of numbers. `pop` removes and returns the smallest. */
class MinHeap {
  private readonly items: number[] = [];

  push(value: number): void {
    const { items } = this;
    let at = items.push(value) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]! <= value) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = value;
  }

  pop(): number | undefined {
    const { items } = this;
    const least = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && items[child + 1]! < items[child]!) child++;
      if (items[child]! >= last) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
    return least;
  }
}
