import type { LatentRgbMap } from '../../core/diffusion/preview';

/** A size of latents, in cells. */
export interface LatentSize {
  readonly width: number;
  readonly height: number;
}

/** Mean and standard deviation of each latent channel. */
export interface LatentStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface LatentSpaceOptions {
  readonly channels: number;
  /** Side of a cell in pixels. */
  readonly factor: number;
  /** diffusers' `scaling_factor`: encoded latents are multiplied by it. */
  readonly scale: number;
  /** diffusers' `shift_factor`: subtracted from encoded latents before they are scaled. */
  readonly shift?: number | undefined;
  readonly statistics?: LatentStatistics | undefined;
  /** Maps latents to RGB, for previews. Absent if it must be fitted to the autoencoder. */
  readonly rgb?: LatentRgbMap | undefined;
}

/** The latent space of the denoiser, and the conversion from and to the autoencoder's latents. */
export class LatentSpace {
  readonly channels: number;
  /** Side of a cell in pixels. */
  readonly factor: number;
  readonly rgb: LatentRgbMap | undefined;

  constructor(private readonly options: LatentSpaceOptions) {
    const { channels, factor, rgb } = options;
    this.channels = channels;
    this.factor = factor;
    this.rgb = rgb;
  }

  /** The latent size of an image. @param size in pixels, multiples of the factor */
  sizeOf({ width, height }: { readonly width: number; readonly height: number }): LatentSize {
    return { width: width / this.factor, height: height / this.factor };
  }

  /**
   * Converts to the decoder's latents: `latents / scaling_factor`, with the statistics of SDXL's pipelines or
   * the shift of Stable Diffusion 3's (diffusers, `__call__` of the pipelines).
   * @param latents float32 [channels, height, width], as the denoiser has them
   */
  toDecoder(latents: Float32Array): Float32Array {
    const { scale, shift, statistics } = this.options;
    const cells = latents.length / this.channels;
    if (statistics) {
      const { mean, std } = statistics;
      return latents.map((value, i) => {
        const channel = Math.floor(i / cells);
        return Math.fround(Math.fround(value * std[channel]!) / scale) + mean[channel]!;
      });
    }
    if (shift === undefined) return latents.map((value) => value / scale);
    return latents.map((value) => Math.fround(value / scale) + shift);
  }

  /** Converts encoded latents [channels, height, width] to the denoiser's: the inverse of `toDecoder`. */
  fromEncoder(latents: Float32Array): Float32Array {
    const { scale, shift, statistics } = this.options;
    const cells = latents.length / this.channels;
    if (statistics) {
      const { mean, std } = statistics;
      return latents.map((value, i) => {
        const channel = Math.floor(i / cells);
        return Math.fround(Math.fround(value - mean[channel]!) * scale) / std[channel]!;
      });
    }
    if (shift === undefined) return latents.map((value) => value * scale);
    return latents.map((value) => Math.fround(value - shift) * scale);
  }
}
