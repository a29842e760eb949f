import os from 'node:os';
import { EaselError } from '../../core/errors';
import { describeBytes } from '../../core/quantities';

/** Bytes this process could have at most: the machine's memory, or a container's limit. */
export function memoryLimit(): number {
  const limit = process.constrainedMemory();
  // Zero, undefined or an absurd number all mean "no limit".
  return limit > 0 && limit < os.totalmem() ? limit : os.totalmem();
}

/** Bytes that could be had now without swapping. */
export function memoryAvailable(): number {
  return process.availableMemory();
}

/** Shapes that decide how much memory a job takes. */
export interface JobShape {
  /** Rows of the UNet's batch: 2 with guidance. */
  readonly batch: number;
  readonly latentWidth: number;
  readonly latentHeight: number;
  /** Pixels of a latent cell's side. */
  readonly factor: number;
  readonly unetChannels: number;
  readonly vaeChannels: number;
  /** Side in pixels of a tile, where the autoencoder works in tiles. */
  readonly tileSize?: number | undefined;
}

/** Two million tokens: about 11,600 × 11,600 pixels of a model with a factor of 8. */
const BLOCKED_ATTENTION_CELLS = 2 ** 21;

/** The process itself with its libraries, and what a network holds for a moment beside its activations. */
const BASE_BYTES = 0.5 * 2 ** 30;

/**
 * Estimates a job's peak memory on the CPU, in bytes: the larger of denoising and decoding, each with its
 * weights; networks that are kept for the next job go where they are in the way. Activations are counted as
 * the planes that live at once, measured on the models of bench/README.md, which the estimate meets within
 * a sixth.
 */
export function estimatePeakBytes(
  shape: JobShape,
  weightBytes: { readonly unet: number; readonly vae: number },
): number {
  const cells = shape.latentWidth * shape.latentHeight;
  const unetPlanes = 22 * shape.unetChannels;
  // Attention works in blocks up to sizes that anyone would wait for; beyond, count its whole score matrix.
  const scores = cells > BLOCKED_ATTENTION_CELLS ? cells ** 2 : 0;
  const denoising = weightBytes.unet + (shape.batch * cells * unetPlanes + scores) * 4;
  return BASE_BYTES + Math.max(denoising, estimateDecodingBytes(shape, weightBytes.vae));
}

/** The part of a job's peak that decoding takes: in tiles, one tile's and the whole picture's planes. */
function estimateDecodingBytes(shape: JobShape, vaeBytes: number): number {
  const pixels = shape.latentWidth * shape.latentHeight * shape.factor ** 2;
  const tile = shape.tileSize === undefined ? pixels : Math.min(pixels, shape.tileSize ** 2);
  const vaePlanes = 5 * shape.vaeChannels;
  return vaeBytes + tile * vaePlanes * 4 + (tile < pixels ? pixels * 3 * 4 * 3 : 0);
}

/** Whether decoding the whole at once would take more of the machine's memory than is well spent on it. */
export function decodingWantsTiles(shape: JobShape, vaeBytes: number): boolean {
  return estimateDecodingBytes({ ...shape, tileSize: undefined }, vaeBytes) > memoryLimit() / 2;
}

/**
 * Refuses a job that cannot fit, before anything is loaded.
 * @throws EaselError `not-enough-memory`, with both numbers
 */
export function requireMemory(neededBytes: number, what: string): void {
  const limit = memoryLimit();
  if (neededBytes <= limit * 0.95) return;
  throw new EaselError(
    'not-enough-memory',
    `${what} needs about ${describeBytes(neededBytes)}, and this machine has ${describeBytes(limit)}. ` +
      'Choose a smaller size or a smaller model.',
    { neededBytes, limitBytes: limit },
  );
}
