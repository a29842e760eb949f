import path from 'node:path';
import { EaselError } from '../../../core/errors';
import { randomSeed, type GenerationRequestInput } from '../../../core/request/request';
import { findAxis, type AxisKind, type Fields } from './axis-kinds';
import { bad, splitValues } from './axis-values';
import { readMatrix, type MatrixAxis } from './prompt-matrix';

/** What changes from one column, row or block to the next. */
export interface GridAxis {
  readonly name: string;
  /** As they were typed. */
  readonly values: readonly string[];
  /** What stands on the sheet. */
  readonly labels: readonly string[];
}

/** One image of a grid. */
export interface GridCell {
  readonly request: GenerationRequestInput;
  /** The values of its axes, by their names. */
  readonly values: Readonly<Record<string, string>>;
}

export interface GridPlan {
  /** The prompt as it was typed. */
  readonly title: string;
  /** One to three: columns, rows, blocks. */
  readonly axes: readonly GridAxis[];
  /** The first axis fastest. */
  readonly cells: readonly GridCell[];
}

/** What the options say. */
export interface GridOptions {
  /** `steps=4,8` and so on. */
  readonly grid: readonly string[];
  readonly promptMatrix: boolean;
}

/** Columns, rows, and blocks of them. */
const MOST_AXES = 3;
/** Images of a grid at most. */
const MOST_IMAGES = 200;
/** The axes that change the same fields. */
const SAME_FIELDS: readonly (readonly [string, string])[] = [
  ['size', 'width'],
  ['size', 'height'],
];

interface Axis extends GridAxis {
  readonly apply: (fields: Fields, index: number) => Fields;
}

/**
 * Every image of a grid, checked.
 * @param fields of the request as the other options say them
 * @param check makes a request of fields, or throws
 * @throws EaselError that names the axis and the value
 */
export function planGrid(
  { grid, promptMatrix }: GridOptions,
  fields: Fields & { readonly prompt: string },
  check: (fields: Fields) => GenerationRequestInput,
): GridPlan {
  if (fields.numImages !== undefined && fields.numImages !== 1) {
    throw new EaselError(
      'bad-request',
      'A grid draws one image for each of its values. Leave out --num-images; for several images of each: --grid seed=1-4.',
    );
  }
  const { prompt } = fields;
  const matrix = promptMatrix ? readMatrix(prompt) : undefined;
  const axes = [...(matrix?.axes.map(matrixAxis) ?? []), ...grid.map(readAxis)];
  requireAxes(axes);
  // Images that differ in more than their axes say nothing.
  const base = { ...fields, prompt: matrix?.base ?? prompt, seed: fields.seed ?? randomSeed() };
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_IMAGES) {
    throw new EaselError(
      'bad-request',
      `--grid: ${axes.map(({ values }) => values.length).join(' × ')} are ${count} images; at most ${MOST_IMAGES} are drawn.`,
      { field: 'grid' },
    );
  }
  const cells = Array.from({ length: count }, (_, cell) => cellOf(axes, cell, base, check));
  return { title: prompt, axes, cells };
}

function cellOf(
  axes: readonly Axis[],
  cell: number,
  base: Fields,
  check: (fields: Fields) => GenerationRequestInput,
): GridCell {
  let rest = cell;
  let fields = base;
  const chosen: [string, string][] = [];
  for (const { name, values, apply } of axes) {
    const index = rest % values.length;
    rest = Math.floor(rest / values.length);
    fields = apply(fields, index);
    chosen.push([name, values[index] ?? '']);
  }
  try {
    return { request: check(fields), values: Object.fromEntries(chosen) };
  } catch (thrown) {
    if (!(thrown instanceof EaselError)) throw thrown;
    const where = chosen.map(([name, value]) => `${name}=${value}`).join(' ');
    throw new EaselError(thrown.code, `--grid ${where}: ${thrown.message}`, thrown.data);
  }
}

function readAxis(typed: string): Axis {
  const [, name = '', text] = /^([^=]*)=(.*)$/s.exec(typed) ?? [];
  if (text === undefined) {
    throw new EaselError(
      'bad-request',
      `--grid takes AXIS=VALUES, such as steps=4,8,12 guidance=1,3,7, not "${typed}".`,
      { field: 'grid' },
    );
  }
  const kind = findAxis(name);
  const values = splitValues(kind.name, text, kind);
  const [first = ''] = values;
  return {
    name: kind.name,
    values,
    labels: values.map((value) => labelOf(kind, value)),
    apply: (fields, index) => kind.apply(fields, values[index] ?? '', first),
  };
}

/** Numbers need the name of what they are; words do not. */
function labelOf({ name, ranges }: AxisKind, value: string): string {
  if (ranges) return `${name} ${value}`;
  if (value === '') return `(no ${name})`;
  return path.isAbsolute(value) ? path.basename(value) : value;
}

function matrixAxis(choices: MatrixAxis, index: number): Axis {
  const values = choices.map((parts) => parts.join(', '));
  return {
    name: index === 0 ? 'prompt-matrix' : `prompt-matrix-${index + 1}`,
    values,
    labels: values.map((value) => value || '–'),
    apply: (fields, chosen) => ({
      ...fields,
      prompt: [fields.prompt, ...(choices[chosen] ?? [])].filter((part) => part !== '').join(', '),
    }),
  };
}

function requireAxes(axes: readonly Axis[]): void {
  const names = axes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw bad(twice, 'this axis is there twice.');
  const pair = SAME_FIELDS.find((both) => both.every((name) => names.includes(name)));
  if (pair) throw bad(pair[1], `${pair[0]} says it already. Leave one of them out.`);
  if (axes.length > MOST_AXES) {
    throw new EaselError(
      'bad-request',
      `A sheet has columns, rows and blocks: at most ${MOST_AXES} axes, not ${axes.length} (${names.join(', ')}).`,
      { field: 'grid' },
    );
  }
}
