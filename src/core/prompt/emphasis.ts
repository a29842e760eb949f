/**
 * Applies weights to tokens: multiplies each token's embedding by its weight, then scales all embeddings to
 * the original mean. If all weights are 1, the embeddings are returned unchanged.
 *
 * This is AUTOMATIC1111's "Original" emphasis (modules/sd_emphasis.py, `EmphasisOriginal`).
 * @param embeddings float32 [tokens, width] of one chunk
 * @param weights float32 [tokens]
 * @returns float32 [tokens, width]
 */
export function emphasize(embeddings: Float32Array, weights: Float32Array): Float32Array {
  if (weights.every((weight) => weight === 1)) return embeddings;
  const width = embeddings.length / weights.length;
  const weighted = embeddings.map((value, i) => value * weights[Math.floor(i / width)]!);
  const ratio = Math.fround(mean(embeddings) / mean(weighted));
  // If all weights are 0, there is no mean to scale by.
  return Number.isFinite(ratio) ? weighted.map((value) => value * ratio) : weighted;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return Math.fround(sum / values.length);
}
