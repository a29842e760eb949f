import type { DenoiseStep } from '../../core/diffusion/denoise';
import { toRgb, type RgbImage } from '../../core/image/pixels';
import {
  fitLatentRgbMap,
  previewLatents,
  SD_LATENT_RGB,
  SDXL_LATENT_RGB,
  type LatentRgbMap,
} from '../../core/diffusion/preview';
import { TorchGenerator } from '../../core/diffusion/random';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { decodeLatents } from './latents';
import type { LatentSize, Networks } from './networks';

/** Latent cells of a side that an unknown autoencoder's map is fitted on. */
const FIT_SIZE = 16;

/** Shows the picture to come after each step, cheaply. */
export class Previewer {
  private map: LatentRgbMap | undefined;

  constructor(private readonly networks: Networks) {}

  /** @param size of the step's latents */
  async draw(step: DenoiseStep, scheduler: Scheduler, size: LatentSize): Promise<RgbImage> {
    const { width, height } = size;
    const clean = scheduler.estimateOriginal(step.modelInput, step.modelOutput, step.timestep);
    const { vae } = this.networks.model;
    if (vae.kind === 'tiny') {
      // A tiny decoder costs less than any network step, and shows the picture itself.
      const { sample } = await decodeLatents(this.networks, clean, size);
      const { spatialFactor: factor } = vae.config;
      return toRgb(sample, width * factor, height * factor);
    }
    this.map ??= await this.latentMap();
    return previewLatents(clean, width, height, this.map);
  }

  private async latentMap(): Promise<LatentRgbMap> {
    const { config } = this.networks.model.vae;
    if (config.latentChannels === 4) {
      // The two scaling factors tell the two latent spaces apart.
      return Math.abs(config.scalingFactor - 0.13025) < 1e-4 ? SDXL_LATENT_RGB : SD_LATENT_RGB;
    }
    const size = { width: FIT_SIZE, height: FIT_SIZE };
    const latents = new TorchGenerator(0).randn(config.latentChannels * FIT_SIZE ** 2);
    const { sample } = await decodeLatents(this.networks, latents, size);
    return fitLatentRgbMap(latents, averageCells(sample, FIT_SIZE, config.spatialFactor), config.latentChannels); // prettier-ignore
  }
}

/** Averages [3, n·factor, n·factor] planes over each cell. */
function averageCells(planes: Float32Array, n: number, factor: number): Float32Array {
  const side = n * factor;
  const out = new Float32Array(3 * n * n);
  for (let i = 0; i < planes.length; i++) {
    const plane = Math.floor(i / (side * side));
    const y = Math.floor((i % (side * side)) / side / factor);
    const x = Math.floor((i % side) / factor);
    out[plane * n * n + y * n + x]! += planes[i]! / factor ** 2;
  }
  return out;
}
