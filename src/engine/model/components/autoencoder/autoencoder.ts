import type { LatentSize } from '../../latent-space';
import type { DecodedImage, DecodeOptions, EncodeOptions, LatentDistribution } from '../../model';
import type { Networks } from '../../network';

/** An autoencoder (VAE) without its weights loaded. Latents are as its own networks have them, unscaled. */
export interface Autoencoder {
  readonly latentChannels: number;
  /** Pixels of a latent cell's side. */
  readonly spatialFactor: number;
  /** Encoded latents are multiplied by it before they are denoised. */
  readonly scalingFactor: number;
  readonly shiftFactor: number | undefined;
  /** Per channel, where the config has both. */
  readonly statistics:
    { readonly mean: readonly number[]; readonly std: readonly number[] } | undefined;
  /** TAESD and the like, which decode in less time than a denoising step takes. */
  readonly isTiny: boolean;
  readonly memory: AutoencoderMemory;

  /** @param latents float32 [channels, height, width] @returns planes of height · factor by width · factor */
  decode(
    networks: Networks,
    latents: Float32Array,
    size: LatentSize,
    options: DecodeOptions,
  ): Promise<DecodedImage>;
  /** @param planes float32 [3, height · factor, width · factor], -1..1 */
  encode(
    networks: Networks,
    planes: Float32Array,
    size: LatentSize,
    options: EncodeOptions,
  ): Promise<LatentDistribution>;
}

/** What decides how much memory decoding takes. */
export interface AutoencoderMemory {
  /** Weights in their files, and again in float32. */
  readonly weightBytes: number;
  /** Channels of the decoder's last level, which works on the image's full size. */
  readonly channels: number;
  /** Side in pixels of a tile; absent where it never works in tiles. */
  readonly tileSize: number | undefined;
}
