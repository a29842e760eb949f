import type { LatentSize, Networks } from './networks';

/**
 * Decodes the UNet's latents: `vae.decode(latents / scaling_factor)`
 * (diffusers, StableDiffusionPipeline.__call__, which does not look at a shift_factor).
 * @param latents float32 [channels, height, width]
 * @param runs how many pictures will be decoded like this
 * @returns float32 [3, height · f, width · f], nominally -1..1
 */
export async function decodeLatents(
  networks: Networks,
  latents: Float32Array,
  size: LatentSize,
  runs = 1,
): Promise<Float32Array> {
  const { scalingFactor, latentChannels } = networks.model.vae.config;
  const decoder = await networks.decoder(size, runs);
  const outputs = await decoder.run({
    latent_sample: {
      type: 'float32',
      data: latents.map((value) => value / scalingFactor),
      dims: [1, latentChannels, size.height, size.width],
    },
  });
  return outputs.sample!;
}
