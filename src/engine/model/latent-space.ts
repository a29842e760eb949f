import type { LatentRgbMap } from '../../core/diffusion/preview';

/** Sizes of latents, in cells. */
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
  /** Pixels of a cell's side. */
  readonly factor: number;
  /** diffusers' `scaling_factor`: encoded latents are multiplied by it. */
  readonly scale: number;
  /** diffusers' `shift_factor`: subtracted from encoded latents before they are scaled. */
  readonly shift?: number | undefined;
  readonly statistics?: LatentStatistics | undefined;
  /** Shows latents as colours; absent where it has to be fitted to the autoencoder. */
  readonly rgb?: LatentRgbMap | undefined;
}

/** The space that a model denoises in, and the way between it and its autoencoder. */
export class LatentSpace {
  readonly channels: number;
  /** Pixels of a cell's side. */
  readonly factor: number;
  readonly rgb: LatentRgbMap | undefined;

  constructor(private readonly options: LatentSpaceOptions) {
    const { channels, factor, rgb } = options;
    this.channels = channels;
    this.factor = factor;
    this.rgb = rgb;
  }

  /** The cells of an image of that many pixels. */
  sizeOf({ width, height }: { readonly width: number; readonly height: number }): LatentSize {
    return { width: width / this.factor, height: height / this.factor };
  }

  /**
   * What the decoder takes: `latents / scaling_factor`, with the statistics of SDXL's pipelines or the shift
   * of Stable Diffusion 3's (diffusers, the pipelines' `__call__`).
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

  /** The inverse of `toDecoder`: what the denoiser takes of encoded latents. */
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
