import { memoryLimit } from '../runtime/memory';
import type { AutoencoderMemory } from './components/autoencoder/autoencoder';

/** What determines the memory of a UNet model's job. */
export interface JobShape {
  /** Rows of the UNet's batch: 2 with guidance. */
  readonly batch: number;
  readonly latentWidth: number;
  readonly latentHeight: number;
  /** Side of a latent cell in pixels. */
  readonly factor: number;
  /** Channels of the UNet's first level. */
  readonly unetChannels: number;
  readonly unetWeightBytes: number;
  /** Bytes of each number that the UNet computes. */
  readonly unetNumberBytes: number;
  /** Weights of the largest text encoder; one is loaded at a time. */
  readonly textWeightBytes: number;
  readonly vae: AutoencoderMemory;
}

/** Two million cells: about 11,600 × 11,600 pixels with a factor of 8. */
const BLOCKED_ATTENTION_CELLS = 2 ** 21;

/** The process with its libraries, and temporary buffers of a network besides its activations. */
const BASE_BYTES = 0.5 * 2 ** 30;

/**
 * Estimates a job's peak memory on the CPU, in bytes: the maximum of encoding the text, denoising and decoding,
 * each with its weights. Networks that are kept for the next job do not count, because they are freed when memory is needed.
 * The number of planes that are in memory at the same time was measured on the models of bench/README.md; the
 * estimate is within one sixth of those measurements.
 * @param vaeTiling whether the autoencoder uses tiles; undefined: only if decoding without tiles needs more
 *   than half of the machine's memory
 */
export function estimateJobMemory(
  shape: JobShape,
  vaeTiling: boolean | undefined,
): { readonly bytes: number; readonly vaeTiling: boolean } {
  const tileSide = shape.vae.tileSize;
  const whole = decodingBytes(shape, undefined);
  const tiled = tileSide !== undefined && (vaeTiling ?? whole > memoryLimit() / 2);
  const decoding = tiled ? decodingBytes(shape, tileSide) : whole;
  return {
    bytes: BASE_BYTES + Math.max(shape.textWeightBytes, denoisingBytes(shape), decoding),
    vaeTiling: tiled,
  };
}

function denoisingBytes(shape: JobShape): number {
  const cells = shape.latentWidth * shape.latentHeight;
  const unetPlanes = 22 * shape.unetChannels;
  // Up to this size attention works in blocks. Above it, count the whole score matrix.
  const scores = cells > BLOCKED_ATTENTION_CELLS ? cells ** 2 : 0;
  const numbers = shape.batch * cells * unetPlanes + scores;
  return shape.unetWeightBytes + numbers * shape.unetNumberBytes;
}

/** With tiles: the planes of one tile, and of the whole decoded image. */
function decodingBytes(shape: JobShape, tileSide: number | undefined): number {
  const pixels = shape.latentWidth * shape.latentHeight * shape.factor ** 2;
  const tile = tileSide === undefined ? pixels : Math.min(pixels, tileSide ** 2);
  const vaePlanes = 5 * shape.vae.channels;
  const { weightBytes, numberBytes } = shape.vae;
  return weightBytes + tile * vaePlanes * numberBytes + (tile < pixels ? pixels * 3 * 4 * 3 : 0);
}
