import { EaselError } from '../errors';

/** A part of a prompt, and the weight of its tokens. A weight of 1 has no effect. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
}

const STEP = 1.1;
const BREAK = 'BREAK';
const BREAK_WEIGHT = -1;

/**
 * The units of a prompt: escapes, brackets, `:number)`, text, and a single colon. Together they match every
 * string.
 */
const UNITS =
  /\\[()[\]\\]|\\|\(|\[|:\s*(?<weight>[+-]?[.\d]+)\s*\)|\)|\]|(?<text>[^\\()[\]:]+)|:/gu;
/** The word BREAK, not as a part of another word. The white space around it belongs to it. */
const BREAKS = /(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/u;

/**
 * Parses attention weights: `(a)` has a weight of 1.1, `[a]` of 1/1.1, `(a:1.3)` of 1.3. Brackets can be nested;
 * an open bracket ends at the end of the prompt; a backslash escapes a bracket or a backslash. `BREAK` is
 * returned as a part that {@link isBreak} recognises.
 *
 * Equal to AUTOMATIC1111's modules/prompt_parser.py, `parse_prompt_attention`, with its exceptions: a `BREAK`
 * inside weighted brackets is a word, not a break.
 * @returns at least one part; adjacent parts have different weights
 * @throws EaselError `bad-request` for a weight that is not a number, such as `1.2.3`
 */
export function parseWeightedPrompt(prompt: string): WeightedText[] {
  const reader = new AttentionReader();
  for (const match of prompt.matchAll(UNITS)) reader.take(match[0], match.groups?.weight);
  return reader.finish();
}

/** Whether a part is a `BREAK`: it starts a new chunk of tokens and has no text. */
export function isBreak({ text, weight }: WeightedText): boolean {
  return text === BREAK && weight === BREAK_WEIGHT;
}

class AttentionReader {
  private readonly parts: { text: string; weight: number }[] = [];
  /** For each open bracket, the index in `parts` where it begins. */
  private readonly round: number[] = [];
  private readonly square: number[] = [];

  take(unit: string, weight: string | undefined): void {
    if (unit.startsWith('\\')) this.add(unit.slice(1));
    else if (unit === '(') this.round.push(this.parts.length);
    else if (unit === '[') this.square.push(this.parts.length);
    else if (weight !== undefined && this.round.length > 0) {
      this.multiply(this.round.pop(), readWeight(weight));
    } else if (unit === ')' && this.round.length > 0) this.multiply(this.round.pop(), STEP);
    else if (unit === ']' && this.square.length > 0) this.multiply(this.square.pop(), 1 / STEP);
    else this.addText(unit);
  }

  finish(): WeightedText[] {
    for (const start of this.round) this.multiply(start, STEP);
    for (const start of this.square) this.multiply(start, 1 / STEP);
    const joined: { text: string; weight: number }[] = [];
    for (const part of this.parts) {
      const last = joined.at(-1);
      if (last?.weight === part.weight) last.text += part.text;
      else joined.push(part);
    }
    return joined.length > 0 ? joined : [{ text: '', weight: 1 }];
  }

  private addText(text: string): void {
    const pieces = text.split(BREAKS);
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) this.add(BREAK, BREAK_WEIGHT);
      const start = index > 0 ? piece.trimStart() : piece;
      this.add(index < pieces.length - 1 ? start.trimEnd() : start);
    }
  }

  private add(text: string, weight = 1): void {
    this.parts.push({ text, weight });
  }

  private multiply(start: number | undefined, factor: number): void {
    for (const part of this.parts.slice(start)) part.weight *= factor;
  }
}

function readWeight(text: string): number {
  const weight = Number(text);
  if (Number.isNaN(weight)) {
    throw new EaselError(
      'bad-request',
      `"${text}" in the prompt is not a weight. Write a number as in (word:1.3), or \\( for a plain bracket.`,
      { field: 'prompt', weight: text },
    );
  }
  return weight;
}

/**
 * Applies weights to tokens: multiplies each token's embedding by its weight, then scales all embeddings to
 * the original mean. If all weights are 1, the embeddings are returned unchanged.
 *
 * This is AUTOMATIC1111's "Original" emphasis (modules/sd_emphasis.py, `EmphasisOriginal`).
 * @param embeddings float32 [tokens, width] of one chunk
 * @param weights float32 [tokens]
 * @returns float32 [tokens, width]
 */
export function emphasize(embeddings: Float32Array, weights: Float32Array): Float32Array {
  if (weights.every((weight) => weight === 1)) return embeddings;
  const width = embeddings.length / weights.length;
  const weighted = embeddings.map((value, i) => value * weights[Math.floor(i / width)]!);
  const ratio = Math.fround(mean(embeddings) / mean(weighted));
  // If all weights are 0, there is no mean to scale by.
  return Number.isFinite(ratio) ? weighted.map((value) => value * ratio) : weighted;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return Math.fround(sum / values.length);
}
