import type { DeviceName } from '../../src/core/devices';
import type { DeviceProbe, ModelEntry } from '../../src/protocol/engine';
import type { Job, Speed } from '../../src/protocol/studio';

export interface PlannedJob {
  readonly model: string;
  readonly device: DeviceName;
  readonly pixels: number;
  /** Steps of one picture that are really run; a sketch skips the first ones. */
  readonly steps: number;
  readonly guided: boolean;
  readonly images: number;
}

/**
 * Seconds a job will take, from how fast this machine was with that model on that device; attention
 * grows faster than the area, but within the sizes of one model the area tells enough.
 * @returns undefined where nothing was measured yet
 */
export function estimateSeconds(plan: PlannedJob, speeds: readonly Speed[]): number | undefined {
  const known = speeds.filter(
    ({ model, device }) => model === plan.model && device === plan.device,
  );
  const [speed] = known.sort(
    (a, b) => Math.abs(a.pixels - plan.pixels) - Math.abs(b.pixels - plan.pixels),
  );
  if (!speed) return undefined;
  const evaluations = plan.steps * plan.images * (plan.guided ? 2 : 1);
  const area = plan.pixels / speed.pixels;
  return evaluations * speed.secondsPerEvaluation * area + speed.overhead * plan.images;
}

/** Real networks reach about this share of what the trial's matrix product does. */
const EFFICIENCY = 0.6;

/**
 * A rough guess before the first image, from the device's trial. Small models of the same family are not of
 * the published size, so a guess is made only for those that are.
 */
export function guessSeconds(
  plan: PlannedJob,
  model: ModelEntry,
  probe: DeviceProbe | undefined,
): number | undefined {
  const work = model.defaults?.gigaflops;
  if (!work || !probe?.gflops || model.sizeBytes < 1e9) return undefined;
  const own = model.defaults.width * model.defaults.height;
  const evaluations = plan.steps * plan.images * (plan.guided ? 2 : 1);
  return (evaluations * work * (plan.pixels / own)) / (probe.gflops * EFFICIENCY);
}

/**
 * Seconds left of a running job, counted down between its events.
 * @param sinceEvent seconds since the job's state was last heard of
 * @returns undefined before two steps have told the pace
 */
export function secondsLeft(job: Job, sinceEvent: number): number | undefined {
  return job.secondsLeft === undefined ? undefined : Math.max(0, job.secondsLeft - sinceEvent);
}

/** Steps that a picture drawn from a sketch really runs (diffusers' get_timesteps). */
export function stepsRun(steps: number, strength: number | undefined): number {
  return strength === undefined ? steps : Math.min(Math.floor(steps * strength), steps);
}
