import { EaselError } from '../../../core/errors';

/** An axis of a prompt matrix: the parts that each of its values adds. */
export type MatrixAxis = readonly (readonly string[])[];

/** Optional parts of a prompt at most: 64 images. */
const MOST_PARTS = 6;

/**
 * AUTOMATIC1111's prompt matrix (scripts/prompt_matrix.py): `a castle|in autumn|at night` is `a castle` with every
 * choice of the other parts. The first half of the parts is the columns, the others are the rows. A `|` in braces
 * belongs to a choice of `--wildcards`.
 * @throws EaselError `bad-request` where there is nothing to choose
 */
export function readMatrix(prompt: string): {
  readonly base: string;
  readonly axes: readonly MatrixAxis[];
} {
  const [base = '', ...parts] = splitParts(prompt).map((part) =>
    part.trim().replace(/^,|,$/g, '').trim(),
  );
  if (parts.length === 0 || parts.includes('')) {
    throw new EaselError(
      'bad-request',
      '--prompt-matrix: put | between the parts of the prompt: "a castle|in autumn|at night".',
    );
  }
  if (parts.length > MOST_PARTS) {
    throw new EaselError(
      'bad-request',
      `--prompt-matrix: ${parts.length} parts after the first would be ${2 ** parts.length} images; at most ${MOST_PARTS} are taken.`,
    );
  }
  const columns = Math.ceil(parts.length / 2);
  const halves = [parts.slice(0, columns), parts.slice(columns)];
  return { base, axes: halves.filter((half) => half.length > 0).map(choices) };
}

/** Every choice of some parts, none of them first. */
function choices(parts: readonly string[]): MatrixAxis {
  return Array.from({ length: 2 ** parts.length }, (_, bits) =>
    parts.filter((_part, index) => (bits & (1 << index)) !== 0),
  );
}

/** The texts between `|` outside braces. */
function splitParts(prompt: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [unit] of prompt.matchAll(/\\[^]|[^]/gu)) {
    if (unit === '{') depth += 1;
    if (unit === '}') depth = Math.max(0, depth - 1);
    if (unit === '|' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${unit}`);
  }
  return parts;
}
