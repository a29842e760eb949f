import type { JsonObject } from '../../../store/model-folder';

/**
 * Corrects an outdated scheduler config as StableDiffusionPipeline's constructor does: `steps_offset` 1 and
 * `clip_sample` false, whatever the file says (diffusers, "steps_offset!=1" and "clip_sample not set").
 * A field that the file leaves out is only corrected for the model's own scheduler: another class made from
 * its config takes its own default (`from_config`, `_use_default_values`).
 */
export function correctSchedulerConfig(config: JsonObject, own: boolean): JsonObject {
  const corrected: Record<string, unknown> = { ...config };
  if (own || config.steps_offset !== undefined) corrected.steps_offset = 1;
  if (own || config.clip_sample !== undefined) corrected.clip_sample = false;
  return corrected;
}
