import { memoryLimit } from '../runtime/memory';
import type { AutoencoderMemory } from './components/autoencoder/autoencoder';

/** What decides how much memory a job of a UNet model takes. */
export interface JobShape {
  /** Rows of the UNet's batch: 2 with guidance. */
  readonly batch: number;
  readonly latentWidth: number;
  readonly latentHeight: number;
  /** Pixels of a latent cell's side. */
  readonly factor: number;
  /** Channels of the UNet's first level. */
  readonly unetChannels: number;
  readonly unetWeightBytes: number;
  readonly vae: AutoencoderMemory;
}

/** Two million tokens: about 11,600 × 11,600 pixels of a model with a factor of 8. */
const BLOCKED_ATTENTION_CELLS = 2 ** 21;

/** The process itself with its libraries, and what a network holds for a moment beside its activations. */
const BASE_BYTES = 0.5 * 2 ** 30;

/**
 * Estimates a job's peak memory on the processor: the larger of denoising and decoding, each with its
 * weights; networks that are kept for the next job are freed where they are in the way. Activations are
 * counted as the planes that live at once, measured on the models of bench/README.md, which the estimate meets
 * within a sixth.
 * @param vaeTiling whether the autoencoder works in tiles; undefined: where the whole would take more than half
 *   of the machine's memory
 */
export function estimateJobMemory(
  shape: JobShape,
  vaeTiling: boolean | undefined,
): { readonly bytes: number; readonly vaeTiling: boolean } {
  const tileSide = shape.vae.tileSize;
  const whole = decodingBytes(shape, undefined);
  const tiled = tileSide !== undefined && (vaeTiling ?? whole > memoryLimit() / 2);
  const decoding = tiled ? decodingBytes(shape, tileSide) : whole;
  return { bytes: BASE_BYTES + Math.max(denoisingBytes(shape), decoding), vaeTiling: tiled };
}

function denoisingBytes(shape: JobShape): number {
  const cells = shape.latentWidth * shape.latentHeight;
  const unetPlanes = 22 * shape.unetChannels;
  // Attention works in blocks up to sizes that anyone would wait for; beyond, count its whole score matrix.
  const scores = cells > BLOCKED_ATTENTION_CELLS ? cells ** 2 : 0;
  return shape.unetWeightBytes + (shape.batch * cells * unetPlanes + scores) * 4;
}

/** In tiles: one tile's planes, and the whole image's. */
function decodingBytes(shape: JobShape, tileSide: number | undefined): number {
  const pixels = shape.latentWidth * shape.latentHeight * shape.factor ** 2;
  const tile = tileSide === undefined ? pixels : Math.min(pixels, tileSide ** 2);
  const vaePlanes = 5 * shape.vae.channels;
  return shape.vae.weightBytes + tile * vaePlanes * 4 + (tile < pixels ? pixels * 3 * 4 * 3 : 0);
}
