import { EaselError } from '../../../core/errors';
import type { UpscalingTraits } from './parts';

/**
 * What a UNet takes: the latents alone, or also a mask and the masked image's latents (inpainting), or the latents of
 * an image that it edits (InstructPix2Pix), or what the pipeline makes of an image that becomes larger.
 */
export function unetInput(
  inChannels: number,
  latentChannels: number,
  upscaling: UpscalingTraits | undefined,
): 'latents' | 'mask' | 'image' | 'small image' {
  if (upscaling) {
    const channels = latentChannels + upscaling.channels;
    if (inChannels === channels) return 'small image';
    throw new EaselError(
      'unsupported-model',
      `The UNet takes ${inChannels} channels, and not the ${channels} of latents and of an image that is made larger.`,
    );
  }
  if (inChannels === latentChannels) return 'latents';
  if (inChannels === 2 * latentChannels + 1) return 'mask';
  if (inChannels === 2 * latentChannels) return 'image';
  throw new EaselError(
    'unsupported-model',
    `The UNet takes ${inChannels} channels, but the autoencoder has ${latentChannels} latent channels. Easel ` +
      `supports UNets with ${latentChannels} channels, ${2 * latentChannels + 1} (inpainting), or ` +
      `${2 * latentChannels} (editing by words).`,
  );
}
