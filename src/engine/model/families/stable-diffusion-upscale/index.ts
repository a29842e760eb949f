import { createScheduler } from '../../../../core/diffusion/schedulers/index';
import type { ModelLayout } from '../../layouts/layout';
import type { ModelFamily } from '../../model';
import type { UNetTraits, UpscalingTraits } from '../../unet-model/parts';
import { openUNetModel, unfit } from '../unet-family';

/** How many times as large images become: the UNet draws as many latent cells as the small image has pixels. */
const FACTOR = 4;

const TRAITS: UNetTraits = {
  defaults: { steps: 75, guidanceScale: 9, strength: 1, inpaintStrength: 1 },
  strengthInSchedule: false,
  text: { states: 'last_hidden_state', zeroEmptyNegative: false },
  usesLatentStatistics: false,
  heedsForceUpcast: true,
  // The pipeline sets it, whatever the config says.
  scalingFactor: 0.08333,
  // Counted with torch's FlopCounterMode at the published config and size.
  gigaflops: 1131,
};

/** Stable Diffusion x4 Upscaler (diffusers, pipelines/stable_diffusion/pipeline_stable_diffusion_upscale.py). */
export const stableDiffusionUpscale: ModelFamily = {
  pipelines: ['StableDiffusionUpscalePipeline'],
  open: async (layout) => {
    const upscaling = await upscalingOf(layout);
    const model = await openUNetModel(layout, [''], { ...TRAITS, upscaling });
    const { factor } = model.latents;
    const { weights, config } = model.parts.unet;
    const { classCount = Infinity } = config;
    if (!weights)
      throw unfit(layout, 'exported ONNX graphs, and not the weights of a diffusers folder');
    if (factor !== FACTOR) {
      const needs = `of which it needs ${FACTOR}`;
      throw unfit(layout, `an autoencoder that makes ${factor} pixels of a cell, ${needs}`);
    }
    if (upscaling.noiseLevel.largest >= classCount) {
      throw unfit(
        layout,
        `a UNet that knows ${classCount} noise levels, less than max_noise_level`,
      );
    }
    return model;
  },
};

type NoisingTraits = UpscalingTraits & Required<Pick<UpscalingTraits, 'noiseLevel'>>;

/** The colours of the small image, with noise of DDPM's schedule, are what the UNet takes. */
async function upscalingOf(layout: ModelLayout): Promise<NoisingTraits> {
  const config = await layout.schedulerConfig('low_res_scheduler');
  const noising = createScheduler(config, 'DDPMScheduler');
  const { max_noise_level: largest = 350 } = layout.index;
  if (!isTimestep(largest, noising.trainTimesteps)) {
    throw unfit(layout, 'a max_noise_level that is no timestep of its low_res_scheduler');
  }
  return {
    factor: FACTOR,
    noiseLevel: { usual: Math.min(20, largest), largest },
    channels: 3,
    encode: (_networks, _autoencoder, { planes }, { noiseLevel = 0 }) =>
      Promise.resolve((noise) => noising.addNoise(planes, noise(planes.length), noiseLevel)),
  };
}

function isTimestep(value: unknown, count: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count;
}
