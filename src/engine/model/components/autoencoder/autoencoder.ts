import type { Precision } from '../../../../core/devices';
import type { WeightPlace } from '../../../weights/source';
import type { SeamlessAxes } from '../../../../core/request/seamless';
import type { LatentSize, LatentStatistics } from '../../latent-space';
import type { LatentCodec } from '../../model';
import { keyOfSeamless } from '../../network';

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
  memory(precision: Precision, place: WeightPlace): AutoencoderMemory;
}

/** What determines the memory of decoding. */
export interface AutoencoderMemory {
  /** Weights as stored, plus copies that are computed with. */
  readonly weightBytes: number;
  /** Bytes of each number that it computes. */
  readonly numberBytes: number;
  /** Channels of the decoder's last level, which works at the full image size. */
  readonly channels: number;
  /** Side of a tile in pixels. Absent if this autoencoder has no tiling. */
  readonly tileSize: number | undefined;
}

/** The key of a network of an autoencoder. @param part such as `vae decoder` */
export function autoencoderKey(
  part: string,
  { width, height }: LatentSize,
  seamless: SeamlessAxes | undefined,
): string {
  return [`${part} ${width}x${height}`, ...keyOfSeamless(seamless)].join(' ');
}
