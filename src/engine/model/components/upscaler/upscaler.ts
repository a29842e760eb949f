import path from 'node:path';
import { computeTypeOf, NUMBER_BYTES, type Precision } from '../../../../core/devices';
import { EaselError } from '../../../../core/errors';
import type { Size } from '../../../../core/image/resize';
import { compactReach } from '../../../graph/compact-upscaler';
import { rrdbReach } from '../../../graph/rrdb-net';
import { buildUpscaler, IMAGE_CHANNELS, type UpscalerConfig } from '../../../graph/upscaler';
import { isFile } from '../../../store/hub-cache';
import { resolveUpscaler } from '../../../store/resolve-adapter';
import {
  countNumbers,
  weightMemory,
  type WeightPlace,
  type WeightSource,
} from '../../../weights/source';
import { readUpscalerTensors } from '../../../weights/weight-file';
import { graphNetwork, type Network } from '../../network';
import { readUpscaler } from './upscaler-file';

/** How and where a network is computed. */
export interface ComputePlace {
  readonly precision: Precision;
  readonly place: WeightPlace;
}

/** A network that enlarges RGB images. The weights are not loaded yet. */
export class Upscaler {
  /** Without its folder and ending, such as `RealESRGAN_x4plus`. */
  readonly name: string;

  /** @param id what the user calls it */
  constructor(
    readonly id: string,
    private readonly file: string,
    private readonly config: UpscalerConfig,
    private readonly weights: WeightSource,
  ) {
    this.name = path.parse(file).name;
  }

  /** How many times as wide and high it makes an image. */
  get scale(): number {
    return this.config.scale;
  }

  /** What the sides of its input must be multiples of. */
  get multiple(): number {
    return this.config.kind === 'rrdb' ? this.config.shuffle : 1;
  }

  /** How far a pixel of its input counts, in pixels of the input. */
  get reach(): number {
    return this.config.kind === 'rrdb' ? rrdbReach(this.config) : compactReach(this.config);
  }

  get weightCount(): number {
    return countNumbers(this.weights);
  }

  /** Identifies it among all files. */
  get key(): string {
    return `upscaler ${this.file}`;
  }

  /** For an image [1, 3, height, width], sides multiples of `multiple`. See `buildUpscaler`. */
  network({ width, height }: Size): Network {
    const { config, weights } = this;
    const key = `${this.key} ${width}x${height}`;
    return graphNetwork({ component: 'upscaler', key, weights }, (target) =>
      buildUpscaler(config, weights, { width, height, target }),
    );
  }

  /** Bytes that it takes at most to enlarge an image of this size at once, with its weights. */
  memory({ width, height }: Size, { precision, place }: ComputePlace): number {
    const type = computeTypeOf(precision);
    const { config, weights } = this;
    const numbers = width * height * numbersForEachPixel(config);
    return weightMemory(weights, type, { place }) + numbers * NUMBER_BYTES[type];
  }
}

/** Numbers that are in memory at the same time, for each pixel of the input. */
function numbersForEachPixel(config: UpscalerConfig): number {
  const { filters, scale } = config;
  const image = IMAGE_CHANNELS * (1 + 2 * scale ** 2);
  if (config.kind === 'compact') return 4 * filters + image;
  const { growth, shuffle } = config;
  const body = (5 * filters + 8 * growth) / shuffle ** 2;
  // At the size of the output: what a convolution reads and makes, and its activation.
  return Math.max(body, 3 * filters * scale ** 2) + image;
}

/**
 * Opens an upscaler of the ESRGAN family: a file, a folder or repository with one, or `org/name/file`. No weights are
 * loaded.
 * @throws EaselError `model-not-found`; `bad-request` where a folder has several; `unsupported-model`,
 *   `model-incomplete`, `bad-file`, `unsafe-file`
 */
export async function openUpscaler(id: string): Promise<Upscaler> {
  const file = await resolveUpscaler(id);
  if (!(await isFile(file))) {
    const message = `There is no upscaler ${id}: it is neither a file or folder nor a repository in the Hugging Face cache.`; // prettier-ignore
    throw new EaselError('model-not-found', message, { model: id });
  }
  const { config, weights } = readUpscaler(await readUpscalerTensors(file), id);
  return new Upscaler(id, file, config, weights);
}
