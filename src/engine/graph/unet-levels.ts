import type { ConfigReader } from '../../core/config-reader';
import { MOST_LAYERS } from './config-limits';

/** The transformers of a block. `layers`: the number of BasicTransformerBlocks after each ResNet. */
export interface TransformerLevel {
  readonly layers: readonly number[];
  readonly heads: number;
  readonly crossAttentionDim: number;
  readonly onlyCrossAttention: boolean;
}

export interface UNetLevel {
  readonly channels: number;
  /** ResNet blocks of the level. A level's up block has its own number. */
  readonly resnets: number;
  /** Absent in DownBlock2D and UpBlock2D. */
  readonly transformers?: TransformerLevel;
}

/** The blocks of a UNet. */
export interface UNetLevels {
  /** Width of the text features in cross attention. */
  readonly crossAttentionDim: number;
  /** Attention heads of each level, also of one without attention: a ControlNet may have attention there. */
  readonly heads: readonly number[];
  readonly down: readonly UNetLevel[];
  readonly mid: { readonly scale: number; readonly transformers?: TransformerLevel } | undefined;
  readonly up: readonly UNetLevel[];
}

const DOWN_BLOCKS = ['CrossAttnDownBlock2D', 'DownBlock2D'] as const;
const UP_BLOCKS = ['CrossAttnUpBlock2D', 'UpBlock2D'] as const;
const MID_BLOCKS = ['UNetMidBlock2DCrossAttn', 'UNetMidBlock2D'] as const;

/** Reads the block types and what belongs to each of them, with diffusers' defaults. */
export function parseLevels(config: ConfigReader, channels: readonly number[]): UNetLevels {
  const count = channels.length;
  const downTypes = config.choices('down_block_types', DOWN_BLOCKS, [
    'CrossAttnDownBlock2D',
    'CrossAttnDownBlock2D',
    'CrossAttnDownBlock2D',
    'DownBlock2D',
  ]);
  const upTypes = config.choices('up_block_types', UP_BLOCKS, [
    'UpBlock2D',
    'CrossAttnUpBlock2D',
    'CrossAttnUpBlock2D',
    'CrossAttnUpBlock2D',
  ]);
  if (downTypes.length !== count) {
    throw config.refuse('down_block_types', 'one for each of block_out_channels');
  }
  if (upTypes.length !== count) {
    throw config.refuse('up_block_types', 'one for each of block_out_channels');
  }
  const resnets = config.integerPerLevel('layers_per_block', count, 2, MOST_LAYERS);
  const heads = config.integerPerLevel('attention_head_dim', count, 8);
  const dims = config.integerPerLevel('cross_attention_dim', count, 1280);
  const only = config.booleanPerLevel('only_cross_attention', count, false);
  const [crossAttentionDim] = dims as [number];
  if (dims.some((dim) => dim !== crossAttentionDim)) {
    throw config.refuse('cross_attention_dim', 'the same number on every level');
  }
  const layers = parseTransformerLayers(config, resnets);
  const level = (index: number, stacks: readonly number[], crossAttention: boolean): UNetLevel => ({
    channels: channels[index]!,
    resnets: stacks.length,
    ...(crossAttention
      ? {
          transformers: {
            layers: stacks,
            heads: heads[index]!,
            crossAttentionDim,
            onlyCrossAttention: only[index]!,
          },
        }
      : {}),
  });
  const down = downTypes.map((type, index) =>
    level(index, layers.down[index]!, type === 'CrossAttnDownBlock2D'),
  );
  const up = upTypes.map((type, index) =>
    level(count - 1 - index, layers.up[index]!, type === 'CrossAttnUpBlock2D'),
  );
  const last = count - 1;
  const midTransformers = {
    layers: [layers.mid],
    heads: heads[last]!,
    crossAttentionDim,
    onlyCrossAttention: false,
  };
  return { down, up, crossAttentionDim, heads, mid: parseMid(config, midTransformers) };
}

function parseMid(config: ConfigReader, transformers: TransformerLevel): UNetLevels['mid'] {
  const scale = config.number('mid_block_scale_factor', 1, { notZero: true });
  if (config.raw('mid_block_type') === null) return undefined;
  const type = config.choice('mid_block_type', MID_BLOCKS, 'UNetMidBlock2DCrossAttn');
  return type === 'UNetMidBlock2D' ? { scale } : { scale, transformers };
}

interface TransformerLayers {
  /** For each down block: the number of layers after each ResNet. */
  readonly down: readonly (readonly number[])[];
  readonly mid: number;
  /** For each up block, in the order of the up blocks. */
  readonly up: readonly (readonly number[])[];
}

function parseTransformerLayers(
  config: ConfigReader,
  resnets: readonly number[],
): TransformerLayers {
  const name = 'transformer_layers_per_block';
  const reversed = 'reverse_transformer_layers_per_block';
  const value = config.raw(name) ?? 1;
  const perLevel = Array.isArray(value) ? (value as unknown[]) : resnets.map(() => value);
  if (perLevel.length !== resnets.length) throw config.refuse(name, `${resnets.length} entries`);
  const upResnets = [...resnets].reverse().map((count) => count + 1);
  const asymmetric = config.raw(reversed) ?? null;
  if (asymmetric === null && perLevel.some(Array.isArray)) {
    throw config.refuse(name, `whole numbers, as ${reversed} is not given`);
  }
  const upValue = asymmetric ?? [...perLevel].reverse();
  if (!Array.isArray(upValue) || upValue.length !== resnets.length) {
    throw config.refuse(reversed, `${resnets.length} entries`);
  }
  const stack = (field: string, entry: unknown, count: number): readonly number[] => {
    const list: unknown = Array.isArray(entry) ? entry : new Array<unknown>(count).fill(entry);
    const whole = (size: unknown): size is number =>
      Number.isInteger(size) && (size as number) >= 1 && (size as number) <= MOST_LAYERS;
    if (Array.isArray(list) && list.length >= count && list.every(whole))
      return list.slice(0, count);
    throw config.refuse(field, `whole numbers, ${count} on this level`);
  };
  return {
    down: perLevel.map((entry, level) => stack(name, entry, resnets[level]!)),
    mid: stack(name, perLevel[perLevel.length - 1], 1)[0]!,
    up: (upValue as unknown[]).map((entry, level) => stack(reversed, entry, upResnets[level]!)),
  };
}
