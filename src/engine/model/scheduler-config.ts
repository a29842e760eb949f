import { createScheduler, type Scheduler } from '../../core/diffusion/schedulers/index';
import type { JsonObject } from '../../core/json';
import type { Family } from './families';

/** Where a model's scheduler comes from. */
export interface SchedulerSource {
  readonly family: Family;
  /** scheduler_config.json as it lies. */
  readonly schedulerConfig: JsonObject;
}

/**
 * A model's scheduler, or another made from its config.
 * @param name diffusers' class name or a short one; the model's own where absent
 * @throws EaselError `unknown-scheduler` or `unsupported-config`
 */
export function makeScheduler(source: SchedulerSource, name?: string): Scheduler {
  const { family, schedulerConfig } = source;
  const config = family.correctsScheduler
    ? correctedConfig(schedulerConfig, name === undefined)
    : schedulerConfig;
  return createScheduler(config, name);
}

/**
 * Corrects an outdated scheduler config as StableDiffusionPipeline's constructor does: `steps_offset` 1 and
 * `clip_sample` false, whatever the file says (diffusers, "steps_offset!=1" and "clip_sample not set").
 * A field that the file leaves out is only corrected for the model's own scheduler: another class made from
 * its config takes its own default (`from_config`, `_use_default_values`).
 */
function correctedConfig(config: JsonObject, ownClass: boolean): JsonObject {
  const corrected: Record<string, unknown> = { ...config };
  if (ownClass || config.steps_offset !== undefined) corrected.steps_offset = 1;
  if (ownClass || config.clip_sample !== undefined) corrected.clip_sample = false;
  return corrected;
}
