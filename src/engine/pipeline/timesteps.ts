import { stepsAtStrength } from '../../core/diffusion/denoise';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { EaselError } from '../../core/errors';
import type { Model } from '../model/model';

/** The part of a schedule that a pass runs: shares of the whole denoising, from 0 to 1. */
export interface DenoisingPart {
  /** Where it begins (diffusers, `denoising_start`); `strength` is then ignored. Absent: at the beginning. */
  readonly denoisingStart?: number | undefined;
  /** Where it ends (diffusers, `denoising_end`). Absent: at the end. */
  readonly denoisingEnd?: number | undefined;
}

export interface TextToImageSteps extends Pick<DenoisingPart, 'denoisingEnd'> {
  readonly steps: number;
}

export interface ImageToImageSteps extends TextToImageSteps, DenoisingPart {
  readonly model: Pick<Model, 'strengthInSchedule'>;
  /** How much the image may change: 0 keeps it, 1 ignores it. */
  readonly strength: number;
}

/** The timesteps of a pass, and their place among those that shares of steps count. */
export interface PassTimesteps {
  readonly timesteps: readonly number[];
  /** How many of `counted` come before the first. */
  readonly before: number;
  readonly counted: number;
}

/**
 * Sets the scheduler's timesteps, and returns those of text to image (StableDiffusionXLPipeline.__call__, 8.1).
 * @throws EaselError `bad-request` if none is left
 */
export function textToImageTimesteps(
  scheduler: Scheduler,
  { steps, denoisingEnd }: TextToImageSteps,
): PassTimesteps {
  scheduler.setTimesteps(steps);
  const all = scheduler.timesteps;
  return { timesteps: until(denoisingEnd, all, scheduler), before: 0, counted: all.length };
}

/**
 * Sets the scheduler's timesteps, and returns those that remain at this strength (diffusers,
 * `get_timesteps`; in the LCM pipeline, LCM and TCD shorten their own schedule instead), or from `denoisingStart` on.
 * @throws EaselError `bad-request` if none remains
 */
export function imageToImageTimesteps(
  scheduler: Scheduler,
  asked: ImageToImageSteps,
): PassTimesteps {
  const { model, steps, strength, denoisingStart, denoisingEnd } = asked;
  // diffusers' LCM pipeline fails with other schedulers.
  if (model.strengthInSchedule && scheduler.takesStrength) {
    scheduler.setTimesteps(steps, { strength });
    const { timesteps } = scheduler;
    return { timesteps, before: 0, counted: timesteps.length };
  }
  scheduler.setTimesteps(steps);
  if (isInside(denoisingStart)) {
    const all = scheduler.timesteps;
    const begin = beginOf(denoisingStart, scheduler);
    scheduler.setBeginIndex(begin);
    const timesteps = until(denoisingEnd, all.slice(begin), scheduler);
    return { timesteps, before: begin, counted: all.length };
  }
  const begin = (steps - stepsAtStrength(steps, strength)) * scheduler.order;
  const remaining = scheduler.timesteps.slice(begin);
  // Some schedules have one timestep more than steps, such as PNDM's: then diffusers runs it at any strength.
  if (remaining.length === 0) {
    throw new EaselError(
      'bad-request',
      `With a strength of ${strength}, none of ${steps} steps is left. ` +
        `Use at least ${Math.ceil(1 / Math.max(strength, 0.001))} steps, or a greater strength.`,
      { strength, steps },
    );
  }
  scheduler.setBeginIndex(begin);
  return {
    timesteps: until(denoisingEnd, remaining, scheduler),
    before: 0,
    counted: remaining.length,
  };
}

/** diffusers heeds only shares between the ends. */
function isInside(share: number | undefined): share is number {
  return share !== undefined && share > 0 && share < 1;
}

/** The timestep at a share of the denoising: `discrete_timestep_cutoff`, with Python's rounding to even. */
function cutoffAt(share: number, { trainTimesteps }: Scheduler): number {
  const exact = trainTimesteps - share * trainTimesteps;
  const low = Math.floor(exact);
  if (exact - low !== 0.5) return Math.round(exact);
  return low % 2 === 0 ? low : low + 1;
}

/**
 * The index of the first timestep from a share of the denoising on. Of schedulers whose timesteps come in pairs, no
 * pair is cut (StableDiffusionXLImg2ImgPipeline.get_timesteps).
 */
function beginOf(share: number, scheduler: Scheduler): number {
  const { timesteps, order } = scheduler;
  const cutoff = cutoffAt(share, scheduler);
  const remaining = timesteps.filter((timestep) => timestep < cutoff).length;
  if (remaining === 0) throw nothingLeft('from', share);
  const whole = order === 2 && remaining % 2 === 0 ? remaining + 1 : remaining;
  return timesteps.length - whole;
}

/** Those of some timesteps that come before a share of the denoising. */
function until(
  share: number | undefined,
  timesteps: readonly number[],
  scheduler: Scheduler,
): readonly number[] {
  if (!isInside(share)) return timesteps;
  const cutoff = cutoffAt(share, scheduler);
  const { length } = timesteps.filter((timestep) => timestep >= cutoff);
  if (length === 0) throw nothingLeft('up to', share);
  return timesteps.slice(0, length);
}

function nothingLeft(side: 'from' | 'up to', share: number): EaselError {
  const field = side === 'from' ? 'denoisingStart' : 'denoisingEnd';
  // An image to start from, or that of a first pass, can begin later.
  const changes = side === 'from' ? 'more steps' : 'more steps, a greater strength';
  return new EaselError(
    'bad-request',
    `No step is left ${side} ${share} of the denoising. Use ${changes}, or another ${field}.`,
    { field, value: share },
  );
}
