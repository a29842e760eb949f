import { NUMBER_BYTES, type AttentionKind } from '../../core/devices';
import { MOST_SCORES } from '../graph/ops/attention';
import { memoryLimit } from '../runtime/memory';
import type { MemoryEstimate, MemoryUse } from './model';
import type { AutoencoderMemory } from './components/autoencoder/autoencoder';
import type { AdapterMemory } from './controls/given';

/** What determines the memory of a UNet model's job. */
export interface JobShape {
  /** Rows of the UNet's batch: 2 with guidance. */
  readonly batch: number;
  readonly latentWidth: number;
  readonly latentHeight: number;
  /** Cells that attend to each other, where the UNet has the most of them. */
  readonly attentionCells: number;
  /** Side of a latent cell in pixels. */
  readonly factor: number;
  /** Channels of the UNet's first level. */
  readonly unetChannels: number;
  /** Of the UNet, its ControlNets and the layers of IP-Adapters. */
  readonly unetWeightBytes: number;
  readonly controlNets: number;
  /** Of its T2I-Adapters, which are computed before it. */
  readonly adapters: AdapterMemory;
  /** Bytes of each number that the UNet computes. */
  readonly unetNumberBytes: number;
  /** Weights of each encoder of texts and of images. */
  readonly encoderWeightBytes: readonly number[];
  readonly vae: AutoencoderMemory;
  /** Whether convolutions take what is beyond an edge from the opposite one: from a copy of their input. */
  readonly isSeamless: boolean;
}

/** Two million cells: about 11,600 × 11,600 pixels with a factor of 8. */
const BLOCKED_ATTENTION_CELLS = 2 ** 21;

/** The process with its libraries, and temporary buffers of a network besides its activations. */
const BASE_BYTES = 0.5 * 2 ** 30;

/**
 * Estimates a job's peak memory, in bytes: the maximum of encoding the text, denoising and decoding, each with its
 * weights. On the processor, networks that are kept for the next job are freed when memory is needed. The number of
 * planes that are in memory at the same time was measured there, on the models of bench/README.md; the estimate is
 * within one sixth of those measurements. For a card it is computed in the same way and was not measured.
 * @param options.vaeTiling whether the autoencoder uses tiles; undefined: only if decoding without tiles needs more
 *   than half of the memory
 */
export function estimateJobMemory(
  shape: JobShape,
  { vaeTiling, card }: Pick<MemoryUse, 'vaeTiling' | 'card'>,
): MemoryEstimate {
  const limit = card?.memoryBytes ?? memoryLimit();
  const tileSide = shape.vae.tileSize;
  const whole = decodingBytes(shape, undefined);
  const tiled = tileSide !== undefined && (vaeTiling ?? total(whole) > limit / 2);
  const decoding = tiled ? decodingBytes(shape, tileSide) : whole;
  const parts = [
    ...shape.encoderWeightBytes.map((weights) => ({ weights, computing: 0 })),
    { weights: shape.adapters.weightBytes, computing: shape.adapters.computingBytes },
    denoisingBytes(shape, card?.attention),
    decoding,
  ];
  const weights = parts.reduce((sum, part) => sum + part.weights, 0);
  return {
    bytes: BASE_BYTES + Math.max(...parts.map(total)),
    bytesTogether: BASE_BYTES + weights + Math.max(...parts.map(({ computing }) => computing)),
    vaeTiling: tiled,
  };
}

interface PartBytes {
  readonly weights: number;
  /** What its computation takes at most. */
  readonly computing: number;
}

function total({ weights, computing }: PartBytes): number {
  return weights + computing;
}

/** Scores of plain attention that are in memory at the same time: before the softmax, in float32 and after it. */
const SCORE_COPIES = 3;

function denoisingBytes(shape: JobShape, attention: AttentionKind = 'fused'): PartBytes {
  const cells = shape.latentWidth * shape.latentHeight;
  const { controlNets, unetChannels, factor } = shape;
  const copies = shape.isSeamless ? 2 : 0;
  const unetPlanes = (22 + copies + controlNets * RESIDUAL_PLANES) * unetChannels;
  const images = controlNets * cells * factor ** 2 * IMAGE_PLANES;
  // Up to this size attention works in blocks. Above it, count the whole score matrix.
  const { attentionCells } = shape;
  const scores = attentionCells > BLOCKED_ATTENTION_CELLS ? attentionCells ** 2 : 0;
  const numbers = shape.batch * cells * unetPlanes + scores + images;
  const plain = attention === 'plain' ? SCORE_COPIES * MOST_SCORES * NUMBER_BYTES.float32 : 0;
  return {
    weights: shape.unetWeightBytes,
    computing: numbers * shape.unetNumberBytes + plain + shape.adapters.featureBytes,
  };
}

/** For each channel of the first level, what a ControlNet adds to the UNet: 13 residuals in SD 1.x. */
const RESIDUAL_PLANES = 6;
/** Channels of the layers that read the control image at its whole size: of one, and of its activation. */
const IMAGE_PLANES = 2 * 16;

/** With tiles: the planes of one tile, and of the whole decoded image. */
function decodingBytes(shape: JobShape, tileSide: number | undefined): PartBytes {
  const pixels = shape.latentWidth * shape.latentHeight * shape.factor ** 2;
  const tile = tileSide === undefined ? pixels : Math.min(pixels, tileSide ** 2);
  // In tiles, the networks themselves are not seamless.
  const vaePlanes = (shape.isSeamless && tileSide === undefined ? 6 : 5) * shape.vae.channels;
  const { weightBytes, numberBytes } = shape.vae;
  const joined = tile < pixels ? pixels * 3 * 4 * 3 : 0;
  return { weights: weightBytes, computing: tile * vaePlanes * numberBytes + joined };
}
