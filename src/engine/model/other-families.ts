import type { JsonObject } from '../../core/json';

/** What Easel draws instead of a model of another family. */
export const DRAWS = 'Easel draws Stable Diffusion 1, 2, XL, Turbo and LCM';

/** A family of models that Easel does not draw. */
interface OtherFamily {
  /** As its users call it. */
  readonly name: string;
  /** Its pipelines, and the networks that only it has: the beginnings of their classes in diffusers. */
  readonly classes: RegExp;
  /**
   * Names of tensors that only its networks have, in diffusers and in the original code
   * (`CHECKPOINT_KEY_NAMES`, diffusers, loaders/single_file_utils.py).
   */
  readonly tensors?: RegExp;
  /** Names of which there must be one, too. */
  readonly besides?: RegExp;
}

/** The first that matches decides: those with the same blocks as another are before it. */
const OTHER_FAMILIES: readonly OtherFamily[] = [
  {
    name: 'Chroma',
    classes: /^Chroma/,
    tensors: /(^|\.)distilled_guidance_layer\./,
  },
  {
    name: 'FLUX.3',
    classes: /^Flux3/,
    tensors: /(^|\.)(early_stream_modulations|ref_time_in)\./,
  },
  {
    name: 'FLUX.2',
    classes: /^Flux2/,
    tensors: /(^|\.)(double|single)_stream_modulation(_img|_txt)?\./,
  },
  {
    name: 'HiDream',
    classes: /^HiDream/,
    tensors: /(^|\.)((double|single)_stream_blocks|x_embedder\.proj1)\./,
  },
  {
    name: 'HunyuanDiT',
    classes: /^HunyuanDiT/,
    tensors: /(^|\.)(mlp_t5\.\d|text_embedding_padding$)/,
  },
  {
    name: 'HunyuanImage or HunyuanVideo',
    classes: /^Hunyuan(Image|Video|Skyreels)/,
    tensors: /(^|\.)(txt_in\.individual_token_refiner|context_embedder\.token_refiner)\./,
  },
  {
    name: 'AuraFlow',
    classes: /^AuraFlow/,
    tensors: /(^|\.)(double_layers\.|joint_transformer_blocks\.)/,
  },
  {
    name: 'a model similar to FLUX.1',
    classes: /^OvisImage/,
    tensors: /(^|\.)double_blocks\.\d+\.img_mlp\.gate_proj\./,
  },
  {
    name: 'FLUX.1',
    classes: /^Flux/,
    tensors: /(^|\.)double_blocks\.\d+\.img_attn\./,
  },
  {
    name: 'FLUX.1',
    classes: /^Flux/,
    tensors: /(^|\.)single_transformer_blocks\./,
    besides: /(^|\.)time_text_embed\.text_embedder\./,
  },
  {
    name: 'a model similar to FLUX.1',
    classes: /^(Bria|LongCatImage)/,
    tensors: /(^|\.)single_transformer_blocks\./,
  },
  {
    name: 'Qwen-Image',
    classes: /^QwenImage/,
    tensors: /(^|\.)transformer_blocks\.\d+\.(img_mod|txt_mlp|img_mlp\.gate_layer)\./,
  },
  {
    name: 'Stable Diffusion 3 or 3.5',
    classes: /^(StableDiffusion3|SD3)/,
    tensors: /(^|\.)(joint_blocks\.|transformer_blocks\.\d+\.attn\.add_[kqv]_proj)/,
  },
  {
    name: 'Z-Image',
    classes: /^ZImage/,
    tensors: /(^|\.)(all_x_embedder\.|layers\.\d+\.adaLN_modulation\.0\.)/,
  },
  {
    name: 'OmniGen',
    classes: /^OmniGen/,
    tensors: /(^|\.)(ref_image_refiner|input_x_embedder)\./,
  },
  {
    name: 'Lumina',
    classes: /^Lumina/,
    tensors: /(^|\.)(cap_embedder|time_caption_embed)\./,
  },
  {
    name: 'Stable Cascade',
    classes: /^StableCascade/,
    tensors: /(^|\.)(clip_txt_mapper|clip_txt_pooled_mapper|effnet_mapper)\./,
  },
  {
    name: 'Würstchen',
    classes: /^Wuerstchen/,
    tensors: /\.channelwise\.|^blocks\.\d+\.attention\.attn\./,
  },
  {
    name: 'Sana',
    classes: /^Sana/,
    tensors: /\.(inverted_conv|conv_inverted)\b/,
  },
  {
    name: 'LTX',
    classes: /^LTX/,
    tensors: /(^|\.)(patchify_proj|time_embed\.emb)\./,
  },
  {
    name: 'PixArt',
    classes: /^PixArt/,
    tensors: /(^|\.)(y_embedder\.y_|t_block\.|caption_projection\.|adaln_single\.)/,
  },
  {
    name: 'Kandinsky',
    classes: /^(Kandinsky|PriorTransformer)/,
    tensors:
      /^(model\.)?(clip_img_proj|prd_emb(edding)?)\b|(^|\.)encoder_hid_proj\.(image_embeds|image_norm|projection_linear)\.|(^|\.)add_embedding\.(image_norm|image_proj)\.|(^|\.)visual_transformer_blocks\./,
  },
  {
    name: 'DeepFloyd IF',
    classes: /^IF(Img2Img|Inpainting|SuperResolution)*Pipeline/,
    tensors: /(^|\.)(encoder_pooling\.\d|add_embedding\.(pool|norm1)\.)/,
  },
  {
    name: 'Wan',
    classes: /^(Wan|SkyReels)/,
    tensors: /^(model\.diffusion_model\.)?(patch_embedding\.|head\.modulation$)/,
  },
  {
    name: 'GLM-Image',
    classes: /^GlmImage/,
    tensors: /(^|\.)(glyph|prior)_projector\./,
  },
  {
    name: 'CogVideoX or CogView',
    classes: /^(Cog(Video|View)|ConsisID)/,
    tensors:
      /(^|\.)(patch_embed\.text_proj|time_condition_embed|mixins\.(patch_embed|adaln_layer))\./,
  },
  {
    name: 'Anima',
    classes: /^Anima(?!te)/,
    tensors: /(^|\.)llm_adapter\.blocks\./,
  },
  {
    name: 'Cosmos',
    classes: /^Cosmos/,
    tensors:
      /(^|\.)(learnable_pos_embed|x_embedder\.proj\.1|time_embed\.t_embedder|net\.pos_embedder|mlp_moe_gen)\./,
  },
  {
    name: 'ERNIE-Image',
    classes: /^ErnieImage/,
    tensors: /(^|\.)layers\.\d+\.adaLN_sa_ln\./,
  },
  {
    name: 'Ideogram',
    classes: /^Ideogram/,
    tensors: /(^|\.)embed_image_indicator\./,
  },
  {
    name: 'Krea 2',
    classes: /^Krea/,
    tensors: /(^|\.)(txtfusion|text_fusion)\./,
  },
  {
    name: 'Mochi',
    classes: /^Mochi/,
    tensors: /(^|\.)(t5_y_embedder|t5_yproj|time_embed\.caption_proj)\./,
  },
  {
    name: 'PRX',
    classes: /^PRX/,
    tensors: /(^|\.)blocks\.\d+\.attention\.img_qkv_proj\./,
  },
  {
    name: 'Stable Audio',
    classes: /^StableAudio/,
    tensors: /(^|\.)conditioners\.seconds_(start|total)\./,
  },
  // Other UNets with this layer are those of families above.
  { name: 'Kolors', classes: /^Kolors/, tensors: /(^|\.)encoder_hid_proj\.weight$/ },
];

/** The family that a class of diffusers (a pipeline or a network) belongs to; undefined where it is not known. */
export function familyOfClass(className: string): string | undefined {
  return OTHER_FAMILIES.find(({ classes }) => classes.test(className))?.name;
}

/** The family of a file, by the names of its tensors; undefined where they do not say it. */
export function familyOfTensors(names: Iterable<string>): string | undefined {
  const all = [...names];
  const has = (pattern: RegExp) => all.some((name) => pattern.test(name));
  return OTHER_FAMILIES.find(
    ({ tensors, besides }) => tensors && has(tensors) && (!besides || has(besides)),
  )?.name;
}

/**
 * The family that a config of a `UNet2DConditionModel` belongs to, where it is one of those whose UNets have that class
 * too; undefined where it is none.
 */
export function familyOfUNet(config: JsonObject): string | undefined {
  const { addition_embed_type: added, encoder_hid_dim_type: features } = config;
  if (features === 'image_proj' || features === 'text_image_proj') return 'Kandinsky';
  return added === 'text' ? 'DeepFloyd IF' : undefined;
}
