/** The name of a tensor that only upscalers of the ESRGAN family have. */
const UPSCALER_TENSOR = /^conv_first\.|\.rdb\d\.|^model\.\d+\.(sub\.|weight$)|^body\.\d+\.weight$/i;

/** Kinds of files of weights by the names of their tensors: what they are, and which option takes them. */
type Kinds = readonly (readonly [RegExp, string])[];

/** A kind of network, as in "x is a hypernetwork, which Easel does not support". */
export function unsupported(what: string): string {
  return `${what}, which Easel does not support`;
}

const LORA = 'a LoRA: give it with --lora, together with a model';
const FOLDER = 'give the folder that holds model_index.json';

/** What is added to a model. The first pattern that any name matches decides. */
const ADAPTERS: Kinds = [
  [/^lora_controlnet$|^lllite_|(^|\.)task_embedding$/, unsupported('a ControlNet of another kind')],
  [
    /^control_model\.|^controlnet_|(^|\.)controlnet_cond_embedding|(^|\.)input_hint_block\./,
    'a ControlNet: give it with --controlnet, together with a model',
  ],
  [/\.lora_(down|up|A|B)\b|[._]lora\.(down|up)\.|^lora_|\.lora_magnitude/, LORA],
  [/\.(hada_w[12]_[ab]|lokr_w[12]|oft_blocks|oft_diag|boft|glora)\b/, LORA],
  [
    /^(emb_params|string_to_param|string_to_token|clip_[lg]|text_encoders_[01]|<.*>)$|^bundle_emb\./,
    'a textual inversion: give it with --embedding',
  ],
  [
    /^ip_adapter\.|^image_proj(_model)?\.|\.to_k_ip\.|^adapter\.\d/,
    'an IP-Adapter: give it with --ip-adapter, together with a model',
  ],
  [
    /^(adapter\.)?body\.\d+\.(resnets|in_conv|body|block1)\./,
    'a T2I-Adapter: give it with --controlnet, together with a model',
  ],
  [/motion_modules\./, unsupported('a motion module (AnimateDiff)')],
  [/^(768|320|640|1280|1024)(\.linear\.\d|$)/, unsupported('a hypernetwork')],
  [/\.time_stack\.|temporal_transformer/, unsupported('Stable Video Diffusion')],
];

/** What a model consists of, and networks beside it. */
const PARTS: Kinds = [
  // With the names of llama.cpp, too.
  [
    /^model\.layers\.\d+\.self_attn|^transformer\.h\.\d+\.|^((enc|dec)\.)?blk\.\d+\./,
    'a language model. It cannot draw',
  ],
  [
    /^(\w+\.)?vision_model\.|^visual\./,
    'an image encoder (CLIP): give it with --ip-adapter-image-encoder, together with an IP-Adapter',
  ],
  [/^(\w+\.)?text_model\.|^transformer\.resblocks\./, `a text encoder alone: ${FOLDER}`],
  [
    /^(encoder\.block\.\d+\.layer|shared\.weight)/,
    'a text encoder alone (T5). It cannot draw by itself',
  ],
  [
    /^(down_blocks|mid_block|up_blocks|input_blocks|middle_block)\./,
    'a UNet alone: give it with --unet, together with a model of its family',
  ],
  // Those of videos, of which Qwen-Image has one too.
  [
    /^(encoder|decoder)\.(middle|upsamples|downsamples)\.|^(encoder|decoder)\.(.*\.gamma$|conv_in\.conv\.)|^per_channel_statistics\./,
    unsupported('an autoencoder of another family (such as Wan, Qwen-Image or LTX)'),
  ],
  [
    /^(first_stage_model\.|vae\.)?(encoder|decoder)\.|^(post_)?quant_conv\.|^\d+\.(conv\.\d+\.)?(weight|bias)$/,
    'an autoencoder alone: give it with --vae, together with a model',
  ],
  [UPSCALER_TENSOR, 'an upscaler (ESRGAN): give it with --upscale, together with a model'],
];

const WHOLE: Kinds = [
  [
    /^model\.diffusion_model\.|^first_stage_model\.|^cond_stage_model\.|^conditioner\./,
    'a whole model: give it with --model',
  ],
];

/** What a file of these tensors adds to a model; undefined where it is none of these. */
export function knownAdapter(names: readonly string[]): string | undefined {
  return among(ADAPTERS, names);
}

/** What part of a model a file of these tensors is; undefined where it is none. */
export function knownPart(names: readonly string[]): string | undefined {
  return among(PARTS, names);
}

/** What a file of these tensors is, for an error about one that was given with the wrong option. */
export function knownFile(names: readonly string[]): string | undefined {
  return knownAdapter(names) ?? among(WHOLE, names) ?? knownPart(names);
}

function among(kinds: Kinds, names: readonly string[]): string | undefined {
  return kinds.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}
