import { requireFinite } from '../../../../core/diffusion/finite';
import { SD_LATENT_RGB } from '../../../../core/diffusion/preview';
import type { LatentSize } from '../../latent-space';
import type { ModelFamily } from '../../model';
import { karrasConditionWidth } from '../../components/unet/denoiser';
import { UNetModel } from '../../unet-model';
import type { UNetTraits, UpscalingTraits } from '../../unet-model/parts';
import { openUNetModel, unfit } from '../unet-family';

/** Of the latents of Stable Diffusion, which it makes larger. */
const CHANNELS = 4;

const UPSCALING: UpscalingTraits = {
  factor: 2,
  channels: CHANNELS,
  encode: async (networks, autoencoder, image, options) => {
    const { spatialFactor: factor, scalingFactor: scale } = autoencoder;
    const size = { width: image.width / factor, height: image.height / factor };
    const encoded = await autoencoder.encode(networks, image.planes, size, options);
    return (noise) => {
      const latents = encoded(noise).map((value) => value * scale);
      requireFinite(latents, { place: 'encoder' });
      return doubled(latents, size);
    };
  },
};

const TRAITS: UNetTraits = {
  defaults: { steps: 75, guidanceScale: 9, strength: 1, inpaintStrength: 1 },
  strengthInSchedule: false,
  text: { states: 'last_layer', zeroEmptyNegative: false },
  readsNoPromptAtZero: true,
  rgb: SD_LATENT_RGB,
  usesLatentStatistics: false,
  heedsForceUpcast: false,
  tinyAutoencoder: 'madebyollin/taesd',
  // The pipeline computes with its noise levels.
  onlyScheduler: 'EulerDiscreteScheduler',
  upscaling: UPSCALING,
};

/** Of one pixel. Counted with torch's FlopCounterMode at the published config, without the fixed kernels. */
const GIGAFLOPS = 1220 / 1024 ** 2;

/**
 * Stable Diffusion x2 latent upscaler (diffusers,
 * pipelines/stable_diffusion/pipeline_stable_diffusion_latent_upscale.py).
 */
export const stableDiffusionLatentUpscale: ModelFamily = {
  pipelines: ['StableDiffusionLatentUpscalePipeline'],
  open: async (layout) => {
    const { parts, latents, nativeSize } = await openUNetModel(layout, [''], TRAITS);
    const { unet, textEncoders } = parts;
    const { k, down, outChannels, timeEmbedding } = unet.config;
    const [text] = textEncoders;
    if (!unet.weights || !text?.source) throw unfit(layout, 'exported ONNX graphs');
    if (!k) throw unfit(layout, 'a UNet without the blocks of k-diffusion (KDownBlock2D)');
    if (outChannels !== CHANNELS + 1) {
      throw unfit(layout, `a UNet that gives ${outChannels} channels, of which it needs 5`);
    }
    if (timeEmbedding.condProjDim !== karrasConditionWidth(text.source.config.hiddenSize)) {
      throw unfit(layout, 'a UNet whose time_cond_proj_dim does not fit the text encoder');
    }
    // Blocks down halve both sides without a rest; of one cell, no edge can be reflected.
    const multiple = latents.factor * 2 ** (down.length - 1);
    const upscaling = { ...UPSCALING, sides: { multiple, least: 2 * multiple } };
    const gigaflops = GIGAFLOPS * nativeSize.width * nativeSize.height;
    return new UNetModel({ ...parts, traits: { ...TRAITS, upscaling, gigaflops } });
  },
};

/**
 * F.interpolate(scale_factor=2, mode='nearest').
 * @param latents [channels, height, width]
 * @returns [channels, height · 2, width · 2]
 */
function doubled(latents: Float32Array, { width }: LatentSize): Float32Array {
  const out = new Float32Array(latents.length * 4);
  for (let i = 0; i < out.length; i++) {
    const x = i % (width * 2);
    // Rows of all channels, one after the other.
    const row = Math.floor(i / (width * 2));
    out[i] = latents[(row >> 1) * width + (x >> 1)]!;
  }
  return out;
}
