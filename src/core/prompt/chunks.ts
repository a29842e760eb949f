import { isBreak, type WeightedText } from './attention';

/** One input of the text encoder: begin token, a part of the prompt's tokens, end token, padding. */
export interface TokenChunk {
  /** [maxLength] token ids. */
  readonly ids: Int32Array;
  /** [maxLength] weights; 1 for begin, end and padding. */
  readonly weights: Float32Array;
}

/** The part of a tokenizer that chunking needs. */
export interface ChunkTokenizer {
  readonly maxLength: number;
  readonly beginId: number;
  readonly endId: number;
  readonly padId: number;
  /** Ids of a text of any length, without begin and end. */
  tokenize(text: string): readonly number[];
}

/** How many tokens can move to the next chunk, so that it starts after a comma. */
const COMMA_BACKTRACK = 20;

/**
 * Splits a prompt of any length into chunks for the text encoder: 75 tokens each for CLIP. A chunk ends after a
 * comma if one is among its last 20 tokens, and at every `BREAK`.
 *
 * Equal to AUTOMATIC1111's modules/sd_hijack_clip.py, `tokenize_line` and `process_tokens`, with default
 * settings.
 * @returns at least one chunk
 */
export function chunkPrompt(
  parts: readonly WeightedText[],
  tokenizer: ChunkTokenizer,
): TokenChunk[] {
  const writer = new ChunkWriter(tokenizer);
  for (const part of parts) {
    if (isBreak(part)) writer.close();
    else for (const id of tokenizer.tokenize(part.text)) writer.add(id, part.weight);
  }
  return writer.finish();
}

class ChunkWriter {
  private readonly chunks: TokenChunk[] = [];
  private readonly room: number;
  private readonly commaId: number | undefined;
  private ids: number[] = [];
  private weights: number[] = [];
  private lastComma: number | undefined;

  constructor(private readonly tokenizer: ChunkTokenizer) {
    this.room = tokenizer.maxLength - 2;
    const comma = tokenizer.tokenize(',');
    this.commaId = comma.length === 1 ? comma[0] : undefined;
  }

  add(id: number, weight: number): void {
    const full = this.ids.length === this.room;
    if (id === this.commaId) this.lastComma = this.ids.length;
    else if (full) this.moveBehindComma();
    if (this.ids.length === this.room) this.close();
    this.ids.push(id);
    this.weights.push(weight);
  }

  close(): void {
    const { maxLength, beginId, endId, padId } = this.tokenizer;
    const ids = new Int32Array(maxLength).fill(endId);
    ids[0] = beginId;
    ids.set(this.ids, 1);
    // If the padding id is not the end id, padding begins after the first end token.
    if (padId !== endId) ids.fill(padId, ids.indexOf(endId) + 1);
    const weights = new Float32Array(maxLength).fill(1);
    weights.set(this.weights, 1);
    this.chunks.push({ ids, weights });
    this.ids = [];
    this.weights = [];
    this.lastComma = undefined;
  }

  finish(): TokenChunk[] {
    if (this.ids.length > 0 || this.chunks.length === 0) this.close();
    return this.chunks;
  }

  /** Closes a full chunk after a comma near its end, and moves the following tokens to the next chunk. */
  private moveBehindComma(): void {
    if (this.lastComma === undefined || this.room - this.lastComma > COMMA_BACKTRACK) return;
    const moved = this.ids.splice(this.lastComma + 1);
    const movedWeights = this.weights.splice(this.lastComma + 1);
    this.close();
    this.ids = moved;
    this.weights = movedWeights;
  }
}

/** Above this length rows are aligned approximately, because the UNet's work grows with the length. */
const MOST_CHUNKS = 12;

/**
 * Makes rows of text equally long, so that they fit into one batch. Each row is repeated as a whole: attention
 * over keys that are all repeated k times gives the same result as over the keys once, so the image does not
 * change. If this needs more than 12 chunks, all rows get the length of the longest one, and some chunks of a
 * shorter row are repeated once more than others.
 * @param rows float32 [tokens, width] each, of whole chunks
 * @param chunkLength numbers in one chunk: tokens · width
 * @returns float32 [tokens, width] each, all with the same number of tokens
 */
export function alignChunks(rows: readonly Float32Array[], chunkLength: number): Float32Array[] {
  const counts = rows.map((row) => row.length / chunkLength);
  const exact = counts.reduce(leastCommonMultiple, 1);
  const longest = Math.max(...counts);
  const length = (exact <= MOST_CHUNKS ? exact : longest) * chunkLength;
  return rows.map((row) => repeatTo(length, row));
}

function repeatTo(length: number, row: Float32Array): Float32Array {
  if (row.length === length) return row;
  const repeated = new Float32Array(length);
  for (let start = 0; start < length; start += row.length) {
    repeated.set(row.subarray(0, length - start), start);
  }
  return repeated;
}

function leastCommonMultiple(a: number, b: number): number {
  let [large, small] = [a, b];
  while (small !== 0) [large, small] = [small, large % small];
  return (a / large) * b;
}
