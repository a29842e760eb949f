/** Joins arrays end to end. A single array is returned as it is, not copied. */
export function concatenate(arrays: readonly Float32Array[]): Float32Array {
  if (arrays.length === 1) return arrays[0]!;
  const joined = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    joined.set(array, offset);
    offset += array.length;
  }
  return joined;
}

export function repeat(array: Float32Array, times: number): Float32Array {
  return concatenate(new Array<Float32Array>(times).fill(array));
}
