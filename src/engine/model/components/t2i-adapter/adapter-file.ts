import { adapterBlocks, type T2IAdapterConfig } from '../../../graph/t2i-adapter-config';
import { sourceOf, type TensorRef, type WeightSource } from '../../../weights/source';
import { countOf, unsupportedControl, type ControlFile } from '../control/base';

type Tensors = ReadonlyMap<string, TensorRef>;

/** In diffusers' layout, and in the original one of full and of light adapters. */
const BLOCK =
  /^(?:adapter\.)?body\.\d+\.(?:(?:(?:resnets|body)\.\d+\.)?block1|(?:in|out)_conv)\.weight$/;

/** Whether a file of weights is a T2I-Adapter's, by the names of its tensors. */
export function isAdapterFile(names: Iterable<string>): boolean {
  for (const name of names) if (BLOCK.test(name)) return true;
  return false;
}

/** Convolutions that halve, or beside the blocks, which no published adapter has. */
const OTHER = /\.(?:down_opt\.op|skep)\.weight$/;

/**
 * Reads a T2I-Adapter in one file, in diffusers' layout or in the original one (adapter.py of TencentARC/T2I-Adapter),
 * and what its config would say. As in ComfyUI, one that joins 16 pixels is for SDXL.
 * @throws EaselError `unsupported-model` where it is built in another way
 */
export function readAdapterFile({ id, file, tensors }: ControlFile): {
  readonly config: T2IAdapterConfig;
  readonly weights: WeightSource;
} {
  const names = [...tensors.keys()];
  if (names.some((name) => OTHER.test(name))) {
    throw unsupportedControl(id, 'a T2I-Adapter of another layout, which Easel does not support');
  }
  const own = renamed(tensors);
  return { config: configOf(id, own), weights: sourceOf(file, own) };
}

/** By diffusers' names. */
function renamed(tensors: Tensors): Tensors {
  const plain = new Map<string, TensorRef>();
  for (const [name, tensor] of tensors) plain.set(name.replace(/^adapter\./, ''), tensor);
  const perLevel = plain.has('body.0.block1.weight') ? resnetsPerLevel(plain) : undefined;
  const entries = Array.from(plain, ([name, tensor]) => {
    const known = `adapter.${diffusersName(name, perLevel)}`;
    return [known, { ...tensor, name: known }] as const;
  });
  return new Map(entries);
}

/** In the original layout of full adapters, whose blocks are in one list: the second level begins wider. */
function resnetsPerLevel(tensors: Tensors): number {
  const [, ...rest] = Array.from({ length: blocksOf(tensors) }, (_, index) => index);
  return rest.find((index) => tensors.has(`body.${index}.in_conv.weight`)) ?? blocksOf(tensors);
}

function blocksOf(tensors: Tensors): number {
  return countOf((index) => tensors.has(`body.${index}.block1.weight`));
}

/** @param perLevel resnets of each level, of a full adapter in the original layout */
function diffusersName(name: string, perLevel: number | undefined): string {
  // A light adapter has a body in each block of its body.
  const light = name.replace(/^(body\.\d+)\.body\./, '$1.resnets.');
  if (perLevel === undefined) return light;
  const [, block, rest] = /^body\.(\d+)\.(.*)$/.exec(name) ?? [];
  if (block === undefined || rest === undefined) return name;
  const level = Math.floor(Number(block) / perLevel);
  const inside = rest.startsWith('in_conv.') ? rest : `resnets.${Number(block) % perLevel}.${rest}`;
  return `body.${level}.${inside}`;
}

function configOf(id: string, tensors: Tensors): T2IAdapterConfig {
  const sizeOf = (name: string, axis: 0 | 1) => tensors.get(`adapter.${name}.weight`)?.shape[axis];
  const isLight = tensors.has('adapter.body.0.out_conv.weight');
  const inputs = sizeOf(isLight ? 'body.0.in_conv' : 'conv_in', 1) ?? 0;
  const imageChannels = Number.isInteger(Math.sqrt(inputs)) ? 1 : 3;
  const downscale = Math.sqrt(inputs / imageChannels);
  const has = (level: number, nth: number) =>
    tensors.has(`adapter.body.${level}.resnets.${nth}.block1.weight`);
  const levels = countOf((level) => has(level, 0));
  const last = isLight ? 'out_conv' : 'resnets.0.block1';
  const channels = Array.from(
    { length: levels },
    (_, level) => sizeOf(`body.${level}.${last}`, 0) ?? 0,
  );
  if (!Number.isInteger(downscale) || downscale === 0 || levels === 0 || channels.includes(0)) {
    throw unsupportedControl(id, 'a T2I-Adapter of another layout, which Easel does not support');
  }
  const type = isLight ? 'light_adapter' : downscale === 16 ? 'full_adapter_xl' : 'full_adapter';
  const resnets = countOf((nth) => has(0, nth));
  const blocks = adapterBlocks(type, isLight ? channels.slice(0, -1) : channels, resnets);
  return { type, imageChannels, downscale, blocks };
}
