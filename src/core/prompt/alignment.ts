/** Longer texts than this are aligned nearly, not exactly: the UNet's work grows with the length. */
const MOST_CHUNKS = 12;

/**
 * Makes rows of text of different lengths equally long, so that they can be drawn with together, by
 * repeating each as a whole. Attention over keys that are all there k times is attention over them once,
 * so the picture is that of each row at its own length. Only where that would take more than 12 chunks
 * are some chunks of a shorter row repeated once more than others.
 * @param rows float32 [tokens, width] each, of whole chunks
 * @param chunkLength numbers of one chunk: its tokens times their width
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
