import { SD_LATENT_RGB } from '../../../../core/diffusion/preview';
import type { UNetTraits } from '../../unet-model/parts';
import type { ModelFamily } from '../../model';
import { openUNetModel } from '../unet-family';

const TRAITS: UNetTraits = {
  defaults: {
    ...{ steps: 4, guidanceScale: 8.5, strength: 0.8, inpaintStrength: 1 },
    controlled: { strength: 0.8, scale: 0.8, inpaintScale: 0.5 },
  },
  strengthInSchedule: true,
  text: { states: 'last_hidden_state', zeroEmptyNegative: false },
  rgb: SD_LATENT_RGB,
  usesLatentStatistics: false,
  heedsForceUpcast: false,
  tinyAutoencoder: 'madebyollin/taesd',
};

/** Latent consistency models (diffusers, pipelines/latent_consistency_models). */
export const latentConsistency: ModelFamily = {
  pipelines: ['LatentConsistencyModelPipeline', 'LatentConsistencyModelImg2ImgPipeline'],
  open: (layout) => openUNetModel(layout, [''], TRAITS),
};
