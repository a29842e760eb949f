import { ConfigReader } from '../../core/config-reader';
import { isRecord } from '../../core/json';
import { MOST_LEVELS } from './config-limits';
import { parseUNetConfig, type UNetConfig } from './unet-config';

/** A ControlNetModel (diffusers, models/controlnets/controlnet.py): the way down of a UNet, and what reads the image. */
export interface ControlNetConfig extends UNetConfig {
  /** Channels of the layers that read the control image. All but the first halve its sides. */
  readonly imageChannels: readonly number[];
  /** Whether the network was trained on images with blue as their first channel. */
  readonly isBgr: boolean;
  /** Whether what it adds is the same at every place: the mean of all. */
  readonly globalPool: boolean;
}

/** Fields that a UNet does not have. */
const OWN = [
  'conditioning_channels',
  'conditioning_embedding_out_channels',
  'controlnet_conditioning_channel_order',
  'global_pool_conditions',
  'num_attention_heads',
];

/**
 * Reads a ControlNetModel's config.json with diffusers' defaults.
 *
 * @param where the config's path, for messages
 * @throws EaselError `unsupported-config`; the message names the field
 */
export function parseControlNetConfig(json: unknown, where: string): ControlNetConfig {
  const config = new ConfigReader(json, where);
  config.only('_class_name', 'ControlNetModel');
  config.only('conditioning_channels', 3);
  const imageChannels = config.integers(
    'conditioning_embedding_out_channels',
    [16, 32, 96, 256],
    1,
  );
  if (imageChannels.length > MOST_LEVELS) {
    throw config.refuse('conditioning_embedding_out_channels', `1 to ${MOST_LEVELS} numbers`);
  }
  return {
    ...parseUNetConfig(unetFields(config, isRecord(json) ? json : {}), where),
    imageChannels,
    isBgr: config.choice('controlnet_conditioning_channel_order', ['rgb', 'bgr'], 'rgb') === 'bgr',
    globalPool: config.boolean('global_pool_conditions', false),
  };
}

/** The fields of a UNet with this way down. What it has on the way up is not used. */
function unetFields(
  config: ConfigReader,
  json: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const fields = Object.entries(json).filter(([name]) => !OWN.includes(name));
  const { down_block_types: down } = json;
  const up = Array.isArray(down) && {
    up_block_types: down.map((type) => String(type).replace('Down', 'Up')).reverse(),
  };
  // diffusers: `num_attention_heads or attention_head_dim`.
  const heads = config.given('num_attention_heads') && {
    attention_head_dim: json.num_attention_heads,
  };
  return { ...Object.fromEntries(fields), _class_name: 'UNet2DConditionModel', ...up, ...heads };
}
