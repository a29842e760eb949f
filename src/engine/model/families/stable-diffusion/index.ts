import { SD_LATENT_RGB } from '../../../../core/diffusion/preview';
import type { UNetTraits } from '../../unet-model';
import type { ModelFamily } from '../family';
import { openUNetModel } from '../unet-family';
import { correctSchedulerConfig } from './scheduler';

const TRAITS: UNetTraits = {
  defaults: { steps: 50, guidanceScale: 7.5, strength: 0.8, inpaintStrength: 1 },
  strengthInSchedule: false,
  text: { states: 'last_hidden_state', zeroEmptyNegative: false },
  rgb: SD_LATENT_RGB,
  usesLatentStatistics: false,
  tinyAutoencoder: 'madebyollin/taesd',
  gigaflops: 800,
  correctScheduler: correctSchedulerConfig,
};

/** Stable Diffusion 1.x and 2.x (diffusers, pipelines/stable_diffusion). */
export const stableDiffusion: ModelFamily = {
  pipelines: [
    'StableDiffusionPipeline',
    'StableDiffusionPipelineSafe',
    'StableDiffusionImg2ImgPipeline',
    'StableDiffusionInpaintPipeline',
  ],
  open: (layout) => openUNetModel(layout, [''], TRAITS),
};
