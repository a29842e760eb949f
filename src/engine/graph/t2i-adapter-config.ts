import { ConfigReader } from '../../core/config-reader';
import { MOST_LAYERS, MOST_LEVELS } from './config-limits';

const TYPES = ['full_adapter', 'full_adapter_xl', 'light_adapter'] as const;

/** A T2IAdapter (arXiv:2302.08453; diffusers, models/adapter.py). */
export interface T2IAdapterConfig {
  readonly type: (typeof TYPES)[number];
  /** Of the control image: 1 is grey, 3 is RGB. */
  readonly imageChannels: 1 | 3;
  /** How many pixels of the image, in a row, become one cell at once. */
  readonly downscale: number;
  /** Each gives features. */
  readonly blocks: readonly AdapterBlock[];
}

export interface AdapterBlock {
  readonly channels: number;
  readonly resnets: number;
  /** Whether it halves the sides of what it is given. */
  readonly halves: boolean;
}

/** More pixels in a row than any published adapter joins. */
const MOST_PIXELS = 64;
/** The levels that `full_adapter_xl` widens, and the only one of them that is halved. */
const XL = { widened: [1, 2], halved: 2 };
/** A light block computes with a quarter of its channels. */
export const LIGHT_SHARE = 4;

/**
 * Reads a T2IAdapter's config.json with diffusers' defaults.
 *
 * @param where the config's path, for messages
 * @throws EaselError `unsupported-config`; the message names the field
 */
export function parseT2IAdapterConfig(json: unknown, where: string): T2IAdapterConfig {
  const config = new ConfigReader(json, where);
  config.only('_class_name', 'T2IAdapter');
  const type = config.choice('adapter_type', TYPES, 'full_adapter');
  const imageChannels = config.integer('in_channels', 3, 1, 3);
  if (imageChannels === 2) throw config.refuse('in_channels', '1 (grey) or 3 (RGB)');
  const channels = config.integers('channels', [320, 640, 1280, 1280]);
  if (channels.length > MOST_LEVELS) throw config.refuse('channels', `1 to ${MOST_LEVELS} numbers`);
  if (type === 'light_adapter' && channels.some((count) => count < LIGHT_SHARE)) {
    throw config.refuse('channels', `numbers of at least ${LIGHT_SHARE}`);
  }
  const widens = (count: number, index: number) => index > 0 && count !== channels[index - 1];
  if (
    type === 'full_adapter_xl' &&
    channels.some((count, index) => widens(count, index) && !XL.widened.includes(index))
  ) {
    throw config.refuse('channels', 'the same number from the third one on');
  }
  const resnets = config.integer('num_res_blocks', 2, 1, MOST_LAYERS);
  const downscale = config.integer('downscale_factor', 8, 1, MOST_PIXELS);
  config.finish([]);
  return {
    type,
    imageChannels: imageChannels === 1 ? 1 : 3,
    downscale,
    blocks: adapterBlocks(type, channels, resnets),
  };
}

/** The blocks of an adapter. @param channels as in its config */
export function adapterBlocks(
  type: T2IAdapterConfig['type'],
  channels: readonly number[],
  resnets: number,
): readonly AdapterBlock[] {
  const isHalved = (index: number) =>
    type === 'full_adapter_xl' ? index === XL.halved : index > 0;
  // A light adapter has another block as wide as its last.
  const all = type === 'light_adapter' ? [...channels, channels.at(-1)!] : channels;
  return all.map((count, index) => ({ channels: count, resnets, halves: isHalved(index) }));
}
