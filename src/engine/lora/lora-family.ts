import type { WeightSource } from '../weights/source';
import { columnsOf } from './lora-changes';
import type { LoraComponent } from './lora-names';
import type { ParameterChange } from './lora-modules';

/** Families of models that use different weights, by their names for the user. */
const FAMILIES = {
  sd1: 'Stable Diffusion 1 (SD 1.x)',
  sd2: 'Stable Diffusion 2 (SD 2.x)',
  /** Stable Diffusion 1 or 2: neither has a second text encoder. */
  sd: 'Stable Diffusion 1 or 2',
  sdxl: 'Stable Diffusion XL (SDXL)',
  refiner: "Stable Diffusion XL's refiner",
  sd3: 'Stable Diffusion 3 (SD 3)',
  flux: 'FLUX',
  qwen: 'Qwen-Image',
  wan: 'Wan',
  cascade: 'Stable Cascade',
  hunyuan: 'HunyuanVideo',
  hunyuandit: 'HunyuanDiT',
  hidream: 'HiDream',
  auraflow: 'AuraFlow',
  zimage: 'Z-Image',
  lumina: 'Lumina',
  pixart: 'PixArt or Sana',
  ltx: 'LTX-Video',
  cogvideo: 'CogVideoX',
  kandinsky: 'Kandinsky',
  transformer: 'a model with a transformer instead of a UNet',
} as const;

type FamilyName = keyof typeof FAMILIES;

/** What is known of the family that a file was made for. */
export interface LoraFamily {
  /** By names and shapes of tensors. */
  readonly sure: FamilyName | undefined;
  /** By the metadata that trainers write, which is only used to explain why a file does not fit. */
  readonly likely: FamilyName | undefined;
}

/** Names that only one family's networks have, with dots or underscores. The first that matches decides. */
const BY_NAME: readonly (readonly [RegExp, FamilyName])[] = [
  [/double_blocks\.\d+\.img_(?:attn_qkv|mod\.linear)/, 'hunyuan'],
  [/(?:^|[._])(?:double|single)_stream_blocks[._]\d/, 'hidream'],
  [/(?:^|[._])(?:joint_transformer_blocks|double_layers)[._]\d/, 'auraflow'],
  [/(?:^|[._])(?:double_blocks|single_blocks|single_transformer_blocks)[._]\d/, 'flux'],
  [/(?:^|[._])joint_blocks[._]\d/, 'sd3'],
  [/(?:^|[._])transformer_blocks[._]\d+[._](?:img|txt)_(?:mlp|mod)[._]/, 'qwen'],
  [/(?:^|[._])blocks[._]\d+[._](?:cross_attn|self_attn)[._][qkvo][._]/, 'wan'],
  [/(?:^|[._])blocks[._]\d+[._](?:attn1[._]Wqkv|attn2[._](?:kv|q)_proj)/, 'hunyuandit'],
  [/(?:^|[._])blocks[._]\d+[._](?:attn[._]qkv|cross_attn[._](?:kv|q)_linear)/, 'pixart'],
  [/(?:^|[._])layers[._]\d+[._]attention[._]to_[qkv]/, 'zimage'],
  [/(?:^|[._])layers[._]\d+[._](?:attention[._]qkv|attn[._]to_[qkv])/, 'lumina'],
  [/(?:down|up)_blocks[._]\d.*[._]add_[kv]_proj/, 'kandinsky'],
  [/^lora_prior_/, 'cascade'],
];

/** Blocks of transformers that share their names: their attention, and the family by the width of its inputs. */
const BY_ATTENTION: readonly (readonly [RegExp, Readonly<Record<number, FamilyName>>])[] = [
  [/^(?:transformer_)?transformer_blocks_\d+_attn_(?:add_[qkv]_proj|to_[qkv])$/, { 1536: 'sd3', 2432: 'sd3', 3072: 'qwen' }],
  // diffusers' "transformer.blocks" of Wan and HunyuanDiT, and "transformer_blocks".
  [/^(?:transformer_){0,2}blocks_\d+_attn1_to_[qkv]$/, { 1152: 'pixart', 2240: 'pixart', 2048: 'ltx', 1920: 'cogvideo', 3072: 'cogvideo', 1408: 'hunyuandit', 1536: 'wan', 5120: 'wan' }],
]; // prettier-ignore

/** Names of several families, if nothing else tells. */
const BY_SHARED_NAME: readonly (readonly [RegExp, FamilyName])[] = [
  [/(?:^|[._])transformer_blocks[._]\d+[._](?:attn[._](?:add_[qkv]|to_add_out)|ff_context)/, 'sd3'],
  [
    /^(?:lora_)?transformer[._]|^lora_te3[._]|(?:^|[._])t5xxl[._]|^diffusion_model\.layers\.\d/,
    'transformer',
  ],
  [/^(?:(?:base_model\.model|diffusion_model)\.|lora_unet_)?(?:transformer_)?blocks[._]\d/, 'transformer'],
]; // prettier-ignore

/** Widths of the text features: CLIP ViT-L, OpenCLIP ViT-H, both encoders of SDXL, its second encoder. */
const BY_WIDTH: Readonly<Record<number, FamilyName>> = {
  768: 'sd1',
  1024: 'sd2',
  2048: 'sdxl',
  1280: 'refiner',
};

/** Beginnings of the metadata's values: kohya's `ss_base_model_version`, `modelspec.architecture`. */
const BY_METADATA: readonly (readonly [RegExp, FamilyName])[] = [
  [/^(?:sdxl|stable-diffusion-xl)/, 'sdxl'],
  [/^(?:sd3|stable-diffusion-3)/, 'sd3'],
  [/^(?:sd_?v?1|stable-diffusion-v1)/, 'sd1'],
  [/^(?:sd_?v?2|stable-diffusion-v2)/, 'sd2'],
  [/^flux/, 'flux'],
  [/^qwen/, 'qwen'],
  [/^wan/, 'wan'],
  [/^hunyuan/, 'hunyuan'],
];

/** A text attention's key projection: its inputs are the text features. */
const TEXT_KEY = 'attn2_to_k';

type NamedChange = ParameterChange & {
  readonly component: LoraComponent;
  readonly module: string;
};

/**
 * Recognises the family of a LoRA file.
 * @param names of all its tensors
 */
export function loraFamily(
  names: Iterable<string>,
  changes: readonly NamedChange[],
  metadata: ReadonlyMap<string, string>,
): LoraFamily {
  return { sure: byTensors([...names], changes), likely: byMetadata(metadata) };
}

function byTensors(
  names: readonly string[],
  changes: readonly NamedChange[],
): FamilyName | undefined {
  const named = (table: typeof BY_NAME) =>
    table.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  const family = named(BY_NAME) ?? byAttention(changes) ?? named(BY_SHARED_NAME);
  if (family !== undefined) return family;
  for (const { component, module, change } of changes) {
    if (component === 'unet' && module.endsWith(TEXT_KEY)) {
      const family = BY_WIDTH[columnsOf(change) ?? 0];
      if (family !== undefined) return family;
    }
  }
  return changes.some(({ component }) => component === 'text_encoder_2') ? 'sdxl' : undefined;
}

function byAttention(changes: readonly NamedChange[]): FamilyName | undefined {
  for (const { component, module, change } of changes) {
    if (component !== 'unet') continue;
    const widths = BY_ATTENTION.find(([pattern]) => pattern.test(module))?.[1];
    const family = widths?.[columnsOf(change) ?? 0];
    if (family !== undefined) return family;
  }
  return undefined;
}

function byMetadata(metadata: ReadonlyMap<string, string>): FamilyName | undefined {
  for (const key of ['modelspec.architecture', 'ss_base_model_version']) {
    const value = metadata.get(key)?.toLowerCase();
    const found = BY_METADATA.find(([pattern]) => value !== undefined && pattern.test(value));
    if (found !== undefined) return found[1];
  }
  return undefined;
}

/** The family of a model, by its UNet: SDXL's takes the pooled text, and the others differ in their width. */
export function modelFamily(unet: WeightSource): FamilyName {
  let width: number | undefined;
  let added = false;
  for (const name of unet.names()) {
    if (name.startsWith('add_embedding.')) added = true;
    if (name.endsWith('attn2.to_k.weight')) width ??= unet.get(name)?.shape[1];
  }
  if (added) return width === 1280 ? 'refiner' : 'sdxl';
  const family = width === undefined ? undefined : BY_WIDTH[width];
  return family === 'sd1' || family === 'sd2' ? family : 'sd';
}

/** Names in lists of models, as `ModelEntry.family` has them. */
const LABELS: Readonly<Record<FamilyName, string>> = {
  ...FAMILIES,
  sd1: 'SD 1.x',
  sd2: 'SD 2.x',
  sdxl: 'SDXL',
  refiner: 'SDXL refiner',
  sd3: 'SD 3',
  // Several families.
  sd: '',
  transformer: '',
};

/** The family of a LoRA for lists; empty where it is not known. */
export function familyLabel({ sure, likely }: LoraFamily): string {
  return LABELS[sure ?? likely ?? 'sd'];
}

/** Whether a LoRA was surely made for another family than the model's. */
export function isOtherFamily({ sure }: LoraFamily, model: FamilyName): boolean {
  if (sure === undefined || sure === model) return false;
  return !(model === 'sd' && (sure === 'sd1' || sure === 'sd2'));
}

/** Both families in words: `It is for A, and this model is B.` */
export function describeFamilies({ sure, likely }: LoraFamily, model: FamilyName): string {
  const made = sure ?? likely;
  if (made === undefined || made === model) return `This model is ${FAMILIES[model]}.`;
  return `It is for ${FAMILIES[made]}, and this model is ${FAMILIES[model]}.`;
}
