import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { EaselError } from '../../core/errors';
import { expandWildcards } from '../../core/prompt/wildcards';
import type { GenerationRequest } from '../../core/request/request';
import type { LatentSize } from '../model/latent-space';
import type { MemoryEstimate, Model, PromptPair } from '../model/model';
import { resolveSettings, type Settings } from './settings';
import type { SourceImage } from './source-image';
import { imageToImageTimesteps } from './timesteps';

/** A walk from noise to an image. */
export interface Pass {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the latents. */
  readonly size: LatentSize;
  /** Steps as asked for; from an image, `strength` leaves a part of them. */
  readonly steps: number;
  readonly strength: number;
  /** Network calls that it takes: each is a step to the user. */
  readonly calls: number;
}

export type Upscaler = NonNullable<GenerationRequest['hires']>['upscaler'];

/** Image to image from the first pass, made larger. */
export interface SecondPass extends Pass {
  readonly upscaler: Upscaler;
}

export interface PlannedImage {
  readonly seed: number;
  readonly prompts: PromptPair;
}

/** What a job will do, decided once before anything is loaded. */
export interface JobPlan {
  readonly model: Model;
  /** With the prompts in the words of its style. */
  readonly request: GenerationRequest;
  /** What the request and the model together ask for; reported, and kept with the image. */
  readonly settings: Settings;
  readonly source: SourceImage | undefined;
  readonly guided: boolean;
  readonly first: Pass;
  readonly second: SecondPass | undefined;
  readonly images: readonly PlannedImage[];
  readonly memory: MemoryEstimate;
  /** A fresh scheduler: an instance serves one pass of one image. */
  createScheduler(): Scheduler;
}

/**
 * Plans a job.
 * @throws EaselError `bad-size`, `unknown-scheduler`, `unsupported-config`, or `bad-request` where a strength
 *   leaves no step, or the request does not go with the model
 */
export function planJob(
  request: GenerationRequest,
  model: Model,
  source: SourceImage | undefined,
): JobPlan {
  if (!source && model.takesMask) {
    throw new EaselError(
      'bad-request',
      'This model fills in parts of a picture: give one to start from and a mask.',
    );
  }
  const createScheduler = () => model.createScheduler(request.scheduler);
  const scheduler = createScheduler();
  const settings = resolveSettings(request, model, source, scheduler.name);
  const callsOf = (steps: number, strength: number, fromImage: boolean): number => {
    if (fromImage) return imageToImageTimesteps(scheduler, { model, steps, strength }).length;
    scheduler.setTimesteps(steps);
    return scheduler.timesteps.length;
  };
  const { width, height, steps, strength } = settings;
  const first: Pass = {
    width,
    height,
    steps,
    strength,
    size: model.latents.sizeOf(settings),
    calls: callsOf(steps, strength, source !== undefined),
  };
  const larger = secondPass(request, settings, model.latents.factor);
  const second = larger && {
    ...larger,
    size: model.latents.sizeOf(larger),
    calls: callsOf(larger.steps, larger.strength, true),
  };
  const largest = second ?? first;
  const guided = model.isGuided(settings.guidanceScale);
  return {
    model,
    request,
    settings,
    source,
    guided,
    first,
    second,
    createScheduler,
    images: Array.from({ length: request.numImages }, (_, image) => {
      const seed = settings.seed + image;
      return { seed, prompts: promptsOf(request, seed) };
    }),
    memory: model.estimateMemory({
      width: largest.width,
      height: largest.height,
      guided,
      steps: largest.steps * request.numImages,
      vaeTiling: request.vaeTiling,
    }),
  };
}

/**
 * A second pass over the finished image, enlarged to whole latent cells.
 * @throws EaselError `bad-request` where the request fills in parts of an image
 */
export function secondPass(
  { hires, mask, outpaint }: GenerationRequest,
  settings: Pick<Settings, 'width' | 'height' | 'steps'>,
  factor: number,
): Omit<SecondPass, 'size' | 'calls'> | undefined {
  if (!hires) return undefined;
  if (mask || outpaint) {
    throw new EaselError(
      'bad-request',
      'A second pass over the whole picture cannot keep parts of it. Leave out the mask or the margins, or ' +
        'draw again from the result.',
      { field: 'hires' },
    );
  }
  const enlarge = (side: number) =>
    Math.max(factor, Math.round((side * hires.scale) / factor) * factor);
  return {
    width: enlarge(settings.width),
    height: enlarge(settings.height),
    steps: hires.steps ?? settings.steps,
    strength: hires.strength,
    upscaler: hires.upscaler,
  };
}

function promptsOf(
  { prompt, negativePrompt, wildcards }: GenerationRequest,
  seed: number,
): PromptPair {
  if (!wildcards) return { prompt, negativePrompt };
  return {
    prompt: expandWildcards(prompt, seed, 'prompt'),
    negativePrompt: expandWildcards(negativePrompt, seed, 'negativePrompt'),
  };
}
