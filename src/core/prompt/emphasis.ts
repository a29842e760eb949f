/**
 * Makes tokens count more or less: multiplies each token's embedding by its weight, then scales all of
 * them so that their mean is what it was. Weights of 1 change nothing at all.
 *
 * AUTOMATIC1111's "Original" emphasis (modules/sd_emphasis.py, `EmphasisOriginal`).
 * @param embeddings float32 [tokens, width] of one chunk
 * @param weights one for each token
 */
export function emphasize(embeddings: Float32Array, weights: Float32Array): Float32Array {
  if (weights.every((weight) => weight === 1)) return embeddings;
  const width = embeddings.length / weights.length;
  const weighted = embeddings.map((value, i) => value * weights[Math.floor(i / width)]!);
  const ratio = Math.fround(mean(embeddings) / mean(weighted));
  // Weights of 0 everywhere leave no mean to restore.
  return Number.isFinite(ratio) ? weighted.map((value) => value * ratio) : weighted;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return Math.fround(sum / values.length);
}
