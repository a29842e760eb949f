import { SDXL_LATENT_RGB } from '../../../../core/diffusion/preview';
import { FAMILY_WORK } from '../../../../core/estimate';
import type { UNetTraits } from '../../unet-model/parts';
import type { ModelFamily } from '../../model';
import { openUNetModel } from '../unet-family';

const TRAITS: UNetTraits = {
  defaults: {
    ...{ steps: 50, guidanceScale: 5, strength: 0.3, inpaintStrength: 0.9999 },
    controlled: { strength: 0.8, scale: 0.8, inpaintScale: 1 },
  },
  strengthInSchedule: false,
  text: { states: 'penultimate_hidden_state', zeroEmptyNegative: true },
  rgb: SDXL_LATENT_RGB,
  usesLatentStatistics: true,
  heedsForceUpcast: true,
  tinyAutoencoder: 'madebyollin/taesdxl',
  gigaflops: FAMILY_WORK.SDXL.gigaflops,
};

/** Counted with torch's FlopCounterMode at the published config and size. */
const REFINER_GIGAFLOPS = 7286;

/** Its pipeline has more steps. */
const EDIT_PIPELINE = 'StableDiffusionXLInstructPix2PixPipeline';
const EDIT_DEFAULTS = { ...TRAITS.defaults, steps: 100 };

/** Stable Diffusion XL (diffusers, pipelines/stable_diffusion_xl). */
export const stableDiffusionXl: ModelFamily = {
  pipelines: [
    'StableDiffusionXLPipeline',
    'StableDiffusionXLImg2ImgPipeline',
    'StableDiffusionXLInpaintPipeline',
    EDIT_PIPELINE,
  ],
  open: async (layout) => {
    const { index, pipeline } = layout;
    const refines = index.requires_aesthetics_score === true;
    const zeroEmptyNegative = index.force_zeros_for_empty_prompt !== false;
    const text = { ...TRAITS.text, zeroEmptyNegative };
    const edits = pipeline === EDIT_PIPELINE && {
      defaults: EDIT_DEFAULTS,
      scalesEdited: index.is_cosxl_edit === true,
    };
    const refiner = refines && { refines, gigaflops: REFINER_GIGAFLOPS };
    // A refiner has the larger of the text encoders alone.
    const encoders = refines ? ['_2'] : ['', '_2'];
    return openUNetModel(layout, encoders, { ...TRAITS, text, ...edits, ...refiner });
  },
};
