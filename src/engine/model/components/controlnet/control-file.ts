import path from 'node:path';
import { EaselError } from '../../../../core/errors';
import type { ControlNetConfig } from '../../../graph/controlnet-config';
import type { UNetConfig } from '../../../graph/unet-config';
import type { TransformerLevel, UNetLevel } from '../../../graph/unet-levels';
import { diffusersUNetName } from '../../../weights/original-names';
import { knownFile } from '../../../weights/known-files';
import { sourceOf, type TensorRef, type WeightSource } from '../../../weights/source';
import { partOfModel } from '../../layouts/single-file/other-file';
import { familyOfTensors } from '../../other-families';
import { countOf, unsupportedControl, type ControlFile } from '../control/base';
import { labelOfTextWidth, textWidthOf } from '../unet/unet';

type Tensors = ReadonlyMap<string, TensorRef>;

interface ControlNetFile extends ControlFile {
  /** The UNet that it is for. */
  readonly unet: UNetConfig;
}

export interface FoundControl {
  readonly family: string;
  /** Of the text features; undefined without attention to them. */
  readonly textWidth: number | undefined;
  /** That of the UNet, which a ControlNet is a copy of, as far as the weights' shapes do not say more. */
  readonly config: () => ControlNetConfig;
  readonly weights: WeightSource;
}

/** Networks that control in other ways, by names of their tensors. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)(task_embedding|control_add_embedding|control_type_proj)/, 'a ControlNet Union'],
  [/^lora_controlnet$/, 'a Control-LoRA'],
  [/^lllite_/, 'a ControlNet-LLLite'],
  [/^difference$/, 'a ControlNet as differences to a model'],
  [
    /(^|\.)(base_to_ctrl|ctrl_to_base|control_to_base_for_conv_in|enc_zero_convs_(in|out))\./,
    'a ControlNet-XS',
  ],
  [/^style_embedding$/, 'a T2I-Adapter for styles'],
  [/motion_modules?\./, 'a motion module (AnimateDiff)'],
  [
    /^controlnet_(mode_embedder|x_embedder|blocks|single_blocks)|pos_embed_input\./,
    'a ControlNet for another family',
  ],
];

const IMAGE_EMBEDDING = 'controlnet_cond_embedding';

/**
 * Reads a ControlNet in one file, in diffusers' layout or in the original one (`control_model.*`, cldm.py of
 * lllyasviel/ControlNet), like `convert_controlnet_checkpoint` (diffusers, loaders/single_file_utils.py).
 * @throws EaselError `unsupported-model` for another kind of network; `model-incomplete` where a part is missing
 */
export function readControlFile({ id, file, tensors, unet }: ControlNetFile): FoundControl {
  const names = [...tensors.keys()];
  if (names.some((name) => /^ip_adapter\.|^image_proj(_model)?\./.test(name))) {
    throw unsupportedControl(id, 'an IP-Adapter. Give it with --ip-adapter');
  }
  const other = OTHERS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  if (other !== undefined) throw unsupportedControl(id, `${other}, which Easel does not support`);
  const own = renamed(tensors);
  const readsImages = own.has(`${IMAGE_EMBEDDING}.conv_in.weight`);
  if (!readsImages || !own.has('conv_in.weight')) {
    const what = readsImages ? undefined : partOfModel(tensors);
    const family = familyOfTensors(names);
    throw unsupportedControl(
      id,
      family
        ? `of ${family}, which Easel does not support`
        : (what ?? knownFile(names) ?? 'not a ControlNet'),
    );
  }
  const textWidth = textWidthOf(own);
  const isXl = own.has('add_embedding.linear_1.weight');
  const pools = poolsByName(file);
  return {
    family: isXl ? 'SDXL' : labelOfTextWidth(textWidth),
    textWidth,
    config: () => configOf({ id, unet, tensors: own, pools }),
    weights: sourceOf(file, own),
  };
}

/** The file of `control_v11e_sd15_shuffle` has a config beside it that says so (`global_average_pooling`). */
function poolsByName(file: string): boolean {
  return /shuffle/i.test(path.basename(file));
}

function renamed(tensors: Tensors): Tensors {
  const names = [...tensors.keys()];
  if (names.some((name) => name.startsWith(`${IMAGE_EMBEDDING}.`))) return tensors;
  const prefix = names.some((name) => name.startsWith('control_model.')) ? 'control_model.' : '';
  const inside = names.filter((name) => name.startsWith(prefix));
  const own = inside.map((name) => name.slice(prefix.length));
  const first = own.flatMap((name) => /^input_blocks\.(\d+)\.0\.op\.weight$/.exec(name)?.[1] ?? []);
  // The first block that halves the image comes after the blocks of the first level, and conv_in.
  const layersPerBlock = Math.min(...first.map(Number)) - 1;
  const lastHint = Math.max(
    ...own.map((name) => Number(/^input_hint_block\.(\d+)\./.exec(name)?.[1] ?? -1)),
  );
  const entries = own.flatMap((name, index) => {
    const known = diffusersName(name, { layersPerBlock, lastHint });
    if (known === undefined) return [];
    return [[known, { ...tensors.get(inside[index]!)!, name: known }] as const];
  });
  return new Map(entries);
}

function diffusersName(
  name: string,
  { layersPerBlock, lastHint }: { readonly layersPerBlock: number; readonly lastHint: number },
): string | undefined {
  const zero = /^zero_convs\.(\d+)\.0\.(\w+)$/.exec(name);
  if (zero) return `controlnet_down_blocks.${zero[1]!}.${zero[2]!}`;
  const middle = /^middle_block_out\.0\.(\w+)$/.exec(name);
  if (middle) return `controlnet_mid_block.${middle[1]!}`;
  const hint = /^input_hint_block\.(\d+)\.(\w+)$/.exec(name);
  if (!hint) return diffusersUNetName(name, layersPerBlock);
  // Every second member of the Sequential is an activation.
  const index = Number(hint[1]);
  const member =
    index === 0 ? 'conv_in' : index === lastHint ? 'conv_out' : `blocks.${index / 2 - 1}`;
  return `${IMAGE_EMBEDDING}.${member}.${hint[2]!}`;
}

interface ConfigFacts {
  readonly id: string;
  readonly unet: UNetConfig;
  readonly tensors: Tensors;
  readonly pools: boolean;
}

function configOf({ id, unet, tensors, pools }: ConfigFacts): ControlNetConfig {
  const has = (name: string) => tensors.has(name);
  const sizeOf = (name: string, axis: number): number => {
    const size = tensors.get(name)?.shape[axis];
    if (size !== undefined) return size;
    const message = `${id} has no weight ${name}, so it is no whole ControlNet. Download it again.`;
    throw new EaselError('model-incomplete', message, { tensor: name });
  };
  // The number of heads is in no weight: it is that of the model.
  const transformersOf = (level: number, layers: readonly number[]): TransformerLevel => ({
    layers,
    heads: unet.heads[level] ?? unet.heads.at(-1)!,
    crossAttentionDim: unet.crossAttentionDim,
    onlyCrossAttention: false,
  });
  const levels = countOf((index) => has(`down_blocks.${index}.resnets.0.conv1.weight`));
  const down = Array.from({ length: levels }, (_, index): UNetLevel => {
    const level = `down_blocks.${index}`;
    const resnets = countOf((nth) => has(`${level}.resnets.${nth}.conv1.weight`));
    const channels = sizeOf(`${level}.resnets.0.conv1.weight`, 0);
    const layers = transformerLayers(has, `${level}.attentions.0`);
    if (layers === 0) return { channels, resnets };
    const stacks = new Array<number>(resnets).fill(layers);
    return { channels, resnets, transformers: transformersOf(index, stacks) };
  });
  const midLayers = transformerLayers(has, 'mid_block.attentions.0');
  const scale = unet.mid?.scale ?? 1;
  const between = countOf((index) => has(`${IMAGE_EMBEDDING}.blocks.${2 * index + 1}.weight`));
  return {
    ...unet,
    inChannels: sizeOf('conv_in.weight', 1),
    centerInputSample: false,
    timeEmbedding: { ...unet.timeEmbedding, condProjDim: undefined },
    down,
    // A pruned model, such as SSD-1B, may have no attention there, or no mid block.
    mid:
      midLayers > 0 ? { scale, transformers: transformersOf(levels - 1, [midLayers]) } : { scale },
    imageChannels: [
      sizeOf(`${IMAGE_EMBEDDING}.conv_in.weight`, 0),
      ...Array.from({ length: between }, (_, index) =>
        sizeOf(`${IMAGE_EMBEDDING}.blocks.${2 * index + 1}.weight`, 0),
      ),
    ],
    isBgr: false,
    globalPool: pools,
  };
}

function transformerLayers(has: (name: string) => boolean, attention: string): number {
  return countOf((index) => has(`${attention}.transformer_blocks.${index}.attn1.to_q.weight`));
}
