import type { TensorRef } from '../../../weights/source';
import { DRAWS, familyOfTensors } from '../../other-families';

type Tensors = ReadonlyMap<string, TensorRef>;

const LORA = 'a LoRA: give it with --lora, together with a model';
const FOLDER = 'give the folder that holds model_index.json';
const unsupported = (what: string) => `${what}, which Easel does not support`;

/**
 * Files that are not a whole supported model, by the names of their tensors: what they are, and what to do. The
 * first pattern that any name matches decides: of adapters, then of other families, then of parts.
 */
const ADAPTERS: readonly (readonly [RegExp, string])[] = [
  [/^lora_controlnet$|^lllite_|(^|\.)task_embedding$/, unsupported('a ControlNet of another kind')],
  [
    /^control_model\.|^controlnet_|(^|\.)controlnet_cond_embedding|(^|\.)input_hint_block\./,
    'a ControlNet: give it with --controlnet, together with a model',
  ],
  [/\.lora_(down|up|A|B)\b|[._]lora\.(down|up)\.|^lora_|\.lora_magnitude/, LORA],
  [/\.(hada_w[12]_[ab]|lokr_w[12]|oft_blocks|oft_diag|boft|glora)\b/, LORA],
  [
    /^(emb_params|string_to_param|clip_[lg]|<.*>)$/,
    'a textual inversion: give it with --embedding',
  ],
  [
    /^ip_adapter\.|^image_proj(_model)?\./,
    'an IP-Adapter: give it with --ip-adapter, together with a model',
  ],
  [
    /^(adapter\.)?body\.\d+\.(resnets|in_conv|body|block1)\./,
    'a T2I-Adapter: give it with --controlnet, together with a model',
  ],
  [/motion_modules\./, unsupported('a motion module (AnimateDiff)')],
  [/\.time_stack\.|temporal_transformer/, unsupported('Stable Video Diffusion')],
];

const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^model\.layers\.\d+\.self_attn|^transformer\.h\.\d+\./, 'a language model. It cannot draw'],
  [/^(\w+\.)?vision_model\.|^visual\./, 'an image encoder (CLIP). It cannot draw by itself'],
  [/^(\w+\.)?text_model\.|^transformer\.resblocks\./, `a text encoder alone: ${FOLDER}`],
  [
    /^(encoder\.block\.\d+\.layer|shared\.weight)/,
    'a text encoder alone (T5). It cannot draw by itself',
  ],
  [
    /^(down_blocks|mid_block|up_blocks|input_blocks|middle_block)\./,
    'a UNet alone: give it with --unet, together with a model of its family',
  ],
  [
    /^(first_stage_model\.|vae\.)?(encoder|decoder)\.|^(post_)?quant_conv\.|^\d+\.(conv\.\d+\.)?(weight|bias)$/,
    'an autoencoder alone: give it with --vae, together with a model',
  ],
  [
    /^conv_first\.|\.rdb\d\.|^model\.\d+\.(sub\.|weight)/,
    'an upscaler (ESRGAN): give it with --upscale, together with a model',
  ],
];

/** What a file is that is no whole model of a supported family; undefined if no pattern says it. */
export function partOfModel(tensors: Tensors): string | undefined {
  if (isWholeModel(tensors)) return undefined;
  const names = [...tensors.keys()];
  const among = (kinds: typeof PARTS) =>
    kinds.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  const family = familyOfTensors(names);
  return among(ADAPTERS) ?? (family && `${unsupported(family)}. ${DRAWS}`) ?? among(PARTS);
}

/** Whether a checkpoint has the UNet of Stable Diffusion 1, 2 or XL, or its moving average. */
function isWholeModel(tensors: Tensors): boolean {
  if (tensors.has('model.diffusion_model.input_blocks.0.0.weight')) return true;
  return [...tensors.keys()].some((name) => name.startsWith('model_ema.diffusion_model'));
}
