import type { RgbImage } from '../image/pixels';

/**
 * A linear map from latent channels to RGB: one row of three weights a channel, then a bias; the
 * result is in -1..1 like a decoder's.
 */
export interface LatentRgbMap {
  readonly factors: readonly (readonly [number, number, number])[];
  readonly bias: readonly [number, number, number];
}

/**
 * Maps for the two latent spaces of most models, fitted to decoded images (ComfyUI,
 * comfy/latent_formats.py: SD15 and SDXL). The latents are scaled as the UNet takes them.
 */
export const SD_LATENT_RGB: LatentRgbMap = {
  factors: [
    [0.3512, 0.2297, 0.3227],
    [0.325, 0.4974, 0.235],
    [-0.2829, 0.1762, 0.2721],
    [-0.212, -0.2616, -0.7177],
  ],
  bias: [0, 0, 0],
};
export const SDXL_LATENT_RGB: LatentRgbMap = {
  factors: [
    [0.3651, 0.4232, 0.4341],
    [-0.2533, -0.0042, 0.1068],
    [0.1076, 0.1111, -0.0362],
    [-0.3165, -0.2492, -0.2188],
  ],
  bias: [0.1084, -0.0175, -0.0011],
};

/**
 * Fits the linear map from latents to the pixels decoded from them (ridge regression), so that any
 * autoencoder has a preview without constants of its own.
 * @param latents [channels, cells]; @param rgb [3, cells], decoded and averaged over each cell
 */
export function fitLatentRgbMap(
  latents: Float32Array,
  rgb: Float32Array,
  channels: number,
): LatentRgbMap {
  const cells = latents.length / channels;
  const n = channels + 1;
  const at = (row: number, cell: number) =>
    row === channels ? 1 : (latents[row * cells + cell] ?? 0);
  // Normal equations, augmented by the three right-hand sides.
  const m = Array.from({ length: n }, () => new Float64Array(n + 3));
  for (let i = 0; i < n; i++) {
    for (let cell = 0; cell < cells; cell++) {
      const a = at(i, cell);
      for (let j = 0; j < n; j++) m[i]![j]! += a * at(j, cell);
      for (let k = 0; k < 3; k++) m[i]![n + k]! += a * rgb[k * cells + cell]!;
    }
    m[i]![i]! += 1e-3 * cells;
  }
  solveInPlace(m, n);
  const row = (i: number): [number, number, number] => [m[i]![n]!, m[i]![n + 1]!, m[i]![n + 2]!];
  return { factors: Array.from({ length: channels }, (_, i) => row(i)), bias: row(channels) };
}

/** Gauss-Jordan elimination of a symmetric positive definite system; the solution is left in the columns
 * on the right. */
function solveInPlace(m: Float64Array[], n: number): void {
  for (let i = 0; i < n; i++) {
    const pivot = m[i]![i]!;
    for (let k = i; k < m[i]!.length; k++) m[i]![k]! /= pivot;
    for (let j = 0; j < n; j++) {
      if (j === i) continue;
      const f = m[j]![i]!;
      for (let k = i; k < m[j]!.length; k++) m[j]![k]! -= f * m[i]![k]!;
    }
  }
}

/**
 * Converts latents to a small image with one pixel for each latent cell.
 * @param latents float32 [channels, height, width], scaled as the decoder takes them
 */
export function previewLatents(
  latents: Float32Array,
  width: number,
  height: number,
  map: LatentRgbMap,
): RgbImage {
  const cells = width * height;
  const data = new Uint8Array(cells * 3);
  for (let cell = 0; cell < cells; cell++) {
    for (let k = 0; k < 3; k++) {
      let value = map.bias[k]!;
      for (const [channel, factor] of map.factors.entries()) {
        value += factor[k]! * latents[channel * cells + cell]!;
      }
      data[cell * 3 + k] = Math.max(0, Math.min(255, Math.round((value / 2 + 0.5) * 255)));
    }
  }
  return { width, height, data };
}
