import type { LatentSize, Networks } from './networks';
import type { Model, Vae } from '../model/model';
import { needsTiles, runTiled, type Planes } from './vae-tiling';

/** Draws standard normal noise, float32, from an image's own generator. */
export type Noise = (count: number) => Float32Array;

/** A decoder's output, nominally -1..1. */
export interface DecodedPicture {
  /** float32 [3, height, width] */
  readonly sample: Float32Array;
  /** float32 [height, width], where the model has learned it: -1 is transparent. */
  readonly opacity?: Float32Array | undefined;
}

/**
 * Decodes the UNet's latents: `vae.decode(latents / scaling_factor)`, with SDXL's per-channel mean and
 * deviation where its autoencoder has them (diffusers, StableDiffusion(XL)Pipeline.__call__; neither looks
 * at a shift_factor).
 * @param latents float32 [channels, height, width]
 * @param runs how many pictures will be decoded like this
 * @returns planes of height · f by width · f
 */
export async function decodeLatents(
  networks: Networks,
  latents: Float32Array,
  size: LatentSize,
  runs = 1,
): Promise<DecodedPicture> {
  const { scalingFactor, latentChannels, spatialFactor: f } = networks.model.vae.config;
  const statistics = latentStatistics(networks.model);
  const cells = size.width * size.height;
  const data = latents.map((value, i) => {
    const channel = Math.floor(i / cells);
    if (!statistics) return value / scalingFactor;
    const { mean, std } = statistics;
    return Math.fround(Math.fround(value * std[channel]!) / scalingFactor) + mean[channel]!;
  });
  const input = { channels: latentChannels, ...size, data };
  const { tiling } = networks;
  if (!tiling || !needsTiles(size, tiling.decode)) {
    return decode(networks, input, runs);
  }
  let last: LatentSize | undefined;
  const { data: sample } = await runTiled(input, tiling.decode, async (tile) => {
    if (last && !sameSize(last, tile)) await networks.dropDecoder(last);
    last = tile;
    const { sample: data } = await decode(networks, tile, runs);
    return { channels: 3, width: tile.width * f, height: tile.height * f, data };
  });
  return { sample };
}

async function decode(
  networks: Networks,
  { channels, width, height, data }: Planes,
  runs: number,
): Promise<DecodedPicture> {
  const decoder = await networks.decoder({ width, height }, runs);
  const dims = [1, channels, height, width];
  const outputs = await decoder.run({ latent_sample: { type: 'float32', data, dims } });
  return { sample: outputs.sample!, opacity: outputs.opacity };
}

function sameSize(a: LatentSize, b: LatentSize): boolean {
  return a.width === b.width && a.height === b.height;
}

/** An encoded picture, from which each image draws its own latents. */
export type LatentDistribution = (noise: Noise) => Float32Array;

const OWN_NOISE =
  "This model's encoder draws noise of its own for the picture to start from: the same seed makes another " +
  'picture each time.';

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
  const { spatialFactor: f, latentChannels } = networks.model.vae.config;
  const input = { channels: 3, width: size.width * f, height: size.height * f, data: planes };
  const toUNet = latentScaler(networks.model, size.width * size.height);
  const { tiling } = networks;
  let encoded: Planes;
  if (tiling && needsTiles(input, tiling.encode)) {
    let last: LatentSize | undefined;
    encoded = await runTiled(input, tiling.encode, async (tile) => {
      const tileSize = { width: tile.width / f, height: tile.height / f };
      if (last && !sameSize(last, tileSize)) await networks.dropEncoder(last);
      last = tileSize;
      return encodePlanes(networks, tile, tileSize);
    });
  } else {
    encoded = await encodePlanes(networks, input, size);
  }
  if (encoded.channels === latentChannels) {
    if (networks.model.vae.kind === 'full') networks.warn(OWN_NOISE);
    const latents = toUNet(encoded.data);
    return () => latents;
  }
  const parameters = encoded.data;
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

/** @returns the distribution's parameters, or latents where the encoder answers with those */
async function encodePlanes(
  networks: Networks,
  { channels, width, height, data }: Planes,
  size: LatentSize,
): Promise<Planes> {
  const encoder = await networks.encoder(size);
  const dims = [1, channels, height, width];
  const outputs = await encoder.run({ sample: { type: 'float32', data, dims } });
  const encoded = outputs.latents ?? outputs.latent_parameters!;
  const cells = size.width * size.height;
  return { ...size, channels: encoded.length / cells, data: encoded };
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
