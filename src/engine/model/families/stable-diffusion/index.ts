import { SD_LATENT_RGB } from '../../../../core/diffusion/preview';
import type { UNetTraits } from '../../unet-model/parts';
import type { ModelFamily } from '../../model';
import { openUNetModel } from '../unet-family';
import { FAMILY_WORK } from '../../../../core/estimate';
import type { JsonObject } from '../../../../core/json';

const TRAITS: UNetTraits = {
  defaults: {
    ...{ steps: 50, guidanceScale: 7.5, strength: 0.8, inpaintStrength: 1 },
    controlled: { strength: 0.8, scale: 0.8, inpaintScale: 0.5 },
  },
  strengthInSchedule: false,
  text: { states: 'last_hidden_state', zeroEmptyNegative: false },
  rgb: SD_LATENT_RGB,
  usesLatentStatistics: false,
  heedsForceUpcast: false,
  tinyAutoencoder: 'madebyollin/taesd',
  gigaflops: FAMILY_WORK['SD 1.x'].gigaflops,
  correctScheduler: correctSchedulerConfig,
};

/** InstructPix2Pix: its pipeline has more steps, and takes the scheduler's config as it is. */
const EDIT_TRAITS: UNetTraits = {
  ...TRAITS,
  defaults: { ...TRAITS.defaults, steps: 100 },
  correctScheduler: undefined,
};
const EDIT_PIPELINE = 'StableDiffusionInstructPix2PixPipeline';

/** Stable Diffusion 1.x and 2.x (diffusers, pipelines/stable_diffusion). */
export const stableDiffusion: ModelFamily = {
  pipelines: [
    'StableDiffusionPipeline',
    'StableDiffusionPipelineSafe',
    'StableDiffusionImg2ImgPipeline',
    'StableDiffusionInpaintPipeline',
    EDIT_PIPELINE,
  ],
  open: (layout) =>
    openUNetModel(layout, [''], layout.pipeline === EDIT_PIPELINE ? EDIT_TRAITS : TRAITS),
};

/**
 * Corrects an outdated scheduler config like StableDiffusionPipeline's constructor: `steps_offset` is always 1
 * and `clip_sample` false (diffusers, "steps_offset!=1" and "clip_sample not set"). A missing field is only
 * corrected for the model's own scheduler: another class uses its own default (`from_config`,
 * `_use_default_values`).
 * @param own whether the scheduler has the model's own class
 */
function correctSchedulerConfig(config: JsonObject, own: boolean): JsonObject {
  const corrected: Record<string, unknown> = { ...config };
  if (own || config.steps_offset !== undefined) corrected.steps_offset = 1;
  if (own || config.clip_sample !== undefined) corrected.clip_sample = false;
  return corrected;
}
