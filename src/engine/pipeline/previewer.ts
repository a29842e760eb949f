import type { DenoiseStep } from '../../core/diffusion/denoise';
import { EaselError } from '../../core/errors';
import { toRgb, type RgbImage } from '../../core/image/pixels';
import { fitLatentRgbMap, previewLatents, type LatentRgbMap } from '../../core/diffusion/preview';
import { TorchGenerator } from '../../core/diffusion/random';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import type { GenerationRequest } from '../../core/request/request';
import { isSmall } from '../../core/request/speed';
import type { LatentSize } from '../model/latent-space';
import type { DecodedImage, Model } from '../model/model';
import type { Networks } from '../model/network';

/** Side, in latent cells, of the random latents that the map of an unknown autoencoder is fitted on. */
const FIT_SIZE = 16;

/**
 * Decoded previews rest for this many times as long as the last one took, so that they take at most a quarter
 * of the time of a job. (A small model takes a step in less time than its decoder takes for an image.)
 */
const REST = 3;

/** Nobody needs a decoded preview of an image that is there so many seconds later. */
const SOON_SECONDS = 1;

/**
 * The previews of a job. Where speed is wanted, the tiny autoencoder decodes them, if it is in the cache.
 */
export async function openPreviewer(
  { speed, vae }: Pick<GenerationRequest, 'speed' | 'vae'>,
  model: Model,
  networks: Networks,
): Promise<Previewer> {
  if (speed !== 'fast' || vae === 'tiny' || isSmall(model.weightCount)) {
    return new Previewer(model, networks);
  }
  const tiny = await model.withTinyAutoencoder().catch((thrown: unknown) => {
    if (thrown instanceof EaselError) return model;
    throw thrown;
  });
  return new Previewer(tiny, networks);
}

/** Makes a small preview after each step: of the image that the model predicts at that moment. */
export class Previewer {
  private map: LatentRgbMap | undefined;
  /** Until when no image is decoded, on the clock. */
  private restUntil = 0;

  /** @param clock milliseconds of a steady clock */
  constructor(
    private readonly model: Model,
    private readonly networks: Networks,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /**
   * @param size of the step's latents
   * @returns the decoded image if the autoencoder is tiny, else one pixel per latent cell; undefined where
   *   decoding would slow the job down, where the image itself follows soon, and if the decoder gave values that
   *   are not finite, which is an error only for the finished image
   */
  async draw(
    step: DenoiseStep,
    scheduler: Scheduler,
    size: LatentSize,
  ): Promise<RgbImage | undefined> {
    try {
      return await this.preview(step, scheduler, size);
    } catch (thrown) {
      if (thrown instanceof EaselError && thrown.code === 'not-finite') return undefined;
      throw thrown;
    }
  }

  private async preview(
    step: DenoiseStep,
    scheduler: Scheduler,
    size: LatentSize,
  ): Promise<RgbImage | undefined> {
    const { model } = this;
    const begun = this.clock();
    const left = (step.total - step.index) * step.seconds;
    if (model.decodesCheaply && (left < SOON_SECONDS || begun < this.restUntil)) return;
    const clean = scheduler.estimateOriginal(step.modelInput, step.modelOutput, step.timestep);
    if (model.decodesCheaply) {
      const { sample } = await this.decode(clean, size);
      const { factor } = model.latents;
      const image = toRgb(sample, size.width * factor, size.height * factor);
      const now = this.clock();
      this.restUntil = now + (now - begun) * REST;
      return image;
    }
    this.map ??= model.latents.rgb ?? (await this.fitMap());
    return previewLatents(clean, size.width, size.height, this.map);
  }

  private async fitMap(): Promise<LatentRgbMap> {
    const { channels, factor } = this.model.latents;
    const size = { width: FIT_SIZE, height: FIT_SIZE };
    const latents = new TorchGenerator(0).randn(channels * FIT_SIZE ** 2);
    const { sample } = await this.decode(latents, size);
    return fitLatentRgbMap(latents, averageCells(sample, FIT_SIZE, factor), channels);
  }

  private decode(latents: Float32Array, size: LatentSize): Promise<DecodedImage> {
    return this.model.decode(this.networks, latents, size, { runs: 1, tiled: false });
  }
}

/** Averages planes [3, n·factor, n·factor] over each cell: [3, n, n]. */
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
