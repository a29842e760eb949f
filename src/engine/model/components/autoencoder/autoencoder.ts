import type { LatentStatistics } from '../../latent-space';
import type { LatentCodec } from '../../model';
import type { WeightSource } from '../../../weights/source';

/**
 * An autoencoder (VAE). The weights are not loaded yet. Its latents are unscaled: the scaling factor is
 * applied outside (`LatentSpace`).
 */
export interface Autoencoder extends LatentCodec {
  readonly latentChannels: number;
  /** Side of a latent cell in pixels: 8 in Stable Diffusion. */
  readonly spatialFactor: number;
  /** diffusers' `scaling_factor`. */
  readonly scalingFactor: number;
  readonly shiftFactor: number | undefined;
  /** Mean and standard deviation of each latent channel, if the config has both. */
  readonly statistics: LatentStatistics | undefined;
  /** True for TAESD, which decodes faster than one denoising step. */
  readonly isTiny: boolean;
  readonly memory: AutoencoderMemory;
}

/** What determines the memory of decoding. */
export interface AutoencoderMemory {
  /** Weights as stored, plus a float32 copy. */
  readonly weightBytes: number;
  /** Channels of the decoder's last level, which works at the full image size. */
  readonly channels: number;
  /** Side of a tile in pixels. Absent if this autoencoder has no tiling. */
  readonly tileSize: number | undefined;
}

/** Bytes of weights once they are float32, as the processor computes. */
export function floatBytes(weights: WeightSource): number {
  let elements = 0;
  for (const name of weights.names()) {
    elements += weights.get(name)?.shape.reduce((product, size) => product * size, 1) ?? 0;
  }
  return elements * 4;
}
