import type { Scheduler } from '../../core/diffusion/schedulers/index';
import { EaselError } from '../../core/errors';
import type { Model } from '../model/model';

export interface ImageToImageSteps {
  readonly model: Pick<Model, 'strengthInSchedule'>;
  readonly steps: number;
  /** How far to go from the image: 0 keeps it, 1 ignores it. */
  readonly strength: number;
}

/**
 * The timesteps that a strength leaves (diffusers, `get_timesteps`; for LCM, its schedule's own). Sets the
 * scheduler's timesteps.
 * @throws EaselError `bad-request` where none is left
 */
export function imageToImageTimesteps(
  scheduler: Scheduler,
  { model, steps, strength }: ImageToImageSteps,
): readonly number[] {
  if (model.strengthInSchedule) {
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
