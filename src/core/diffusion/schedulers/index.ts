import type { JsonObject } from '../../json';
import { readableFields, SchedulerConfig } from './base/config';
import type { Scheduler } from './base/scheduler';
import { resolveScheduler, SCHEDULER_CLASSES, SCHEDULERS } from './registry';

export { SCHEDULER_ALIASES, SCHEDULER_NAMES } from './registry';
export type { NoiseSource, PredictionType, Scheduler, TimestepOptions } from './base/scheduler';

const OWN_FIELDS: ReadonlySet<string> = new Set(
  SCHEDULERS.flatMap(({ configFields }) => configFields ?? []),
);

/**
 * Makes a scheduler from scheduler_config.json as read, equal to diffusers' `X.from_config(config)`: fields
 * that X does not have are ignored when another scheduler class has them.
 * @param name a diffusers class name or one of `SCHEDULER_ALIASES`, in any case; the config's `_class_name`
 * when absent
 * @throws EaselError `unknown-scheduler`, listing what there is; `unsupported-config`, naming the field
 */
export function createScheduler(config: JsonObject, name?: string): Scheduler {
  const { definition, overrides } = resolveScheduler(name ?? config._class_name);
  const fields = readableFields({ ...config, ...overrides }, OWN_FIELDS);
  return new SCHEDULER_CLASSES[definition.name](new SchedulerConfig(definition.name, fields));
}

/**
 * The share of signal (squared) at each of the timesteps the model of this scheduler config was trained on,
 * whichever scheduler then samples it.
 * @throws EaselError as `createScheduler`
 */
export function trainingAlphas(config: JsonObject): Float32Array {
  return createScheduler(config).alphasCumprod;
}
