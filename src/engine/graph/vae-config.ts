import { ConfigReader } from '../../core/config-reader';
import type { Activation } from './ops/activation';
import { MOST_LATENT_CHANNELS, MOST_LAYERS, MOST_LEVELS, MOST_SAMPLE_SIZE } from './config-limits';
import { DIFFUSERS_ACTIVATIONS } from './unet-config';

/** An AutoencoderKL (diffusers, models/autoencoders/autoencoder_kl.py). */
export interface VaeConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly latentChannels: number;
  readonly blockOutChannels: readonly number[];
  readonly layersPerBlock: number;
  readonly activation: Activation;
  readonly normGroups: number;
  readonly quantConv: boolean;
  readonly postQuantConv: boolean;
  readonly midAttention: boolean;
  /** Side in pixels of the training images. It is also the side of a tile. */
  readonly sampleSize: number;
  /** Image pixels per latent cell, on each side: 8 in Stable Diffusion. */
  readonly spatialFactor: number;
  /** The pipeline multiplies encoded latents by it, and divides latents by it before decoding. */
  readonly scalingFactor: number;
  /** Used by Stable Diffusion 3's pipelines, not by those of 1.x, 2.x and SDXL. */
  readonly shiftFactor: number | undefined;
  /** One number per latent channel. SDXL's pipeline uses them if both are given. */
  readonly latentsMean: readonly number[] | undefined;
  readonly latentsStd: readonly number[] | undefined;
  /** The activations overflow in float16, so compute in float32. */
  readonly forceUpcast: boolean;
}

const HARMLESS = ['tile_sample_min_size', 'tile_latent_min_size', 'tile_overlap_factor'];

/**
 * Reads an AutoencoderKL's config.json with diffusers' defaults.
 *
 * @param where the config's path, for messages
 * @throws EaselError `unsupported-config`; the message names the field
 */
export function parseVaeConfig(json: unknown, where: string): VaeConfig {
  const config = new ConfigReader(json, where);
  config.only('_class_name', 'AutoencoderKL');
  const blockOutChannels = config.integers('block_out_channels', [64]);
  const levels = blockOutChannels.length;
  if (levels > MOST_LEVELS) throw config.refuse('block_out_channels', `1 to ${MOST_LEVELS} levels`);
  const downTypes = config.choices(
    'down_block_types',
    ['DownEncoderBlock2D'],
    ['DownEncoderBlock2D'],
  );
  const upTypes = config.choices('up_block_types', ['UpDecoderBlock2D'], ['UpDecoderBlock2D']);
  for (const [name, types] of Object.entries({
    down_block_types: downTypes,
    up_block_types: upTypes,
  })) {
    if (types.length !== levels) throw config.refuse(name, 'one for each of block_out_channels');
  }
  const latentChannels = config.integer('latent_channels', 4, 1, MOST_LATENT_CHANNELS);
  const parsed: VaeConfig = {
    inChannels: config.integer('in_channels', 3, 1, MOST_LATENT_CHANNELS),
    outChannels: config.integer('out_channels', 3, 1, MOST_LATENT_CHANNELS),
    latentChannels,
    blockOutChannels,
    layersPerBlock: config.integer('layers_per_block', 1, 1, MOST_LAYERS),
    activation: config.choice('act_fn', DIFFUSERS_ACTIVATIONS, 'silu'),
    normGroups: config.integer('norm_num_groups', 32),
    quantConv: config.boolean('use_quant_conv', true),
    postQuantConv: config.boolean('use_post_quant_conv', true),
    midAttention: config.boolean('mid_block_add_attention', true),
    sampleSize: sampleSizeOf(config),
    spatialFactor: 2 ** (levels - 1),
    scalingFactor: config.number('scaling_factor', 0.18215, { notZero: true }),
    shiftFactor: config.given('shift_factor') ? config.number('shift_factor', 0) : undefined,
    latentsMean: perChannel(config, 'latents_mean', latentChannels),
    latentsStd: perChannel(config, 'latents_std', latentChannels),
    forceUpcast: config.boolean('force_upcast', true),
  };
  if (blockOutChannels.some((count) => count % parsed.normGroups !== 0)) {
    throw config.refuse('norm_num_groups', 'a divisor of every number in block_out_channels');
  }
  config.finish(HARMLESS);
  return parsed;
}

/** The value is a number, or a list of height and width; diffusers uses the first. */
function sampleSizeOf(config: ConfigReader): number {
  const value = config.raw('sample_size');
  if (value === undefined || value === null) return 32;
  const first: unknown = Array.isArray(value) && value.length <= 2 ? value[0] : value;
  const isSize = Number.isInteger(first) && (first as number) > 0;
  if (isSize && (first as number) <= MOST_SAMPLE_SIZE) return first as number;
  throw config.refuse('sample_size', `a whole number from 1 to ${MOST_SAMPLE_SIZE}`);
}

function perChannel(
  config: ConfigReader,
  name: string,
  channels: number,
): readonly number[] | undefined {
  if (!config.given(name)) return undefined;
  const value = config.raw(name);
  // Encoded latents are divided by the deviations.
  const finite = (entry: unknown): entry is number =>
    Number.isFinite(entry) && (name !== 'latents_std' || entry !== 0);
  if (Array.isArray(value) && value.length === channels && value.every(finite)) return value;
  throw config.refuse(name, `${channels} numbers`);
}
