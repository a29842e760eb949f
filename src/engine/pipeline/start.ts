import { EaselError } from '../../core/errors';
import type { TorchGenerator } from '../../core/diffusion/random';
import type { GenerationRequest } from '../../core/request/request';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { encodePicture, type LatentDistribution, type Noise } from './latents';
import type { LatentSize, Networks } from './networks';
import type { Settings } from './settings';
import type { PreparedSource } from './source-image';

/** Where one image's denoising begins, and what holds it to a source. */
export interface Start {
  /** float32 [channels, height, width]. */
  readonly latents: Float32Array;
  readonly timesteps: readonly number[];
  /** Puts kept parts back after each step (0-based); absent where nothing is kept. */
  readonly keep?: (latents: Float32Array, step: number) => Float32Array;
  /** Mask and masked picture, for UNets that take them as channels. */
  readonly extraChannels?: Float32Array;
}

/** Starts each image of a job; what all of them share is computed once. */
export interface Starter {
  start(scheduler: Scheduler, generator: TorchGenerator): Start;
}

export interface StartOptions {
  readonly networks: Networks;
  readonly request: GenerationRequest;
  readonly settings: Settings;
  readonly size: LatentSize;
  readonly source: PreparedSource | undefined;
}

/**
 * Chooses between text to image, image to image and inpainting.
 * @throws EaselError `unsupported-model` where the UNet's channels fit none of them
 */
export async function makeStarter(options: StartOptions): Promise<Starter> {
  const { networks, source, size, settings } = options;
  const { inChannels } = networks.model.unet.config;
  const { latentChannels } = networks.model.vae.config;
  const takesMask = inChannels === 2 * latentChannels + 1;
  if (inChannels !== latentChannels && !takesMask) {
    throw new EaselError(
      'unsupported-model',
      `The UNet takes ${inChannels} channels and the autoencoder makes ${latentChannels}; Easel draws with ` +
        'UNets that take as many, or twice as many and a mask (inpainting).',
    );
  }
  const count = latentChannels * size.width * size.height;
  const common = { ...options, count };
  if (!source) {
    if (takesMask) {
      throw new EaselError(
        'bad-request',
        'This model fills in parts of a picture: give one to start from and a mask.',
      );
    }
    return {
      start: (scheduler, generator) => {
        scheduler.setTimesteps(settings.steps);
        return {
          latents: pureNoise(scheduler, generator.randn(count)),
          timesteps: scheduler.timesteps,
        };
      },
    };
  }
  const picture = await encodePicture(networks, source.planes, size);
  if (source.mask) return inpainting({ ...common, source, mask: source.mask, picture, takesMask });
  if (takesMask) {
    // The whole picture is free: the model still wants its mask.
    const mask = new Float32Array(settings.width * settings.height).fill(1);
    return inpainting({ ...common, source, mask, picture, takesMask });
  }
  return imageToImage(networks, settings, picture);
}

/** Image to image: the picture's latents are drawn first, then the noise that is added to them. */
export function imageToImage(
  networks: Networks,
  settings: Settings,
  picture: LatentDistribution,
): Starter {
  return {
    start: (scheduler, generator) => {
      const timesteps = shortenedTimesteps(scheduler, { networks, settings });
      const latents = picture((n) => generator.randn(n));
      const noised = scheduler.addNoise(latents, generator.randn(latents.length), timesteps[0]!);
      return { latents: noised, timesteps };
    },
  };
}

interface InpaintOptions extends StartOptions {
  readonly count: number;
  readonly source: PreparedSource;
  readonly mask: Float32Array;
  readonly picture: LatentDistribution;
  readonly takesMask: boolean;
}

/**
 * diffusers' StableDiffusionInpaintPipeline, with its order of draws: the picture's latents (not for a
 * nine-channel UNet at full strength), the noise, and the masked picture's latents, which a four-channel
 * UNet does not use but which are drawn all the same.
 */
async function inpainting(options: InpaintOptions): Promise<Starter> {
  const { networks, size, settings, source, mask, picture, takesMask, count } = options;
  const cells = size.width * size.height;
  const factor = settings.width / size.width;
  const small = Float32Array.from({ length: cells }, (_, i) => {
    const [y, x] = [Math.floor(i / size.width), i % size.width];
    return mask[y * factor * settings.width + x * factor]!;
  });
  const pixels = settings.width * settings.height;
  const maskedPlanes = source.planes.map((value, i) => (mask[i % pixels]! < 0.5 ? value : 0));
  const masked = await encodePicture(networks, maskedPlanes, size);
  const fromNoise = settings.strength === 1;
  return {
    start: (scheduler, generator) => {
      const draw: Noise = (n) => generator.randn(n);
      const timesteps = shortenedTimesteps(scheduler, options);
      const clean = takesMask && fromNoise ? undefined : picture(draw);
      const noise = generator.randn(count);
      const latents =
        clean === undefined || fromNoise
          ? pureNoise(scheduler, noise)
          : scheduler.addNoise(clean, noise, timesteps[0]!);
      const maskedLatents = masked(draw);
      if (takesMask) {
        const extraChannels = new Float32Array(cells + count);
        extraChannels.set(small);
        extraChannels.set(maskedLatents, cells);
        return { latents, timesteps, extraChannels };
      }
      const keep = (current: Float32Array, step: number) => {
        const next = timesteps[step + 1];
        const kept = next === undefined ? clean! : scheduler.addNoise(clean!, noise, next);
        return current.map((value, i) => {
          const free = small[i % cells]!;
          return (1 - free) * kept[i]! + free * value;
        });
      };
      return { latents, timesteps, keep };
    },
  };
}

function pureNoise(scheduler: Scheduler, noise: Float32Array): Float32Array {
  return noise.map((value) => value * scheduler.initNoiseSigma);
}

/**
 * The timesteps that a strength leaves (diffusers, `get_timesteps`; for LCM, its schedule's own).
 * @throws EaselError `bad-request` where none is left
 */
export function shortenedTimesteps(
  scheduler: Scheduler,
  { settings, networks }: Pick<StartOptions, 'settings' | 'networks'>,
): readonly number[] {
  const { steps, strength } = settings;
  if (networks.model.family.strengthInSchedule) {
    scheduler.setTimesteps(steps, { strength });
    return scheduler.timesteps;
  }
  scheduler.setTimesteps(steps);
  const kept = Math.min(Math.trunc(steps * strength), steps);
  if (kept < 1) {
    throw new EaselError(
      'bad-request',
      `A strength of ${strength} leaves none of ${steps} steps. ` +
        `Take at least ${Math.ceil(1 / Math.max(strength, 0.001))} steps, or a greater strength.`,
      { strength, steps },
    );
  }
  const begin = (steps - kept) * scheduler.order;
  scheduler.setBeginIndex(begin);
  return scheduler.timesteps.slice(begin);
}
