import { AddedTokenMatcher } from './added-token-matcher';
import { fromByteCharacters, toByteCharacters } from './byte-alphabet';
import { BytePairEncoding } from './byte-pair-encoding';
import { type SpecialTokens } from './special-tokens';
import { type Vocabulary } from './vocabulary';

/** The token ids of a text. */
export interface EncodedText {
  /** [maxLength] ids: begin, text, end, padding. */
  readonly ids: Int32Array;
  /** Number of tokens of the whole text, with the part that was cut off, without begin and end. */
  readonly tokenCount: number;
  /** The part that was cut off, as in diffusers' warning. Absent if the whole text fits. */
  readonly truncatedText?: string;
}

/** A token for the vectors of a textual inversion (https://arxiv.org/abs/2208.01618). */
export interface LearnedToken {
  readonly content: string;
  /** The id of the first vector. The others have the following ids. */
  readonly firstId: number;
  readonly vectors: number;
  /** The file that it comes from, for messages. */
  readonly source?: string;
}

/** How a text uses a learned token. */
export interface LearnedUse {
  readonly token: LearnedToken;
  /**
   * `none`, `all` vectors, or only the `first` of several: of a word in another case than its own, only the first
   * vector is found, as in diffusers.
   */
  readonly vectors: 'none' | 'first' | 'all';
}

const END_OF_WORD = '</w>';
/**
 * Words of a normalized text (tokenization_clip.py). Only white space does not match. The following byte-level
 * step splits the words again, which only changes a special token that was not found as one.
 */
const WORDS =
  /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu;
const WORDS_OF_WORDS = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}+|[^\p{White_Space}\p{L}\p{N}]+/gu;

const EDGES = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu;

/**
 * CLIP's tokenizer. The ids are equal to those of transformers' `CLIPTokenizer` (5.x) with
 * `padding="max_length", truncation=True`.
 */
export class ClipTokenizer {
  private readonly encoding: BytePairEncoding;
  /** Ids of added tokens that are not in the vocabulary. */
  private readonly addedIds = new Map<string, number>();
  private readonly typed: AddedTokenMatcher;
  private readonly normalized: AddedTokenMatcher;
  readonly beginId: number;
  readonly endId: number;
  readonly padId: number;

  /**
   * @param maxLength ids of an encoded text, with begin and end
   * @param where the folder, for messages
   * @param learned see `withLearnedTokens`
   * @param encoding of the vocabulary, if it was created before
   */
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly special: SpecialTokens,
    readonly maxLength: number,
    private readonly where: string,
    private readonly learned: readonly LearnedToken[] = [],
    encoding?: BytePairEncoding,
  ) {
    for (const { content } of special.added) {
      if (vocabulary.ids.has(content)) continue;
      this.addedIds.set(content, vocabulary.size + this.addedIds.size);
    }
    const idOf = (content: string) => vocabulary.ids.get(content) ?? this.addedIds.get(content)!;
    this.beginId = idOf(special.bos);
    this.endId = idOf(special.eos);
    this.padId = idOf(special.pad);
    this.encoding =
      encoding ?? new BytePairEncoding(vocabulary, END_OF_WORD, special.unknown, where);
    const isNormalized = special.added.filter((token) => token.normalized);
    for (const { content, firstId, vectors } of learned) {
      for (const [index, name] of vectorNames(content, vectors).entries()) {
        this.addedIds.set(name, firstId + index);
        isNormalized.push({ content: name, singleWord: false, normalized: true });
      }
    }
    const isTyped = special.added.filter((token) => !token.normalized);
    this.typed = new AddedTokenMatcher(isTyped, idOf);
    this.normalized = new AddedTokenMatcher(isNormalized, idOf, normalize);
  }

  /** Whether a word has an id, so that it cannot be used for a learned token. */
  knows(content: string): boolean {
    return this.vocabulary.ids.has(content) || this.addedIds.has(content);
  }

  /** The same tokenizer with more learned tokens. */
  withLearnedTokens(tokens: readonly LearnedToken[]): ClipTokenizer {
    const { vocabulary, special, maxLength, where, encoding } = this;
    const learned = [...this.learned, ...tokens];
    return new ClipTokenizer(vocabulary, special, maxLength, where, learned, encoding);
  }

  encode(text: string): EncodedText {
    const content = this.tokenize(text);
    const room = this.maxLength - 2;
    const ids = new Int32Array(this.maxLength).fill(this.padId);
    const kept = content.slice(0, room);
    ids.set([this.beginId, ...kept, this.endId]);
    const tokenCount = content.length;
    if (tokenCount <= room) return { ids, tokenCount };
    return { ids, tokenCount, truncatedText: this.decode(content.slice(room)) };
  }

  /** How a text uses each of the learned tokens. */
  learnedUses(text: string): LearnedUse[] {
    const typed = normalize(this.spellOut(text));
    return this.learned.map((token) => {
      const { content, vectors } = token;
      const whole = normalize(vectorNames(content, vectors).join(' '));
      const rest = vectors > 1 ? typed.replaceAll(whole, ' ') : typed;
      if (vectors > 1 && rest.includes(normalize(content))) return { token, vectors: 'first' };
      return { token, vectors: typed.includes(whole) ? 'all' : 'none' };
    });
  }

  /** Converts ids to text, with one space between words. */
  decode(ids: readonly number[]): string {
    const wanted = new Set(ids);
    const tokens = new Map<number, string>();
    for (const table of [this.vocabulary.ids, this.addedIds]) {
      for (const [token, id] of table) if (wanted.has(id)) tokens.set(id, token);
    }
    const spelled = ids.map((id) => tokens.get(id) ?? '');
    return fromByteCharacters(spelled).replaceAll(END_OF_WORD, ' ').replace(EDGES, '');
  }

  /** Returns the ids of a text of any length, without begin and end. */
  tokenize(text: string): number[] {
    const ids: number[] = [];
    for (const typed of this.typed.split(this.spellOut(text))) {
      if ('id' in typed) ids.push(typed.id);
      else {
        for (const part of this.normalized.split(normalize(typed.text))) {
          if ('id' in part) ids.push(part.id);
          else this.encodeWords(part.text, ids);
        }
      }
    }
    return ids;
  }

  /**
   * Replaces a learned token by the names of its vectors (diffusers, loaders/textual_inversion.py,
   * `maybe_convert_prompt`).
   */
  private spellOut(text: string): string {
    let spelled = text;
    for (const { content, vectors } of this.learned) {
      if (vectors > 1)
        spelled = spelled.replaceAll(content, () => vectorNames(content, vectors).join(' '));
    }
    return spelled;
  }

  private encodeWords(text: string, into: number[]): void {
    for (const [outer] of text.matchAll(WORDS)) {
      for (const [word] of outer.matchAll(WORDS_OF_WORDS)) {
        for (const id of this.encoding.encode(toByteCharacters(word))) into.push(id);
      }
    }
  }
}

/** `word word_1 word_2 …`, a name for each vector. */
function vectorNames(content: string, vectors: number): string[] {
  return Array.from({ length: vectors }, (_, index) =>
    index === 0 ? content : `${content}_${index}`,
  );
}

/** NFC, single spaces, lower case for each character alone (so that a final sigma becomes σ, as in Rust). */
function normalize(text: string): string {
  const spaced = text.normalize('NFC').replace(/\p{White_Space}+/gu, ' ');
  return Array.from(spaced, (character) => character.toLowerCase()).join('');
}
