import { hasOneScale } from './scales';
import type { TensorRef } from './source';

/** What the names of a UNet begin with in the file of a whole model. */
export const UNET_PREFIX = 'model.diffusion_model.';
/** Of an autoencoder. One of these is used; diffusers looks for both. */
export const AUTOENCODER_PREFIXES: readonly string[] = ['first_stage_model.', 'vae.'];

/**
 * Converts a parameter's or module's name of the original UNet (openaimodel.py of CompVis/latent-diffusion) to
 * diffusers' name, like `convert_ldm_unet_checkpoint` (diffusers, loaders/single_file_utils.py).
 *
 * @param name without `model.diffusion_model.`
 * @param layersPerBlock ResNet blocks in each down block
 * @param separator between the parts of the name; LoRA files use `_`
 * @returns undefined for a name of another layout
 */
export function diffusersUNetName(
  name: string,
  layersPerBlock: number,
  separator: '.' | '_' = '.',
): string | undefined {
  const dotted = separator === '.' ? name : separateStart(name);
  const [kind = '', first, second, ...rest] = dotted.split('.');
  const join = (...parts: string[]): string => parts.join('.').replaceAll('.', separator);
  switch (kind) {
    case 'time_embed':
      return join(`time_embedding.linear_${layer(first)}`, ...tail(second, rest));
    case 'label_emb':
      // A table of classes (the noise levels of an upscaler), or two layers.
      if (first === 'weight') return join('class_embedding.weight');
      return join(`add_embedding.linear_${layer(second)}`, ...rest);
    case 'out':
      return join(first === '0' ? 'conv_norm_out' : 'conv_out', ...tail(second, rest));
    case 'input_blocks':
      return prefixed(inputBlock(Number(first), second, rest, layersPerBlock), join);
    case 'middle_block':
      return prefixed(middleBlock(first, tail(second, rest)), join);
    case 'output_blocks':
      return prefixed(outputBlock(Number(first), second, rest, layersPerBlock), join);
    default:
      return undefined;
  }
}

/** A Sequential's members 0 and 2 are its first and second linear layer. */
function layer(index: string | undefined): string {
  return index === '0' ? '1' : '2';
}

function tail(second: string | undefined, rest: readonly string[]): readonly string[] {
  return second === undefined ? rest : [second, ...rest];
}

function prefixed(
  parts: readonly string[] | undefined,
  join: (...parts: string[]) => string,
): string | undefined {
  return parts === undefined ? undefined : join(...parts);
}

function inputBlock(
  index: number,
  member: string | undefined,
  rest: readonly string[],
  layersPerBlock: number,
): readonly string[] | undefined {
  if (index === 0) return ['conv_in', ...rest];
  const block = Math.floor((index - 1) / (layersPerBlock + 1));
  const place = (index - 1) % (layersPerBlock + 1);
  const down = `down_blocks.${block}`;
  if (member === '1') return [`${down}.attentions.${place}`, ...rest];
  if (rest[0] === 'op') return [`${down}.downsamplers.0.conv`, ...rest.slice(1)];
  return [`${down}.resnets.${place}`, ...resnetMember(rest)];
}

function middleBlock(
  member: string | undefined,
  rest: readonly string[],
): readonly string[] | undefined {
  if (member === '1') return ['mid_block.attentions.0', ...rest];
  return [`mid_block.resnets.${member === '0' ? 0 : 1}`, ...resnetMember(rest)];
}

function outputBlock(
  index: number,
  member: string | undefined,
  rest: readonly string[],
  layersPerBlock: number,
): readonly string[] | undefined {
  const block = Math.floor(index / (layersPerBlock + 1));
  const up = `up_blocks.${block}`;
  const place = index % (layersPerBlock + 1);
  if (member === '0') return [`${up}.resnets.${place}`, ...resnetMember(rest)];
  // The upsampler is the last member. It is the second one if the level has no attention.
  if (rest[0] === 'conv') return [`${up}.upsamplers.0.conv`, ...rest.slice(1)];
  return [`${up}.attentions.${place}`, ...rest];
}

const RESNET_MEMBERS: Readonly<Record<string, string>> = {
  'in_layers.0': 'norm1',
  'in_layers.2': 'conv1',
  'out_layers.0': 'norm2',
  'out_layers.3': 'conv2',
  'emb_layers.1': 'time_emb_proj',
};

function resnetMember([name = '', index, ...rest]: readonly string[]): readonly string[] {
  if (name === 'skip_connection') return ['conv_shortcut', ...tail(index, rest)];
  const member = RESNET_MEMBERS[`${name}.${index ?? ''}`];
  return member === undefined ? [name, ...tail(index, rest)] : [member, ...rest];
}

/** Replaces underscores by dots between the parts that are converted. The rest of the name is not changed. */
function separateStart(name: string): string {
  const blocks = /^(input_blocks|output_blocks)_(\d+)_(\d+)(?:_(.*))?$/.exec(name);
  if (blocks !== null) return blockParts([blocks[1]!, blocks[2]!, blocks[3]!], blocks[4] ?? '');
  const middle = /^(middle_block)_(\d+)(?:_(.*))?$/.exec(name);
  if (middle !== null) return blockParts([middle[1]!, middle[2]!], middle[3] ?? '');
  const other = /^(time_embed|label_emb_0|out)_(\d+)$/.exec(name);
  return other === null ? name : `${other[1]!.replace('label_emb_0', 'label_emb.0')}.${other[2]!}`;
}

function blockParts(start: readonly string[], rest: string): string {
  const member = rest.replace(/^(in_layers|out_layers|emb_layers)_(\d)/, '$1.$2');
  return [...start, ...(member === '' ? [] : [member])].join('.');
}

const VAE_MEMBERS: Readonly<Record<string, string>> = {
  norm_out: 'conv_norm_out',
  nin_shortcut: 'conv_shortcut',
};

/** The members of the attention block. Its linear layers are stored as 1 × 1 convolutions. */
const VAE_ATTENTION: Readonly<Record<string, string>> = {
  norm: 'group_norm',
  q: 'to_q',
  k: 'to_k',
  v: 'to_v',
  proj_out: 'to_out.0',
};

/**
 * Converts a parameter's name of the original autoencoder (CompVis/taming-transformers, model.py) to
 * diffusers' name, like `convert_ldm_vae_checkpoint` (diffusers, loaders/single_file_utils.py).
 *
 * @param name without `first_stage_model.`
 * @param levels number of resolutions. The original numbers the up blocks from the highest resolution,
 *   diffusers from the lowest
 */
export function diffusersVaeName(name: string, levels: number): string {
  const attention = /^(encoder|decoder)\.mid\.attn_1\.(\w+)\.(.*)$/.exec(name);
  if (attention !== null) {
    const [, coder, member, parameter] = attention;
    return `${coder!}.mid_block.attentions.0.${VAE_ATTENTION[member!] ?? member!}.${parameter!}`;
  }
  return name
    .replace(/\bmid\.block_([12])\b/, (_, block) => `mid_block.resnets.${Number(block) - 1}`)
    .replace(/\bdown\.(\d+)\.block\.(\d+)/, 'down_blocks.$1.resnets.$2')
    .replace(/\bdown\.(\d+)\.downsample\b/, 'down_blocks.$1.downsamplers.0')
    .replace(
      /\bup\.(\d+)\.block\.(\d+)/,
      (_, level, block) => `${up(level, levels)}.resnets.${String(block)}`,
    )
    .replace(/\bup\.(\d+)\.upsample\b/, (_, level) => `${up(level, levels)}.upsamplers.0`)
    .replace(/\b(norm_out|nin_shortcut)\b/, (member) => VAE_MEMBERS[member]!);
}

function up(level: unknown, levels: number): string {
  return `up_blocks.${levels - 1 - Number(level)}`;
}

const OPEN_CLIP_MEMBERS: Readonly<Record<string, string>> = {
  ln_1: 'layer_norm1',
  ln_2: 'layer_norm2',
  'mlp.c_fc': 'mlp.fc1',
  'mlp.c_proj': 'mlp.fc2',
  'attn.out_proj': 'self_attn.out_proj',
};

const FIXED: Readonly<Record<string, string>> = {
  positional_embedding: 'text_model.embeddings.position_embedding.weight',
  'token_embedding.weight': 'text_model.embeddings.token_embedding.weight',
  'ln_final.weight': 'text_model.final_layer_norm.weight',
  'ln_final.bias': 'text_model.final_layer_norm.bias',
};

const PROJECTIONS = ['q_proj', 'k_proj', 'v_proj'];

/**
 * Converts a tensor of CLIP's text transformer with transformers' names. stable-diffusion.cpp gives them to OpenCLIP too
 * (`--convert-name`), and leaves its fused `in_proj` and its projection as they are (name_conversion.cpp).
 *
 * @param name without the model's prefix
 */
export function diffusersClipTensors(name: string, tensor: TensorRef): readonly TensorRef[] {
  if (name === 'text_model.text_projection') {
    return [transpose({ ...tensor, name: 'text_projection.weight' })];
  }
  const [, module, parameter] = FUSED.exec(name) ?? [];
  if (module === undefined || parameter === undefined) return [{ ...tensor, name }];
  return threeProjections(tensor, module, parameter);
}

/** Queries, keys and values in one, under transformers' names. */
export const FUSED = /^(text_model\.encoder\.layers\.\d+\.self_attn)\.in_proj\.(weight|bias)$/;

function threeProjections(tensor: TensorRef, module: string, parameter: string): TensorRef[] {
  return PROJECTIONS.map((projection, index) =>
    third(tensor, index, `${module}.${projection}.${parameter}`),
  );
}

/**
 * Converts a tensor of OpenCLIP's text transformer (open_clip, transformer.py) to the tensors of transformers'
 * CLIPTextModel, like `convert_open_clip_checkpoint` (diffusers, loaders/single_file_utils.py). A fused
 * `in_proj` is split into three ranges of rows; the projection is transposed.
 *
 * @param name without the model's prefix
 * @returns an empty list if diffusers does not use the tensor
 */
export function diffusersOpenClipTensors(name: string, tensor: TensorRef): readonly TensorRef[] {
  if (Object.hasOwn(FIXED, name)) return [{ ...tensor, name: FIXED[name]! }];
  if (name === 'text_projection') return [transpose({ ...tensor, name: 'text_projection.weight' })];
  const match = /^transformer\.resblocks\.(\d+)\.(.*)$/.exec(name);
  if (match === null) return [];
  const layer = `text_model.encoder.layers.${match[1]!}`;
  const rest = match[2]!;
  const fused = /^attn\.in_proj_(weight|bias)$/.exec(rest);
  if (fused !== null) return threeProjections(tensor, `${layer}.self_attn`, fused[1]!);
  const dot = rest.lastIndexOf('.');
  const member = OPEN_CLIP_MEMBERS[rest.slice(0, dot)];
  return member === undefined ? [] : [{ ...tensor, name: `${layer}.${member}${rest.slice(dot)}` }];
}

/** One of three equal ranges of rows. */
function third(tensor: TensorRef, index: number, name: string): TensorRef {
  const [rows = 0, ...columns] = tensor.shape;
  const length = tensor.length / 3;
  const shape = [rows / 3, ...columns];
  const { scale } = tensor;
  const own = scale && !hasOneScale(scale) ? { scale: third(scale, index, scale.name) } : {};
  return { ...tensor, ...own, name, shape, length, offset: tensor.offset + index * length };
}

function transpose(tensor: TensorRef): TensorRef {
  const shape = [...tensor.shape].reverse();
  return { ...tensor, shape, transposed: tensor.transposed !== true };
}
