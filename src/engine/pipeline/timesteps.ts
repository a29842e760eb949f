import { stepsAtStrength } from '../../core/diffusion/denoise';
import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { EaselError } from '../../core/errors';
import type { Model } from '../model/model';

export interface ImageToImageSteps {
  readonly model: Pick<Model, 'strengthInSchedule'>;
  readonly steps: number;
  /** How much the image may change: 0 keeps it, 1 ignores it. */
  readonly strength: number;
}

/**
 * Sets the scheduler's timesteps, and returns those that remain at this strength (diffusers,
 * `get_timesteps`; in the LCM pipeline, LCM and TCD shorten their own schedule instead).
 * @throws EaselError `bad-request` if none remains
 */
export function imageToImageTimesteps(
  scheduler: Scheduler,
  { model, steps, strength }: ImageToImageSteps,
): readonly number[] {
  // diffusers' LCM pipeline fails with other schedulers.
  if (model.strengthInSchedule && scheduler.takesStrength) {
    scheduler.setTimesteps(steps, { strength });
    return scheduler.timesteps;
  }
  scheduler.setTimesteps(steps);
  const kept = stepsAtStrength(steps, strength);
  if (kept < 1) {
    throw new EaselError(
      'bad-request',
      `With a strength of ${strength}, none of ${steps} steps is left. ` +
        `Use at least ${Math.ceil(1 / Math.max(strength, 0.001))} steps, or a greater strength.`,
      { strength, steps },
    );
  }
  const begin = (steps - kept) * scheduler.order;
  scheduler.setBeginIndex(begin);
  return scheduler.timesteps.slice(begin);
}
