import { EaselError } from '../../../core/errors';

/** Values of one axis at most; a range of seeds is easily mistyped. */
const MOST_VALUES = 100;

const NUMBER = String.raw`-?(?:\d+(?:\.\d*)?|\.\d+)`;
/** `4-20`, `4-20(+4)`, `4-20+4`, `1-10[5]`; ranges as AUTOMATIC1111 writes them (scripts/xyz_grid.py). */
const RANGE = new RegExp(
  String.raw`^\s*(${NUMBER})\s*-\s*(${NUMBER})\s*(?:\(\s*([+-]${NUMBER.slice(2)})\s*\)|(\+${NUMBER.slice(2)})|\[\s*(\d+)\s*\])?\s*$`,
);

/**
 * The values of an axis as they were typed: between commas, or between `|` where there is one, so that values can
 * have commas.
 * @param options `ranges`: `1-5` stands for numbers; `mayBeEmpty`: a value may be no text; `hasCommas`: each value
 *   has commas
 * @throws EaselError `bad-request`
 */
export function splitValues(
  axis: string,
  typed: string,
  {
    ranges,
    mayBeEmpty,
    hasCommas = false,
  }: { readonly ranges: boolean; readonly mayBeEmpty: boolean; readonly hasCommas?: boolean },
): string[] {
  const parts = typed
    .split(hasCommas || typed.includes('|') ? '|' : ',')
    .map((part) => part.trim());
  const values = ranges ? parts.flatMap((part) => expandRange(axis, part)) : parts;
  if (!mayBeEmpty && values.includes('')) {
    throw bad(axis, `a value is empty in "${typed}".`);
  }
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw bad(axis, `"${twice}" is there twice.`);
  if (values.length > MOST_VALUES) {
    throw bad(axis, `${values.length} values; at most ${MOST_VALUES} are drawn.`);
  }
  return values;
}

/** The numbers of a range, as texts; what is no range stays as it is. */
function expandRange(axis: string, typed: string): string[] {
  const match = RANGE.exec(typed);
  if (!match) return [typed];
  const [from, to] = [Number(match[1]), Number(match[2])];
  const count = match[5] === undefined ? undefined : Number(match[5]);
  const step = count === undefined ? stepOf(axis, typed, from, to, match[3] ?? match[4]) : 0;
  const steps =
    count === undefined ? Math.floor((to - from) / step + 1e-9) : Math.max(1, count) - 1;
  if (steps < 0) throw bad(axis, `"${typed}" has no values: the step goes the other way.`);
  if (steps >= MOST_VALUES) {
    throw bad(axis, `"${typed}" are ${steps + 1} values; at most ${MOST_VALUES} are drawn.`);
  }
  const by = count === undefined ? step : steps === 0 ? 0 : (to - from) / steps;
  // Sums of 0.1 are not exact; six digits are enough for every field.
  return Array.from({ length: steps + 1 }, (_, k) => String(Number((from + k * by).toFixed(6))));
}

function stepOf(axis: string, typed: string, from: number, to: number, given?: string): number {
  const step = given === undefined ? Math.sign(to - from) || 1 : Number(given);
  if (step === 0) throw bad(axis, `"${typed}" has a step of 0.`);
  if (given === undefined && !(Number.isInteger(from) && Number.isInteger(to))) {
    throw bad(axis, `say the step of "${typed}", such as ${from}-${to}(+0.1).`);
  }
  return step;
}

/** An error in an axis of `--grid`. */
export function bad(axis: string, message: string): EaselError {
  return new EaselError('bad-request', `--grid ${axis}: ${message}`, { field: axis });
}
