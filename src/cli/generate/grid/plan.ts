import path from 'node:path';
import { EaselError } from '../../../core/errors';
import { randomSeed, type GenerationRequestInput } from '../../../core/request/request';
import { findAxis, NONE, type AxisKind, type Fields } from './axis-kinds';
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

interface Axis extends GridAxis, Pick<AxisKind, 'last' | 'replaces'> {
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
  const typed = [...(matrix?.axes.map(matrixAxis) ?? []), ...grid.map(readAxis)];
  requireAxes(typed);
  requireWords(typed, [prompt, fields.negativePrompt]);
  const axes = typed.map((axis, index) => numbered(axis, typed.slice(0, index)));
  // Images that differ in more than their axes say nothing.
  const base = { ...fields, prompt: matrix?.base ?? prompt, seed: fields.seed ?? randomSeed() };
  const noise = { variationSeed: fields.variationSeed ?? randomSeed() };
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_IMAGES) {
    throw new EaselError(
      'bad-request',
      `--grid: ${axes.map(({ values }) => values.length).join(' × ')} are ${count} images; at most ${MOST_IMAGES} are drawn.`,
      { field: 'grid' },
    );
  }
  const checkOne = (one: Fields) =>
    // Without a strength, it says nothing.
    check(one.variationStrength === undefined ? one : { ...noise, ...one });
  const cells = Array.from({ length: count }, (_, cell) => cellOf(axes, cell, base, checkOne));
  return { title: prompt, axes, cells };
}

function cellOf(
  axes: readonly Axis[],
  cell: number,
  base: Fields,
  check: (fields: Fields) => GenerationRequestInput,
): GridCell {
  let rest = cell;
  const chosen = axes.map((axis) => {
    const index = rest % axis.values.length;
    rest = Math.floor(rest / axis.values.length);
    return { axis, index };
  });
  const values = Object.fromEntries(
    chosen.map(({ axis, index }) => [axis.name, axis.values[index] ?? '']),
  );
  const isLast = ({ axis }: { readonly axis: Axis }) => axis.last === true;
  const inOrder = [...chosen.filter((one) => !isLast(one)), ...chosen.filter(isLast)];
  const fields = inOrder.reduce((some, { axis, index }) => axis.apply(some, index), base);
  try {
    return { request: check(fields), values };
  } catch (thrown) {
    throw ofCell(thrown, values);
  }
}

/** An error of an image of a grid, with the values that it has there. Files are the same for all. */
export function ofCell(thrown: unknown, values: GridCell['values']): unknown {
  if (!(thrown instanceof EaselError) || thrown.data.image !== undefined) return thrown;
  const where = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  const message = `--grid ${where.join(' ')}: ${thrown.message}`;
  return new EaselError(thrown.code, message, thrown.data, { cause: thrown });
}

/** An axis that is there several times, with a name of its own. */
function numbered(axis: Axis, before: readonly Axis[]): Axis {
  const earlier = before.filter(({ name }) => name === axis.name).length;
  return earlier === 0 ? axis : { ...axis, name: `${axis.name} (${earlier + 1})` };
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
    ...(kind.last && { last: true }),
    ...(kind.replaces && { replaces: true }),
    apply: (fields, index) => kind.apply(fields, values[index] ?? '', first),
  };
}

/** Numbers need the name of what they are, as do letters and switches; words do not. */
function labelOf({ name, ranges, mayBeEmpty }: AxisKind, value: string): string {
  if (value === '' || (!mayBeEmpty && value.toLowerCase() === NONE)) return `(no ${name})`;
  const isWord = mayBeEmpty || name === 'size' || /\p{L}{3}/u.test(value);
  if (ranges || !(isWord || path.isAbsolute(value)) || value === 'off') return `${name} ${value}`;
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

/** What an axis replaces must be in a prompt, or in what another axis puts there. */
function requireWords(axes: readonly Axis[], prompts: readonly unknown[]): void {
  for (const axis of axes.filter(({ replaces }) => replaces)) {
    const [first = ''] = axis.values;
    const others = axes.filter((one) => one !== axis).flatMap(({ values }) => values);
    const texts = [...prompts, ...others].map((text) => (typeof text === 'string' ? text : ''));
    if (first !== '' && texts.some((text) => text.includes(first))) continue;
    throw bad(
      axis.name,
      `the first value is what to replace in the prompt, and "${first}" is not in it.`,
    );
  }
}

function requireAxes(axes: readonly Axis[]): void {
  const names = axes.map(({ name }) => name);
  const once = axes.filter(({ replaces }) => !replaces).map(({ name }) => name);
  const twice = once.find((name, index) => once.indexOf(name) !== index);
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
