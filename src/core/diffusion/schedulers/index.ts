import { SchedulerConfig, schedulerFields } from './base/config';
import type { Scheduler, SchedulerName } from './base/scheduler';
import { DDIMScheduler } from './ddim';
import { DDPMScheduler } from './ddpm';
import { DPMSolverMultistepScheduler } from './dpm-solver';
import { EulerDiscreteScheduler } from './euler';
import { EulerAncestralDiscreteScheduler } from './euler-ancestral';
import { HeunDiscreteScheduler } from './heun';
import { LCMScheduler } from './lcm';
import { LMSDiscreteScheduler } from './lms';
import { resolveSchedulerName } from './registry';
import { PNDMScheduler } from './pndm';
import { UniPCMultistepScheduler } from './unipc';

export { SCHEDULER_ALIASES } from './registry';
export { PREDICTION_TYPES, SCHEDULER_NAMES } from './base/scheduler';
export type {
  NoiseSource,
  PredictionType,
  Scheduler,
  SchedulerName,
  TimestepOptions,
} from './base/scheduler';

const CLASSES: Readonly<Record<SchedulerName, new (config: SchedulerConfig) => Scheduler>> = {
  DDIMScheduler,
  DDPMScheduler,
  PNDMScheduler,
  LMSDiscreteScheduler,
  EulerDiscreteScheduler,
  EulerAncestralDiscreteScheduler,
  HeunDiscreteScheduler,
  DPMSolverMultistepScheduler,
  UniPCMultistepScheduler,
  LCMScheduler,
};

/**
 * Makes a scheduler from scheduler_config.json as read, equal to diffusers' `X.from_config(config)`: fields
 * that X does not have are ignored when another scheduler class has them.
 * @param name a diffusers class name or one of `SCHEDULER_ALIASES`, in any case; the config's `_class_name`
 * when absent
 * @throws EaselError `unknown-scheduler`, listing what there is; `unsupported-config`, naming the field
 */
export function createScheduler(
  config: Readonly<Record<string, unknown>>,
  name?: string,
): Scheduler {
  const { className, overrides } = resolveSchedulerName(name ?? config._class_name);
  const fields = schedulerFields({ ...config, ...overrides });
  return new CLASSES[className](new SchedulerConfig(className, fields));
}

/**
 * The share of signal (squared) at each of the timesteps the model of this scheduler config was trained on,
 * whichever scheduler then samples it.
 * @throws EaselError as `createScheduler`
 */
export function trainingAlphas(config: Readonly<Record<string, unknown>>): Float32Array {
  return createScheduler(config).alphasCumprod;
}
