import type { LatentSize, Networks } from './networks';
import type { Model, Vae } from './model';

/** Draws standard normal noise, float32, from an image's own generator. */
export type Noise = (count: number) => Float32Array;

/**
 * Decodes the UNet's latents: `vae.decode(latents / scaling_factor)`, with SDXL's per-channel mean and
 * deviation where its autoencoder has them (diffusers, StableDiffusion(XL)Pipeline.__call__; neither looks
 * at a shift_factor).
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
  const statistics = latentStatistics(networks.model);
  const cells = size.width * size.height;
  const data = latents.map((value, i) => {
    const channel = Math.floor(i / cells);
    if (!statistics) return value / scalingFactor;
    const { mean, std } = statistics;
    return Math.fround(Math.fround(value * std[channel]!) / scalingFactor) + mean[channel]!;
  });
  const decoder = await networks.decoder(size, runs);
  const dims = [1, latentChannels, size.height, size.width];
  const outputs = await decoder.run({ latent_sample: { type: 'float32', data, dims } });
  return outputs.sample!;
}

/** An encoded picture, from which each image draws its own latents. */
export type LatentDistribution = (noise: Noise) => Float32Array;

/**
 * Encodes a picture: `scaling_factor · vae.encode(x).latent_dist.sample(generator)`, or the latents
 * themselves for a tiny autoencoder, which draws nothing (diffusers, `retrieve_latents` and
 * DiagonalGaussianDistribution).
 * @param planes float32 [3, height · f, width · f], -1..1
 */
export async function encodePicture(
  networks: Networks,
  planes: Float32Array,
  size: LatentSize,
): Promise<LatentDistribution> {
  const { vae } = networks.model;
  const { spatialFactor: f } = vae.config;
  const encoder = await networks.encoder(size);
  const dims = [1, 3, size.height * f, size.width * f];
  const outputs = await encoder.run({ sample: { type: 'float32', data: planes, dims } });
  const toUNet = latentScaler(networks.model, size.width * size.height);
  if (outputs.latents) {
    const latents = toUNet(outputs.latents);
    return () => latents;
  }
  const parameters = outputs.latent_parameters!;
  const count = parameters.length / 2;
  return (noise) => {
    const drawn = noise(count);
    const sample = drawn.map((value, i) => {
      const logVariance = Math.min(Math.max(parameters[count + i]!, -30), 20);
      const deviation = Math.fround(Math.exp(Math.fround(0.5 * logVariance)));
      return parameters[i]! + Math.fround(deviation * value);
    });
    return toUNet(sample);
  };
}

function latentScaler(model: Model, cells: number): (latents: Float32Array) => Float32Array {
  const { scalingFactor } = model.vae.config;
  const statistics = latentStatistics(model);
  return (latents) =>
    latents.map((value, i) => {
      if (!statistics) return value * scalingFactor;
      const channel = Math.floor(i / cells);
      const { mean, std } = statistics;
      return Math.fround(Math.fround(value - mean[channel]!) * scalingFactor) / std[channel]!;
    });
}

/** Only SDXL's pipelines look at them, and only where both are given. */
function latentStatistics({ vae, family }: Model): { mean: Numbers; std: Numbers } | undefined {
  if (family.name !== 'Stable Diffusion XL' || vae.kind === 'tiny') return undefined;
  const { latentsMean: mean, latentsStd: std } = (vae satisfies Vae).config;
  return mean && std ? { mean, std } : undefined;
}

type Numbers = readonly number[];
