import { cancelled } from '../errors';
import type { Forecast } from './forecast';
import { requireFinite } from './finite';
import {
  guide,
  guideEdit,
  guidePerturbed,
  isGuidedStep,
  rescaleGuidance,
  type GuidanceInterval,
  type PerturbedGuidance,
} from './guidance';
import type { Scheduler } from './schedulers/index';

/** The outputs of one denoising step's network calls, float32. */
export interface Prediction {
  /** For the prompt; the sample's size. */
  readonly cond: Float32Array;
  /** For the negative prompt; absent where guidance is off. */
  readonly uncond?: Float32Array | undefined;
  /**
   * For the negative prompt with the image that is edited; `uncond` is then without that image. Absent where no image
   * is edited, and where guidance is off.
   */
  readonly image?: Float32Array | undefined;
  /** For the prompt with perturbed attention; absent without that guidance. */
  readonly perturbed?: Float32Array | undefined;
}

export interface DenoiseStep {
  /** 1-based; of both passes, if there are two. */
  readonly index: number;
  readonly total: number;
  readonly seconds: number;
  readonly timestep: number;
  /** The latents after the step. */
  readonly latents: Float32Array;
  /** The network's input, and its output after guidance; for previews. */
  readonly modelInput: Float32Array;
  readonly modelOutput: Float32Array;
}

/** Which of a pass's steps one is. */
export interface StepPlace {
  /** 0-based. */
  readonly index: number;
  readonly count: number;
}

/** A step of which the network's outputs are asked for. */
export interface StepToPredict {
  /** Whether it has guidance, if the image has. */
  readonly guided: boolean;
  readonly place: StepPlace;
  /** The noise level, where the scheduler is of k-diffusion's form. */
  readonly sigma: number | undefined;
}

export interface DenoiseOptions {
  readonly scheduler: Scheduler;
  /** [channels, height, width], already scaled by the scheduler's initial noise. */
  readonly latents: Float32Array;
  /** The timesteps to run: all of the scheduler's, or the last of them for image to image. */
  readonly timesteps: ArrayLike<number>;
  /**
   * How many steps come before the first and how many there are in all, where shares of the steps are of more than
   * these. Default: of these.
   */
  readonly before?: number;
  readonly counted?: number;
  /** What an earlier pass of the same image has run, and both together; for the steps' numbers. */
  readonly earlierSteps?: number;
  readonly totalSteps?: number;
  readonly guidanceScale: number;
  /** How closely an image that is edited is followed (diffusers, `image_guidance_scale`). Default: 1. */
  readonly imageGuidanceScale?: number | undefined;
  readonly guidanceRescale: number;
  /** Perturbed-attention guidance, where the predictions have it. */
  readonly perturbedGuidance?: PerturbedGuidance | undefined;
  /** Absent: every step has guidance. */
  readonly guidanceInterval?: GuidanceInterval | undefined;
  /** Forecasts the outputs of some steps, which make no call of the network. Absent: every step makes one. */
  readonly forecast?: Forecast | undefined;
  readonly predict: (
    modelInput: Float32Array,
    timestep: number,
    step: StepToPredict,
  ) => Promise<Prediction>;
  /** Restores what inpainting keeps, after each step (0-based). */
  readonly keep?: ((latents: Float32Array, step: number) => Float32Array) | undefined;
  /** Draws fresh noise of the sample's size from the image's own generator. */
  readonly noise: () => Float32Array;
  /** Called after each step and awaited, so that progress is sent and a cancel is received between steps. */
  readonly onStep?: (step: DenoiseStep) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

/**
 * The denoising loop of diffusers' StableDiffusionPipeline.__call__ for one image.
 * @returns the final latents
 * @throws EaselError `cancelled` between steps; `not-finite` at the first step that gives NaN or infinity
 */
export async function denoise(options: DenoiseOptions): Promise<Float32Array> {
  const { scheduler, timesteps, earlierSteps = 0, forecast, guidanceInterval } = options;
  const steps = options.totalSteps ?? earlierSteps + timesteps.length;
  const { before = 0, counted = timesteps.length } = options;
  let latents = options.latents;
  for (let i = 0; i < timesteps.length; i++) {
    if (options.signal?.aborted) throw cancelled();
    const started = performance.now();
    const timestep = timesteps[i]!;
    const modelInput = scheduler.scaleModelInput(latents, timestep);
    const step = earlierSteps + i + 1;
    let modelOutput: Float32Array;
    if (forecast?.isForecast(i)) {
      modelOutput = forecast.predict(i, modelInput, timestep);
    } else {
      const guided = isGuidedStep(before + i, counted, guidanceInterval);
      const place = { index: before + i, count: counted };
      const sigma = scheduler.sigmaOf?.(timestep);
      const predicted = await options.predict(modelInput, timestep, { guided, place, sigma });
      for (const output of Object.values(predicted) as (Float32Array | undefined)[]) {
        if (output) requireFinite(output, { place: 'denoiser', step, steps });
      }
      modelOutput = applyGuidance(predicted, options, timestep);
      forecast?.learn(i, modelInput, modelOutput, timestep);
    }
    latents = scheduler.step(modelOutput, timestep, latents, options.noise);
    if (options.keep) latents = options.keep(latents, i);
    requireFinite(latents, { place: 'scheduler', step, steps });
    await options.onStep?.({
      index: step,
      total: steps,
      seconds: (performance.now() - started) / 1000,
      timestep,
      latents,
      modelInput,
      modelOutput,
    });
  }
  if (options.signal?.aborted) throw cancelled();
  return latents;
}

type Guidance = Pick<
  DenoiseOptions,
  'guidanceScale' | 'imageGuidanceScale' | 'guidanceRescale' | 'perturbedGuidance'
>;

function applyGuidance(
  { cond, uncond, image, perturbed }: Prediction,
  options: Guidance,
  timestep: number,
): Float32Array {
  const { guidanceScale, imageGuidanceScale = 1, guidanceRescale, perturbedGuidance } = options;
  if (!uncond) {
    if (!perturbed || !perturbedGuidance) return cond;
    const guided = cond.slice();
    guidePerturbed(guided, cond, perturbed, perturbedGuidance, timestep);
    return guided;
  }
  const guided = image
    ? guideEdit({ cond, image, uncond }, { guidanceScale, imageGuidanceScale })
    : guide(uncond, cond, guidanceScale);
  if (perturbed && perturbedGuidance) {
    guidePerturbed(guided, cond, perturbed, perturbedGuidance, timestep);
  }
  rescaleGuidance(guided, cond, guidanceRescale);
  return guided;
}

/**
 * The share of the denoising that a base model does before a refiner where a request does not say it, as in diffusers'
 * guide of Stable Diffusion XL.
 */
export const BASE_SHARE = 0.8;

/**
 * The steps that image to image takes (diffusers' `get_timesteps`).
 * @param strength how far to go from the image, 0 to 1; undefined without one
 */
export function stepsAtStrength(steps: number, strength: number | undefined): number {
  return strength === undefined ? steps : Math.min(Math.trunc(steps * strength), steps);
}
