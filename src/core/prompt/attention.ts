import { EaselError } from '../errors';

/** A stretch of a prompt and how strongly its tokens count; 1 leaves them as they are. */
export interface WeightedText {
  readonly text: string;
  readonly weight: number;
}

const STEP = 1.1;
const BREAK = 'BREAK';
const BREAK_WEIGHT = -1;

/**
 * Escapes, brackets, `:number)`, text, and a colon by itself: the units that a prompt is read in. They
 * cover every string.
 */
const UNITS =
  /\\[()[\]\\]|\\|\(|\[|:\s*(?<weight>[+-]?[.\d]+)\s*\)|\)|\]|(?<text>[^\\()[\]:]+)|:/gu;
/** The word alone, with the white space around it. */
const BREAKS = /\s*(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])\s*/u;

/**
 * Reads attention weights from a prompt: `(a)` counts 1.1 times, `[a]` 1/1.1 times, `(a:1.3)` 1.3 times;
 * brackets nest, those left open reach to the end, and a backslash makes a bracket or itself plain. `BREAK`
 * comes back as a part that {@link isBreak} tells.
 *
 * Agrees with AUTOMATIC1111's modules/prompt_parser.py, `parse_prompt_attention`, also where it is odd: a
 * `BREAK` inside weighted brackets is a word, not a break.
 * @returns at least one part; neighbours differ in weight
 * @throws EaselError `bad-request` for a weight such as `1.2.3`, which is no number
 */
export function parseWeightedPrompt(prompt: string): WeightedText[] {
  const reader = new AttentionReader();
  for (const match of prompt.matchAll(UNITS)) reader.take(match[0], match.groups?.weight);
  return reader.finish();
}

/** Whether a part asks for a new chunk of tokens instead of holding text. */
export function isBreak({ text, weight }: WeightedText): boolean {
  return text === BREAK && weight === BREAK_WEIGHT;
}

class AttentionReader {
  private readonly parts: { text: string; weight: number }[] = [];
  /** Where each bracket that is still open began, as an index of `parts`. */
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
    for (const [index, piece] of text.split(BREAKS).entries()) {
      if (index > 0) this.add(BREAK, BREAK_WEIGHT);
      this.add(piece);
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
      `"${text}" in the prompt is not a weight; write a number as in (word:1.3), or \\( for a plain bracket.`,
      { field: 'prompt', weight: text },
    );
  }
  return weight;
}
