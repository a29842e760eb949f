import { EaselError } from '../../../errors';

/**
 * Solves matrix · x = vector by Gaussian elimination with partial pivoting, in double precision.
 * @param matrix square, n rows of n values
 * @returns the n values of x
 */
export function solveLinear(
  matrix: readonly (readonly number[])[],
  vector: readonly number[],
): number[] {
  const rows = matrix.map((row, i) => [...row, vector[i]!]);
  const count = rows.length;
  for (let column = 0; column < count; column++) {
    const pivot = pivotRow(rows, column);
    const top = rows[pivot]!;
    rows[pivot] = rows[column]!;
    rows[column] = top;
    for (const row of rows.slice(column + 1)) {
      const factor = row[column]! / top[column]!;
      for (let k = column; k <= count; k++) row[k] = row[k]! - factor * top[k]!;
    }
  }
  const solution = new Array<number>(count).fill(0);
  for (let i = count - 1; i >= 0; i--) {
    const row = rows[i]!;
    let rest = row[count]!;
    for (let k = i + 1; k < count; k++) rest -= row[k]! * solution[k]!;
    solution[i] = rest / row[i]!;
  }
  return solution;
}

function pivotRow(rows: readonly (readonly number[])[], column: number): number {
  let best = column;
  for (let i = column + 1; i < rows.length; i++) {
    if (Math.abs(rows[i]![column]!) > Math.abs(rows[best]![column]!)) best = i;
  }
  if (rows[best]?.[column] === 0) {
    throw new EaselError('internal', 'The solver met two equal noise levels.');
  }
  return best;
}
