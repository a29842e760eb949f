import type { LatentSize } from '../../latent-space';
import type { DecodedImage, DecodeOptions, EncodeOptions, LatentDistribution } from '../../model';
import type { Networks } from '../../network';
import type { WeightSource } from '../../../weights/source';

/**
 * An autoencoder (VAE). The weights are not loaded yet. Its latents are unscaled: the scaling factor is
 * applied outside (`LatentSpace`).
 */
export interface Autoencoder {
  readonly latentChannels: number;
  /** Side of a latent cell in pixels: 8 in Stable Diffusion. */
  readonly spatialFactor: number;
  /** diffusers' `scaling_factor`. */
  readonly scalingFactor: number;
  readonly shiftFactor: number | undefined;
  /** Mean and standard deviation of each latent channel, if the config has both. */
  readonly statistics:
    { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
  /** True for TAESD, which decodes faster than one denoising step. */
  readonly isTiny: boolean;
  readonly memory: AutoencoderMemory;

  /**
   * @param latents float32 [channels, height, width]
   * @param size of the latents
   * @returns float32 [3, height · factor, width · factor], -1..1
   */
  decode(
    networks: Networks,
    latents: Float32Array,
    size: LatentSize,
    options: DecodeOptions,
  ): Promise<DecodedImage>;
  /**
   * @param planes float32 [3, height · factor, width · factor], -1..1
   * @param size of the latents
   * @throws EaselError `model-incomplete` if an exported model has no encoder
   */
  encode(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    options: EncodeOptions,
  ): Promise<LatentDistribution>;
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
