import type { JsonObject } from '../../../../core/json';
import { parseUNetConfig, type UNetConfig } from '../../../graph/unet-config';
import { diffusersUNetName } from '../../../weights/original-names';

/** The UNet of a single file. */
export interface UNetLayout {
  readonly config: JsonObject;
  /** Diffusers' name of a tensor; undefined for one of another layout. @param name without `model.diffusion_model.` */
  readonly rename: (name: string) => string | undefined;
}

/**
 * The config of the UNet that is in a file, and its names. Where the file has other blocks than the published network,
 * the config has those: BK-SDM, small-sd and tiny-sd have one ResNet in the place of two, and KOALA too; Segmind's and
 * KOALA's transformers have fewer layers; most have no attention in the middle, or no middle at all.
 *
 * The blocks are numbered one after the other, or with gaps where a network has fewer than the full one: so diffusers'
 * convert_diffusers_to_original_stable_diffusion.py numbers them, and stable-diffusion.cpp expects it. That script
 * leaves the attention of the first up block with the names of diffusers.
 *
 * @param config of the full network
 * @param names of the UNet's tensors, without `model.diffusion_model.`
 * @throws EaselError `unsupported-config`
 */
export function unetLayout(config: JsonObject, names: readonly string[], file: string): UNetLayout {
  const full = layoutOf(config, Number(config.layers_per_block));
  const input = levelsOf(names, 'input_blocks', 'op');
  const output = levelsOf(names, 'output_blocks', 'conv');
  const resnets = input.levels[0]?.length ?? 0;
  const isEven =
    resnets > 0 &&
    input.levels.length === output.levels.length &&
    input.levels.every(({ length }) => length === resnets) &&
    output.levels.every(({ length }) => length === resnets + 1);
  // Another network altogether: what is missing is said where its graph is written.
  if (!isEven) return full;
  const numbers = {
    input_blocks: consecutive(input, { first: 1, perLevel: resnets + 1 }),
    output_blocks: consecutive(output, { first: 0, perLevel: resnets + 1 }),
  };
  const rename = (name: string): string | undefined => {
    if (/^up_blocks\.\d+\.attentions\./.test(name)) return name;
    const renumbered = name.replace(
      /^(input_blocks|output_blocks)\.(\d+)\./,
      (start, side: keyof typeof numbers, index: string) => {
        const number = numbers[side].get(Number(index));
        return number === undefined ? start : `${side}.${number}.`;
      },
    );
    return diffusersUNetName(renumbered, resnets);
  };
  const found = blocksOf(names.flatMap((name) => rename(name) ?? []), input.levels.length, resnets); // prettier-ignore
  if (found === undefined || hasBlocks(parseUNetConfig(config, file), found)) {
    return { config, rename };
  }
  return { config: withBlocks(config, found, resnets), rename };
}

function layoutOf(config: JsonObject, resnets: number): UNetLayout {
  return { config, rename: (name) => diffusersUNetName(name, resnets) };
}

interface Levels {
  /** For each level the numbers of its ResNets. */
  readonly levels: readonly (readonly number[])[];
  /** The number of the resampler after a level, by the level. */
  readonly resamplers: ReadonlyMap<number, number>;
}

/** @param resampler the module that ends a level */
function levelsOf(names: readonly string[], side: string, resampler: 'op' | 'conv'): Levels {
  const modules = new Map<number, Set<string>>();
  const pattern = new RegExp(`^${side}\\.(\\d+)\\.\\d+\\.(\\w+)\\.`);
  for (const name of names) {
    const [, index, module] = pattern.exec(name) ?? [];
    if (index === undefined || module === undefined) continue;
    const found = modules.get(Number(index)) ?? new Set();
    modules.set(Number(index), found.add(module));
  }
  const levels: number[][] = [];
  const resamplers = new Map<number, number>();
  let isEnded = true;
  for (const [index, found] of [...modules].sort(([a], [b]) => a - b)) {
    if (found.has('in_layers')) {
      if (isEnded) levels.push([]);
      levels.at(-1)?.push(index);
      isEnded = false;
    }
    if (!found.has(resampler)) continue;
    resamplers.set(levels.length - 1, index);
    isEnded = true;
  }
  return { levels, resamplers };
}

/** The numbers of blocks one after the other, by those in the file. */
function consecutive(
  { levels, resamplers }: Levels,
  { first, perLevel }: { readonly first: number; readonly perLevel: number },
): ReadonlyMap<number, number> {
  const numbers = new Map<number, number>();
  for (const [level, index] of resamplers) numbers.set(index, first + (level + 1) * perLevel - 1);
  levels.forEach((blocks, level) => {
    blocks.forEach((index, place) => numbers.set(index, first + level * perLevel + place));
  });
  return numbers;
}

/** The blocks of a UNet: layers of the transformers after each ResNet, and none without attention. */
interface Blocks {
  readonly down: readonly (readonly number[])[];
  readonly up: readonly (readonly number[])[];
  readonly mid: 'UNetMidBlock2DCrossAttn' | 'UNetMidBlock2D' | null;
}

const LAYER = /^(down|up)_blocks\.(\d+)\.attentions\.(\d+)\.transformer_blocks\.(\d+)\./;

/** @returns undefined where only a part of a level has attention, which no network of diffusers has */
function blocksOf(names: readonly string[], levels: number, resnets: number): Blocks | undefined {
  const depths = new Map<string, number>();
  for (const name of names) {
    const [, side, level, place, layer] = LAYER.exec(name) ?? [];
    if (side === undefined) continue;
    const key = `${side} ${level} ${place}`;
    depths.set(key, Math.max(depths.get(key) ?? 0, Number(layer) + 1));
  }
  const sideOf = (side: string, places: number) =>
    Array.from({ length: levels }, (_, level) =>
      Array.from({ length: places }, (_, place) => depths.get(`${side} ${level} ${place}`) ?? 0),
    );
  const [down, up] = [sideOf('down', resnets), sideOf('up', resnets + 1)];
  const isPartly = (level: readonly number[]) => level.includes(0) && level.some((depth) => depth > 0); // prettier-ignore
  if ([...down, ...up].some(isPartly)) return undefined;
  const withAttention = (level: readonly number[]) => (level.includes(0) ? [] : level);
  const has = (start: string) => names.some((name) => name.startsWith(start));
  const attends = has('mid_block.attentions.') ? 'UNetMidBlock2DCrossAttn' : 'UNetMidBlock2D';
  return {
    down: down.map(withAttention),
    up: up.map(withAttention),
    mid: has('mid_block.') ? attends : null,
  };
}

/** Whether a config has these blocks. */
function hasBlocks({ down, up, mid }: UNetConfig, found: Blocks): boolean {
  const own = [down, up].map((side) => side.map(({ transformers }) => transformers?.layers ?? []));
  const attends = mid?.transformers ? 'UNetMidBlock2DCrossAttn' : 'UNetMidBlock2D';
  const sides = [found.down, found.up];
  return JSON.stringify([own, mid ? attends : null]) === JSON.stringify([sides, found.mid]);
}

function withBlocks(config: JsonObject, { down, up, mid }: Blocks, resnets: number): JsonObject {
  const shortened = (field: string) => {
    const value = config[field];
    return Array.isArray(value) ? { [field]: value.slice(0, down.length) as unknown[] } : {};
  };
  const type = (level: readonly number[], side: 'Down' | 'Up') =>
    `${level.length > 0 ? 'CrossAttn' : ''}${side}Block2D`;
  const layers = (level: readonly number[]) => (level.length > 0 ? level : 1);
  return {
    ...config,
    ...shortened('block_out_channels'),
    ...shortened('attention_head_dim'),
    ...shortened('only_cross_attention'),
    down_block_types: down.map((level) => type(level, 'Down')),
    up_block_types: up.map((level) => type(level, 'Up')),
    layers_per_block: resnets,
    mid_block_type: mid,
    transformer_layers_per_block: down.map(layers),
    reverse_transformer_layers_per_block: up.map(layers),
  };
}
