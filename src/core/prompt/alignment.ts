/** Above this length rows are aligned approximately, because the UNet's work grows with the length. */
const MOST_CHUNKS = 12;

/**
 * Makes rows of text equally long, so that they fit into one batch. Each row is repeated as a whole: attention
 * over keys that are all repeated k times gives the same result as over the keys once, so the image does not
 * change. If this needs more than 12 chunks, all rows get the length of the longest one, and some chunks of a
 * shorter row are repeated once more than others.
 * @param rows float32 [tokens, width] each, of whole chunks
 * @param chunkLength numbers in one chunk: tokens · width
 * @returns float32 [tokens, width] each, all with the same number of tokens
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
