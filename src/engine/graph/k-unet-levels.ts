import type { ConfigReader } from '../../core/config-reader';
import { MOST_LAYERS } from './config-limits';
import type { UNetLevel, UNetLevels } from './unet-levels';

/** The channels of a group in the norms of these blocks (diffusers, `resnet_group_size`). */
export const K_GROUP_SIZE = 32;

/** A block on the way down or up. */
export interface KLevel {
  readonly channels: number;
  readonly resnets: number;
  /** Absent in KDownBlock2D and KUpBlock2D. */
  readonly attention?: KAttention;
}

export interface KAttention {
  /** The channels of one head. */
  readonly headSize: number;
  /** Whether the tokens also attend to each other. */
  readonly self: boolean;
}

/** The blocks of k-diffusion's UNet (diffusers, `KDownBlock2D` and its kin in unet_2d_blocks.py). */
export interface KLevels {
  readonly down: readonly KLevel[];
  readonly up: readonly KLevel[];
}

const DOWN_BLOCKS = ['KCrossAttnDownBlock2D', 'KDownBlock2D'] as const;
const UP_BLOCKS = ['KCrossAttnUpBlock2D', 'KUpBlock2D'] as const;

/** Whether a config's blocks are those of k-diffusion's UNet. */
export function hasKBlocks(config: ConfigReader): boolean {
  const types = [config.raw('down_block_types'), config.raw('up_block_types')].flat();
  return types.some(
    (type) => typeof type === 'string' && /^K(CrossAttn)?(Down|Up)Block2D$/.test(type),
  );
}

/**
 * Reads the block types and what belongs to each of them. There is no mid block.
 * @param timeDim width of the time embedding
 */
export function parseKLevels(
  config: ConfigReader,
  channels: readonly number[],
  timeDim: number,
): UNetLevels & { readonly k: KLevels } {
  const count = channels.length;
  const downTypes = config.choices('down_block_types', DOWN_BLOCKS, []);
  const upTypes = config.choices('up_block_types', UP_BLOCKS, []);
  for (const [name, types] of Object.entries({
    down_block_types: downTypes,
    up_block_types: upTypes,
  })) {
    if (types.length !== count) throw config.refuse(name, 'one for each of block_out_channels');
  }
  if (channels.some((size) => size % K_GROUP_SIZE !== 0)) {
    throw config.refuse('block_out_channels', `multiples of ${K_GROUP_SIZE}`);
  }
  // There is no mid block that would scale.
  config.raw('mid_block_scale_factor');
  if (config.raw('mid_block_type') !== null) throw config.refuse('mid_block_type', 'null');
  const resnets = config.integerPerLevel('layers_per_block', count, 2, MOST_LAYERS);
  const headSizes = config.integerPerLevel('attention_head_dim', count, 8);
  const crossAttentionDim = config.integer('cross_attention_dim', 1280);
  // These blocks take no heed of it.
  config.booleanPerLevel('only_cross_attention', count, false);
  const last = count - 1;
  const level = (depth: number, attention: KAttention | undefined): KLevel => ({
    channels: channels[depth]!,
    resnets: resnets[depth]!,
    ...(attention && { attention }),
  });
  const attentionOf = (headSize: number, self: boolean, widths: readonly number[]): KAttention => {
    if (widths.every((width) => width % headSize === 0)) return { headSize, self };
    throw config.refuse('attention_head_dim', 'the channels of a head, a divisor of all channels');
  };
  const down = downTypes.map((type, depth) => {
    const attends = type === 'KCrossAttnDownBlock2D';
    const widths = [channels[depth]!];
    return level(
      depth,
      attends ? attentionOf(headSizes[depth]!, depth === last, widths) : undefined,
    );
  });
  const up = upTypes.map((type, index) => {
    const depth = last - index;
    const attends = type === 'KCrossAttnUpBlock2D';
    const [inner, outer] = [channels[depth]!, outerChannels(channels, depth)];
    // `is_first_block`: it takes the channels of its level alone.
    const self = attends && inner === timeDim && outer === timeDim;
    if (self === hasSkip(down, depth)) {
      const fitting = 'blocks of which the first alone has no skip connection';
      throw config.refuse('up_block_types', fitting);
    }
    if (!attends && outer % (inner / K_GROUP_SIZE) !== 0) {
      throw config.refuse('block_out_channels', 'channels that can be cut into groups');
    }
    // diffusers does not reverse the sizes of heads for the way up, as it does the other lists.
    return level(depth, attends ? attentionOf(headSizes[index]!, self, [inner, outer]) : undefined);
  });
  return {
    crossAttentionDim,
    heads: channels.map((width, depth) => Math.floor(width / headSizes[depth]!)),
    down: down.map(withoutAttention),
    mid: undefined,
    up: up.map(withoutAttention),
    k: { down, up },
  };
}

/** Whether the block up at a depth takes what the block down there gives. The deepest with attention gives nothing. */
export function hasSkip(down: readonly KLevel[], depth: number): boolean {
  return depth < down.length - 1 || down[depth]!.attention === undefined;
}

/** What a block up gives to the next: the channels of the level above, and on the first level its own. */
export function outerChannels(channels: readonly number[], depth: number): number {
  return channels[Math.max(depth - 1, 0)]!;
}

function withoutAttention({ channels, resnets }: KLevel): UNetLevel {
  return { channels, resnets };
}
