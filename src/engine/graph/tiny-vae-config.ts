import { ConfigReader } from '../../core/config-reader';
import type { Activation } from './ops/activation';
import { MOST_LATENT_CHANNELS, MOST_LAYERS, MOST_LEVELS } from './config-limits';
import { DIFFUSERS_ACTIVATIONS } from './unet-config';

/** An AutoencoderTiny, TAESD (diffusers, models/autoencoders/autoencoder_tiny.py). */
export interface TinyVaeConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly latentChannels: number;
  readonly encoder: readonly TinyVaeLevel[];
  readonly decoder: readonly TinyVaeLevel[];
  readonly activation: Activation;
  readonly upsamplingFactor: number;
  /** Image pixels per latent cell, on each side. */
  readonly spatialFactor: number;
  /** The pipeline divides latents by it before decoding. It is 1 in every published TAESD. */
  readonly scalingFactor: number;
}

export interface TinyVaeLevel {
  readonly channels: number;
  readonly blocks: number;
}

/** latent_magnitude and latent_shift are only used by `scale_latents`, for latents stored as bytes. */
const HARMLESS = [
  'block_out_channels',
  'force_upcast',
  'latent_magnitude',
  'latent_shift',
  'shift_factor',
  'sample_size',
];

/**
 * Reads an AutoencoderTiny's config.json with diffusers' defaults.
 *
 * @param where the config's path, for messages
 * @throws EaselError `unsupported-config`; the message names the field
 */
export function parseTinyVaeConfig(json: unknown, where: string): TinyVaeConfig {
  const config = new ConfigReader(json, where);
  config.only('_class_name', 'AutoencoderTiny');
  config.only('upsample_fn', 'nearest');
  const encoder = levels(config, 'encoder', [1, 3, 3, 3]);
  const parsed: TinyVaeConfig = {
    inChannels: config.integer('in_channels', 3, 1, MOST_LATENT_CHANNELS),
    outChannels: config.integer('out_channels', 3, 1, MOST_LATENT_CHANNELS),
    latentChannels: config.integer('latent_channels', 4, 1, MOST_LATENT_CHANNELS),
    encoder,
    decoder: levels(config, 'decoder', [3, 3, 3, 1]),
    activation: config.choice('act_fn', DIFFUSERS_ACTIVATIONS, 'relu'),
    upsamplingFactor: config.integer('upsampling_scaling_factor', 2, 1, MOST_LEVELS),
    spatialFactor: 2 ** (encoder.length - 1),
    scalingFactor: config.number('scaling_factor', 1, { notZero: true }),
  };
  config.finish(HARMLESS);
  return parsed;
}

function levels(
  config: ConfigReader,
  side: 'encoder' | 'decoder',
  fallback: readonly number[],
): readonly TinyVaeLevel[] {
  const channels = config.integers(`${side}_block_out_channels`, [64, 64, 64, 64]);
  // Zero is valid: a level without blocks only resamples.
  const blocks = config.integers(`num_${side}_blocks`, fallback, 0, MOST_LAYERS);
  if (channels.length > MOST_LEVELS) {
    throw config.refuse(`${side}_block_out_channels`, `1 to ${MOST_LEVELS} levels`);
  }
  if (blocks.length !== channels.length) {
    throw config.refuse(`num_${side}_blocks`, `one for each of ${side}_block_out_channels`);
  }
  return channels.map((count, index) => ({ channels: count, blocks: blocks[index]! }));
}
