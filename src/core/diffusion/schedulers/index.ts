import { EaselError } from '../../errors';
import type { JsonObject } from '../../json';
import { readableFields, SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import type { Scheduler } from './base/scheduler';
import { findScheduler, resolveScheduler, SCHEDULER_CLASSES, SCHEDULERS } from './registry';

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
 * @throws EaselError `unknown-scheduler`, listing what there is; `unsupported-config`, naming the field;
 * `bad-request` where the named scheduler is not for this kind of model
 */
export function createScheduler(config: JsonObject, name?: string): Scheduler {
  const { definition, overrides } = resolveScheduler(name ?? config._class_name);
  if (name !== undefined) checkModelKind(config, definition);
  const fields = readableFields({ ...config, ...overrides }, OWN_FIELDS);
  return new SCHEDULER_CLASSES[definition.name](new SchedulerConfig(definition.name, fields));
}

/**
 * Refuses a flow matching scheduler for a diffusion model, and the reverse. diffusers makes both without an
 * error, and the images are noise.
 */
function checkModelKind(config: JsonObject, { name, isFlowMatching }: SchedulerDefinition): void {
  const { _class_name: own, prediction_type: prediction } = config;
  if (typeof own !== 'string') return;
  const ownIsFlowMatching = isFlowMatchingClass(own);
  const predictsFlow =
    typeof prediction === 'string' ? prediction === 'flow_prediction' : ownIsFlowMatching;
  if (isFlowMatching ? predictsFlow : !ownIsFlowMatching) return;
  const [wanted, found] = isFlowMatching
    ? ['flow matching', `predicts ${typeof prediction === 'string' ? prediction : 'epsilon'}`]
    : ['diffusion', 'is for flow matching'];
  throw new EaselError(
    'bad-request',
    `${name} draws with ${wanted} models only, and this model (${own}) ${found}. ` +
      "Choose another scheduler, or none for the model's own.",
    { field: 'scheduler', value: name },
  );
}

/** For a class that Easel does not have, diffusers' naming decides. */
function isFlowMatchingClass(name: string): boolean {
  const known = findScheduler(name);
  return known ? known.definition.isFlowMatching === true : name.startsWith('FlowMatch');
}
