import type { Scheduler } from '../../core/diffusion/schedulers/index';
import type { LatentDistribution, Model, Noise } from '../model/model';
import type { AfterUse, Networks } from '../model/network';
import type { ImageRandom } from './image-random';
import type { JobPlan, Pass } from './plan';
import { prepareSmall, prepareSource, type PreparedSource, type SourceImage } from './source-image';
import { smallSize } from './super-resolution';
import { imageToImageTimesteps, textToImageTimesteps, type PassTimesteps } from './timesteps';

/** What the denoising of one image starts from. */
export interface InitialLatents extends PassTimesteps {
  /** float32 [channels, height, width]. */
  readonly latents: Float32Array;
  /** Restores the kept parts after each step (0-based). Absent if nothing is kept. */
  readonly keep?: (latents: Float32Array, step: number) => Float32Array;
  /**
   * Mask and masked image, float32 [1 + channels, height, width], or the image that is edited or made larger
   * [channels, height, width], for UNets that take them as channels.
   */
  readonly extraChannels?: Float32Array;
}

/**
 * Computes the initial latents of one image. What all images of a job share is computed once, by
 * `openLatentSource`. Sets the scheduler's timesteps.
 */
export type LatentSource = (scheduler: Scheduler, random: ImageRandom) => InitialLatents;

/**
 * Chooses text to image, image to image, inpainting, editing by words or making an image larger, and encodes the
 * initial image.
 * @throws EaselError of encoding: `model-incomplete` (no encoder), `bad-size`, `cancelled`
 */
export async function openLatentSource(networks: Networks, plan: JobPlan): Promise<LatentSource> {
  const { model, first, source } = plan;
  if (!source) return fromNoise(model, first);
  if (model.upscaling) return fromSmall(networks, plan, source);
  const prepared = await prepareSource(source, first);
  if (model.takesImage) {
    const options = { tiled: plan.memory.vaeTiling, after: 'done' } as const;
    const edited = await model.encodeEdited(networks, prepared.planes, first.size, options);
    const noise = fromNoise(model, first);
    // diffusers' StableDiffusionInstructPix2PixPipeline: from noise, with the image as channels in every step.
    return (scheduler, random) => ({ ...noise(scheduler, random), extraChannels: edited });
  }
  // An inpainting model always needs a mask. Without one, the whole image is drawn again.
  const mask =
    prepared.mask ??
    (model.takesMask ? new Float32Array(first.width * first.height).fill(1) : undefined);
  const encode = (planes: Float32Array, after: AfterUse) =>
    model.encode(networks, planes, first.size, { tiled: plan.memory.vaeTiling, after });
  if (!mask) return fromImage(model, first, await encode(prepared.planes, 'done'));
  const image = await encode(prepared.planes, 'keep');
  const masked = await encode(withoutMasked(prepared, mask), 'done');
  return inpainting({ model, pass: first, mask, image, masked });
}

/**
 * From noise, with the small image as channels in every step. The generator draws the image's noise first
 * (diffusers, StableDiffusionUpscalePipeline and StableDiffusionLatentUpscalePipeline).
 */
async function fromSmall(
  networks: Networks,
  { model, first, memory, settings: { noiseLevel } }: JobPlan,
  source: SourceImage,
): Promise<LatentSource> {
  const small = await prepareSmall(source, smallSize(model, first));
  const options = { tiled: memory.vaeTiling, after: 'done', noiseLevel } as const;
  const channels = await model.encodeSmall(networks, small, options);
  const noise = fromNoise(model, first);
  return (scheduler, random) => {
    const extraChannels = channels((count) => random.randn(count));
    return { ...noise(scheduler, random), extraChannels };
  };
}

function fromNoise(model: Model, pass: Pass): LatentSource {
  const shape = { channels: model.latents.channels, ...pass.size };
  return (scheduler, random) => {
    const steps = textToImageTimesteps(scheduler, pass);
    return { latents: pureNoise(scheduler, random.initialNoise(shape)), ...steps };
  };
}

/**
 * Goes on from latents that another model has denoised up to `denoisingStart`: no noise is added. With a mask, as
 * diffusers' StableDiffusionXLInpaintPipeline does from latents: where the mask is black, they are the image's.
 * @param mask float32 [height, width] in pixels: 1 where the image is drawn again
 */
export function fromLatents(
  model: Model,
  pass: Pass,
  latents: Float32Array,
  mask?: Float32Array,
): LatentSource {
  const shape = { channels: model.latents.channels, ...pass.size };
  const small = mask && maskOfCells(mask, pass, model.latents.factor);
  return (scheduler, random) => {
    const steps = imageToImageTimesteps(scheduler, { model, ...pass });
    if (!small) return { latents, ...steps };
    const noise = random.initialNoise(shape);
    const { timesteps } = steps;
    const keep = keepOutside(small, { clean: latents, noise, timesteps, scheduler });
    return { latents, ...steps, keep };
  };
}

/**
 * Image to image. The generator draws the image's latents first, then the noise that is added to them; with
 * `denoisingStart` the image counts as denoised so far, and none is added.
 */
export function fromImage(model: Model, pass: Pass, image: LatentDistribution): LatentSource {
  const shape = { channels: model.latents.channels, ...pass.size };
  return (scheduler, random) => {
    const steps = imageToImageTimesteps(scheduler, { model, ...pass });
    const latents = image((n) => random.randn(n));
    if (pass.denoisingStart !== undefined) return { latents, ...steps };
    const noise = random.initialNoise(shape);
    return { latents: scheduler.addNoise(latents, noise, steps.timesteps[0]!), ...steps };
  };
}

/**
 * Image to image of a model that takes a mask, in a second pass: the whole image is drawn again, as by diffusers'
 * StableDiffusionInpaintPipeline with a mask that is white.
 * @throws EaselError of encoding what the mask leaves of the image, which is nothing
 */
export async function fromWholeImage(
  networks: Networks,
  { model, memory }: Pick<JobPlan, 'model' | 'memory'>,
  pass: Pass,
  image: LatentDistribution,
): Promise<LatentSource> {
  const pixels = pass.width * pass.height;
  const nothing = new Float32Array(3 * pixels);
  const options = { tiled: memory.vaeTiling, after: 'done' } as const;
  const masked = await model.encode(networks, nothing, pass.size, options);
  return inpainting({ model, pass, mask: new Float32Array(pixels).fill(1), image, masked });
}

/** The image's planes [3, height, width], with 0 where the mask is set. */
function withoutMasked({ planes }: PreparedSource, mask: Float32Array): Float32Array {
  return planes.map((value, i) => (mask[i % mask.length]! < 0.5 ? value : 0));
}

interface Inpainting {
  readonly model: Model;
  readonly pass: Pass;
  /** float32 [height, width] in pixels: 1 where the image is drawn again. */
  readonly mask: Float32Array;
  readonly image: LatentDistribution;
  /** The image with the masked part blanked out. */
  readonly masked: LatentDistribution;
}

/** The mask of each cell of the latents: of its first pixel. */
function maskOfCells(mask: Float32Array, { size, width }: Pass, factor: number): Float32Array {
  return Float32Array.from({ length: size.width * size.height }, (_, i) => {
    const [y, x] = [Math.floor(i / size.width), i % size.width];
    return mask[y * factor * width + x * factor]!;
  });
}

interface Kept {
  /** Latents of the image, float32 [channels, height, width]. */
  readonly clean: Float32Array;
  readonly noise: Float32Array;
  readonly timesteps: readonly number[];
  readonly scheduler: Scheduler;
}

/** After each step, the latents outside of a mask are those of the image, with the noise of the next step. */
function keepOutside(
  mask: Float32Array,
  { clean, noise, timesteps, scheduler }: Kept,
): NonNullable<InitialLatents['keep']> {
  return (current, step) => {
    const next = timesteps[step + 1];
    const kept = next === undefined ? clean : scheduler.addNoise(clean, noise, next);
    return current.map((value, i) => {
      const free = mask[i % mask.length]!;
      return (1 - free) * kept[i]! + free * value;
    });
  };
}

/**
 * diffusers' StableDiffusionInpaintPipeline. It draws random numbers in this order: the image's latents
 * (except for a nine-channel UNet at full strength), the noise, the masked image's latents. A four-channel
 * UNet does not use the last ones, but diffusers draws them too. With `denoisingStart` the image counts as denoised
 * so far, and no noise is added (StableDiffusionXLInpaintPipeline).
 */
function inpainting({ model, pass, mask, image, masked }: Inpainting): LatentSource {
  const { size, strength, denoisingStart } = pass;
  const { channels, factor } = model.latents;
  const small = maskOfCells(mask, pass, factor);
  const startsFromNoise = strength === 1 && denoisingStart === undefined;
  return (scheduler, random) => {
    const draw: Noise = (n) => random.randn(n);
    const steps = imageToImageTimesteps(scheduler, { model, ...pass });
    const { timesteps } = steps;
    const clean = model.takesMask && startsFromNoise ? undefined : image(draw);
    const noise = random.initialNoise({ channels, ...size });
    const initial = () => {
      if (clean === undefined || startsFromNoise) return pureNoise(scheduler, noise);
      return denoisingStart === undefined ? scheduler.addNoise(clean, noise, timesteps[0]!) : clean;
    };
    const latents = initial();
    const maskedLatents = masked(draw);
    if (model.takesMask) {
      const extraChannels = new Float32Array(small.length + maskedLatents.length);
      extraChannels.set(small);
      extraChannels.set(maskedLatents, small.length);
      return { latents, ...steps, extraChannels };
    }
    const keep = keepOutside(small, { clean: clean!, noise, timesteps, scheduler });
    return { latents, ...steps, keep };
  };
}

function pureNoise(scheduler: Scheduler, noise: Float32Array): Float32Array {
  return noise.map((value) => value * scheduler.initNoiseSigma);
}
