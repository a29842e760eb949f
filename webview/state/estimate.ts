import { stepsAtStrength } from '../../src/core/diffusion/denoise';
import type { Precision } from '../../src/core/devices';
import { exactReason, precisionByTrial } from '../../src/core/request/precision';
import { estimateSeconds, guessSteps, type PlannedJob } from '../../src/core/estimate';
import type { DeviceProbe, ModelEntry } from '../../src/protocol/engine';
import type { Job, StudioState } from '../../src/protocol/studio';
import { effective, usualStrength, type Defaults, type Form, type SketchRole } from './form';

/** Published models of the families are larger than this. */
const PUBLISHED_BYTES = 1e9;

/**
 * Estimates the seconds of a job before anything has been measured, from the speed that the device's probe
 * found. The amount of work is that of the family's published models, so smaller models have no estimate.
 * @returns undefined where the work or the device's speed is not known
 */
export function guessSeconds(
  plan: PlannedJob,
  model: ModelEntry,
  probe: DeviceProbe | undefined,
): number | undefined {
  const work = model.defaults?.gigaflops;
  if (!work || !probe?.gflops || model.sizeBytes < PUBLISHED_BYTES) return undefined;
  const own = model.defaults.width * model.defaults.height;
  return guessSteps(plan, work * (plan.pixels / own), probe.gflops);
}

/**
 * Seconds left of a running job.
 * @param sinceEvent seconds since the last event of the job
 * @returns undefined before the second step
 */
export function secondsLeft(job: Job, sinceEvent: number): number | undefined {
  return job.secondsLeft === undefined ? undefined : Math.max(0, job.secondsLeft - sinceEvent);
}

/** Guidance of a model that does not say its own. */
const USUAL_GUIDANCE = 7.5;

/**
 * The job that *Draw* would start.
 * @returns undefined while the device or the model's defaults are not known
 */
export function planEstimate(
  form: Form,
  { devices }: Pick<StudioState, 'devices'>,
  defaults: Defaults | undefined,
  sketch: SketchRole,
): PlannedJob | undefined {
  const { steps, guidanceScale, width, height } = effective(form, defaults);
  const device = form.device === 'auto' ? devices?.chosen : form.device;
  if (!device || !steps || !width || !height) return undefined;
  return {
    model: form.model,
    device,
    pixels: width * height,
    steps: stepsAtStrength(
      steps,
      sketch.isUsed ? (form.strength ?? usualStrength(form, defaults, sketch.isMasked)) : undefined,
    ),
    guided: (guidanceScale ?? USUAL_GUIDANCE) > 1,
    images: form.numImages,
  };
}

/**
 * How the next image is going to be computed.
 * @returns undefined while it is not known
 */
export function expectedPrecision(
  { model, precision, device: asked }: Pick<Form, 'model' | 'precision' | 'device'>,
  { devices, models }: Pick<StudioState, 'devices' | 'models'>,
): Precision | undefined {
  if (precision !== 'auto') return precision;
  const { defaults } = models.find(({ id }) => id === model) ?? {};
  if (!devices || !defaults) return undefined;
  const device = asked === 'auto' ? devices.chosen : asked;
  const isExact = exactReason(device, defaults.weightCount) !== undefined;
  return isExact ? 'full' : precisionByTrial(devices.integers).precision;
}

type Known = Pick<StudioState, 'speeds' | 'models' | 'devices'>;

/** Estimates the seconds of a job, measured or else guessed; undefined where neither is possible. */
export function jobSeconds(plan: PlannedJob, { speeds, models, devices }: Known) {
  const measured = estimateSeconds(plan, speeds);
  if (measured !== undefined) return measured;
  const model = models.find(({ id }) => id === plan.model);
  const probe = devices?.devices.find(({ device }) => device === plan.device);
  return model && guessSeconds(plan, model, probe);
}

/** Seconds from which a faster model is suggested. */
const SLOW_SECONDS = 30;
/** The suggested model takes less than this share of the time. */
const FASTER_SHARE = 0.34;

/** The fastest model on this machine, with its own defaults, where the planned job is slow. */
export function fasterModel(
  plan: PlannedJob,
  state: Known,
): { readonly id: string; readonly seconds: number } | undefined {
  const planned = jobSeconds(plan, state);
  if (planned === undefined || planned < SLOW_SECONDS) return undefined;
  const faster = state.models.flatMap(({ id, defaults, runnable }) => {
    if (id === plan.model || !runnable || !defaults) return [];
    const { width, height, steps, guidanceScale } = defaults;
    const other: PlannedJob = {
      ...plan,
      model: id,
      pixels: width * height,
      steps,
      guided: guidanceScale > 1,
    };
    const seconds = jobSeconds(other, state);
    return seconds !== undefined && seconds < planned * FASTER_SHARE ? [{ id, seconds }] : [];
  });
  return faster.sort((a, b) => a.seconds - b.seconds)[0];
}
