import { needsImage } from '../../src/core/catalogue/needs-image';
import { stepsAtStrength } from '../../src/core/diffusion/denoise';
import type { Precision } from '../../src/core/devices';
import { countEvaluations } from '../../src/core/diffusion/evaluations';
import { pickFields, REQUEST_FIELDS } from '../../src/core/request/fields';
import { autoPrecision } from '../../src/core/request/precision';
import { applySpeed, type SpeedFields } from '../../src/core/request/speed';
import { addedWork, estimateSeconds, guessSteps, type PlannedJob } from '../../src/core/estimate';
import type { DeviceTrial, ModelEntry } from '../../src/protocol/engine';
import type { Job, StudioState } from '../../src/protocol/studio';
import { addedFieldsOf, addedRequest } from './added-fields';
import { elsewhereOf } from './elsewhere';
import {
  effective,
  NEW_FORM,
  usualStrength,
  type Defaults,
  type Form,
  type SketchRole,
} from './form';

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
  probe: DeviceTrial | undefined,
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
 * @returns undefined while the device or the model's defaults are not known, and for a model of an endpoint
 */
export function planEstimate(
  form: Form,
  { devices, endpoints, models }: Pick<StudioState, 'devices' | 'endpoints' | 'models'>,
  defaults: Defaults | undefined,
  sketch: SketchRole,
): PlannedJob | undefined {
  const { steps: asked, guidanceScale, width, height } = effective(form, defaults);
  const device = form.device === 'auto' ? devices?.chosen : form.device;
  if (!devices || !device || !asked || !width || !height) return undefined;
  if (elsewhereOf(form.model, { endpoints })) return undefined;
  const strength =
    sketch.isUsed && !needsImage(defaults ?? {})
      ? (form.strength ?? usualStrength(form, defaults, sketch.isMasked))
      : undefined;
  const isMasked = sketch.isUsed && sketch.isMasked;
  const fields = addedFieldsOf(form, { models, endpoints }, isMasked);
  const added = { ...form.kept, ...addedRequest(form, fields) };
  const { refiner } = added;
  const gigaflops = {
    model: defaults?.gigaflops,
    refiner: models.find(({ id }) => id === refiner)?.defaults?.gigaflops,
  };
  const { precision, tokenDownsampling, ...savings } = withSpeed(form, defaults, added.pagScale);
  return {
    ...{ model: form.model, device, tokenDownsampling, controlNets: sketch.controlNets },
    precision:
      precision === 'auto' ? autoPrecision(device, defaults?.weightCount, devices) : precision,
    pixels: width * height,
    steps: stepsAtStrength(asked, strength),
    evaluations: countEvaluations({
      ...{ ...savings, ...addedWork(added, gigaflops), steps: asked, strength },
      guided: (guidanceScale ?? USUAL_GUIDANCE) > 1,
      edits: defaults?.edits,
    }),
    images: form.numImages,
  };
}

/** What the speed of the form stands for, with what a recipe has brought. */
function withSpeed(
  { speed, precision, kept }: Form,
  defaults: Defaults | undefined,
  pagScale = 0,
): SpeedFields {
  const { forecast, guidanceInterval } = kept ?? {};
  const tokenDownsampling = kept?.tokenDownsampling ?? REQUEST_FIELDS.tokenDownsampling.default;
  const asked = { speed, precision, forecast, guidanceInterval, tokenDownsampling, pagScale };
  return applySpeed(asked, defaults?.weightCount);
}

/**
 * The precision that automatic means for the next image.
 * @returns undefined while it is not known
 */
export function expectedPrecision(
  form: Form,
  { devices, models }: Pick<StudioState, 'devices' | 'models'>,
): Precision | undefined {
  const { defaults } = models.find(({ id }) => id === form.model) ?? {};
  if (!devices || !defaults) return undefined;
  const { precision } = withSpeed({ ...form, precision: 'auto' }, defaults);
  if (precision !== 'auto') return precision;
  const device = form.device === 'auto' ? devices.chosen : form.device;
  return autoPrecision(device, defaults.weightCount, devices);
}

type Known = Pick<StudioState, 'speeds' | 'models' | 'devices' | 'endpoints'>;

/** Estimates the seconds of a job, measured or else guessed; undefined where neither is possible. */
export function jobSeconds(plan: PlannedJob, { speeds, models, devices }: Known) {
  const measured = estimateSeconds(plan, speeds);
  if (measured !== undefined) return measured;
  const model = models.find(({ id }) => id === plan.model);
  const probe = devices?.devices.find(({ device }) => device === plan.device);
  return model && guessSeconds(plan, model, probe);
}

/** What each model has its own value of. */
const MODEL_FIELDS = ['steps', 'guidanceScale', 'width', 'height'] as const;
/** Seconds from which a faster model is suggested. */
const SLOW_SECONDS = 30;
/** The suggested model takes less than this share of the time. */
const FASTER_SHARE = 0.34;

const NO_SKETCH: SketchRole = { isUsed: false, isMasked: false };

/** The fastest model on this machine, with its own defaults, where the planned job is slow. */
export function fasterModel(
  plan: PlannedJob,
  form: Form,
  state: Known,
): { readonly id: string; readonly seconds: number } | undefined {
  const planned = jobSeconds(plan, state);
  if (planned === undefined || planned < SLOW_SECONDS) return undefined;
  const ownForm = { ...form, ...pickFields(NEW_FORM, MODEL_FIELDS), style: undefined };
  const faster = state.models.flatMap(({ id, defaults, runnable }) => {
    if (id === plan.model || !runnable || !defaults || needsImage(defaults)) return [];
    const other = planEstimate({ ...ownForm, model: id }, state, defaults, NO_SKETCH);
    const seconds = other && jobSeconds(other, state);
    return seconds !== undefined && seconds < planned * FASTER_SHARE ? [{ id, seconds }] : [];
  });
  return faster.sort((a, b) => a.seconds - b.seconds)[0];
}
