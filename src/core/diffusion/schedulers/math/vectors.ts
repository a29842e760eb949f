/**
 * Element-wise arithmetic as torch does it on float32 tensors: coefficients are float32, and every product
 * and every sum is rounded to float32 on its own.
 */

export type Term = readonly [coefficient: number, values: Float32Array];

/** c0·x0 + c1·x1 + …, summed from left to right. */
export function weightedSum(first: Term, ...rest: readonly Term[]): Float32Array {
  const sum = scale(first[0], first[1]);
  for (const [coefficient, values] of rest) {
    const c = Math.fround(coefficient);
    for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + Math.fround(c * values[i]!);
  }
  return sum;
}

/** c·x */
export function scale(coefficient: number, values: Float32Array): Float32Array {
  const c = Math.fround(coefficient);
  const scaled = new Float32Array(values.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = c * values[i]!;
  return scaled;
}

/** x / d */
export function divide(values: Float32Array, divisor: number): Float32Array {
  const d = Math.fround(divisor);
  const quotient = new Float32Array(values.length);
  for (let i = 0; i < quotient.length; i++) quotient[i] = values[i]! / d;
  return quotient;
}

/** x − y */
export function subtract(left: Float32Array, right: Float32Array): Float32Array {
  const difference = new Float32Array(left.length);
  for (let i = 0; i < difference.length; i++) difference[i] = left[i]! - right[i]!;
  return difference;
}
