import type { JsonObject } from '../../../../core/json';

/**
 * Corrects an outdated scheduler config like StableDiffusionPipeline's constructor: `steps_offset` is always 1
 * and `clip_sample` false (diffusers, "steps_offset!=1" and "clip_sample not set"). A missing field is only
 * corrected for the model's own scheduler: another class uses its own default (`from_config`,
 * `_use_default_values`).
 * @param own whether the scheduler has the model's own class
 */
export function correctSchedulerConfig(config: JsonObject, own: boolean): JsonObject {
  const corrected: Record<string, unknown> = { ...config };
  if (own || config.steps_offset !== undefined) corrected.steps_offset = 1;
  if (own || config.clip_sample !== undefined) corrected.clip_sample = false;
  return corrected;
}
