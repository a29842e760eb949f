import type { JsonObject } from '../../../../core/json';

/** The configs that are not in a single file, as the model's diffusers repository publishes them. */
export interface SingleFileConfigs {
  readonly pipeline: string;
  readonly unet: JsonObject;
  readonly vae: JsonObject;
  /** Absent for SDXL's refiner. */
  readonly textEncoder?: JsonObject;
  /** SDXL's second text encoder. */
  readonly textEncoder2?: JsonObject;
  readonly scheduler: JsonObject;
  /** Adds noise to the image that an upscaler makes larger. */
  readonly lowResScheduler?: JsonObject;
  /** Fields of model_index.json that a pipeline reads. Default: none. */
  readonly index?: JsonObject;
}

/** Kinds of single files, by architecture and input of the UNet. */
export type SingleFileKind =
  | 'sd1'
  | 'sd1-inpainting'
  | 'sd1-edit'
  | 'sd2'
  | 'sd2-inpainting'
  | 'sd2-upscaling'
  | 'sdxl'
  | 'sdxl-inpainting'
  | 'sdxl-edit'
  | 'sdxl-refiner'
  | 'cosxl'
  | 'cosxl-edit'
  | 'playground';

const CROSS_DOWN = 'CrossAttnDownBlock2D';
const CROSS_UP = 'CrossAttnUpBlock2D';

const UNET = {
  _class_name: 'UNet2DConditionModel',
  _diffusers_version: '0.10.0',
  act_fn: 'silu',
  center_input_sample: false,
  downsample_padding: 1,
  flip_sin_to_cos: true,
  freq_shift: 0,
  in_channels: 4,
  layers_per_block: 2,
  mid_block_scale_factor: 1,
  norm_eps: 1e-5,
  norm_num_groups: 32,
  out_channels: 4,
};

const SD1_UNET = {
  ...UNET,
  attention_head_dim: 8,
  block_out_channels: [320, 640, 1280, 1280],
  cross_attention_dim: 768,
  down_block_types: [CROSS_DOWN, CROSS_DOWN, CROSS_DOWN, 'DownBlock2D'],
  sample_size: 64,
  up_block_types: ['UpBlock2D', CROSS_UP, CROSS_UP, CROSS_UP],
};

const SD2_UNET = {
  ...SD1_UNET,
  attention_head_dim: [5, 10, 20, 20],
  cross_attention_dim: 1024,
  dual_cross_attention: false,
  sample_size: 96,
  upcast_attention: true,
  use_linear_projection: true,
};

const UPSCALING_UNET = {
  ...UNET,
  attention_head_dim: 8,
  block_out_channels: [256, 512, 512, 1024],
  cross_attention_dim: 1024,
  down_block_types: ['DownBlock2D', CROSS_DOWN, CROSS_DOWN, CROSS_DOWN],
  dual_cross_attention: false,
  in_channels: 7,
  num_class_embeds: 1000,
  only_cross_attention: [true, true, true, false],
  sample_size: 128,
  up_block_types: [CROSS_UP, CROSS_UP, CROSS_UP, 'UpBlock2D'],
  use_linear_projection: true,
};

const XL_UNET = {
  ...UNET,
  addition_embed_type: 'text_time',
  addition_time_embed_dim: 256,
  attention_head_dim: [5, 10, 20],
  block_out_channels: [320, 640, 1280],
  cross_attention_dim: 2048,
  down_block_types: ['DownBlock2D', CROSS_DOWN, CROSS_DOWN],
  projection_class_embeddings_input_dim: 2816,
  sample_size: 128,
  transformer_layers_per_block: [1, 2, 10],
  up_block_types: [CROSS_UP, CROSS_UP, 'UpBlock2D'],
  use_linear_projection: true,
};

const VAE = {
  _class_name: 'AutoencoderKL',
  _diffusers_version: '0.10.0',
  act_fn: 'silu',
  block_out_channels: [128, 256, 512, 512],
  down_block_types: new Array<string>(4).fill('DownEncoderBlock2D'),
  in_channels: 3,
  latent_channels: 4,
  layers_per_block: 2,
  norm_num_groups: 32,
  out_channels: 3,
  sample_size: 512,
  scaling_factor: 0.18215,
  up_block_types: new Array<string>(4).fill('UpDecoderBlock2D'),
};

const CLIP_L = {
  architectures: ['CLIPTextModel'],
  bos_token_id: 0,
  eos_token_id: 2,
  hidden_act: 'quick_gelu',
  hidden_size: 768,
  intermediate_size: 3072,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 77,
  model_type: 'clip_text_model',
  num_attention_heads: 12,
  num_hidden_layers: 12,
  pad_token_id: 1,
  projection_dim: 768,
  vocab_size: 49408,
};

/** OpenCLIP ViT-H without its last layer. */
const CLIP_H = {
  ...CLIP_L,
  hidden_act: 'gelu',
  hidden_size: 1024,
  intermediate_size: 4096,
  num_attention_heads: 16,
  num_hidden_layers: 23,
  projection_dim: 512,
};

/** OpenCLIP ViT-bigG. */
const CLIP_G = {
  ...CLIP_L,
  architectures: ['CLIPTextModelWithProjection'],
  hidden_act: 'gelu',
  hidden_size: 1280,
  intermediate_size: 5120,
  num_attention_heads: 20,
  num_hidden_layers: 32,
  projection_dim: 1280,
};

const SCHEDULE = {
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  clip_sample: false,
  num_train_timesteps: 1000,
  prediction_type: 'epsilon',
  set_alpha_to_one: false,
  skip_prk_steps: true,
  steps_offset: 1,
  trained_betas: null,
};

const PNDM = { ...SCHEDULE, _class_name: 'PNDMScheduler' };
const DDIM_V = { ...SCHEDULE, _class_name: 'DDIMScheduler', prediction_type: 'v_prediction' };
const EULER = {
  ...SCHEDULE,
  _class_name: 'EulerDiscreteScheduler',
  interpolation_type: 'linear',
  timestep_spacing: 'leading',
  use_karras_sigmas: false,
};

const EULER_ANCESTRAL = { ...SCHEDULE, _class_name: 'EulerAncestralDiscreteScheduler' };

const SD1: SingleFileConfigs = {
  pipeline: 'StableDiffusionPipeline',
  unet: SD1_UNET,
  vae: VAE,
  textEncoder: CLIP_L,
  scheduler: PNDM,
};

const SD2: SingleFileConfigs = {
  pipeline: 'StableDiffusionPipeline',
  unet: SD2_UNET,
  vae: { ...VAE, sample_size: 768 },
  textEncoder: CLIP_H,
  scheduler: DDIM_V,
};

/** The betas of both schedulers are those of the original code's x4-upscaling.yaml. */
const UPSCALING_BETAS = { beta_end: 0.02, beta_start: 0.0001 };

const UPSCALING: SingleFileConfigs = {
  pipeline: 'StableDiffusionUpscalePipeline',
  unet: UPSCALING_UNET,
  vae: {
    ...VAE,
    block_out_channels: [128, 256, 512],
    down_block_types: new Array<string>(3).fill('DownEncoderBlock2D'),
    sample_size: 256,
    scaling_factor: 0.08333,
    up_block_types: new Array<string>(3).fill('UpDecoderBlock2D'),
  },
  textEncoder: CLIP_H,
  scheduler: { ...DDIM_V, ...UPSCALING_BETAS },
  lowResScheduler: {
    ...SCHEDULE,
    ...UPSCALING_BETAS,
    _class_name: 'DDPMScheduler',
    clip_sample: true,
    variance_type: 'fixed_small',
  },
  index: { max_noise_level: 350 },
};

const XL: SingleFileConfigs = {
  pipeline: 'StableDiffusionXLPipeline',
  unet: XL_UNET,
  vae: { ...VAE, sample_size: 1024, scaling_factor: 0.13025, force_upcast: true },
  textEncoder: CLIP_L,
  textEncoder2: CLIP_G,
  scheduler: EULER,
};

/**
 * CosXL (huggingface.co/stabilityai/cosxl) is an SDXL in Karras' formulation that predicts v, with the schedule that
 * diffusers has for it (EDMEulerScheduler, `sigma_schedule`).
 */
const COS_SCHEDULER = {
  _class_name: 'EDMEulerScheduler',
  num_train_timesteps: 1000,
  prediction_type: 'v_prediction',
  sigma_data: 1,
  sigma_max: 120,
  sigma_min: 0.002,
  sigma_schedule: 'exponential',
};

/** playgroundai/playground-v2.5-1024px-aesthetic: an SDXL in Karras' formulation, whose latents have another scale. */
const PLAYGROUND: SingleFileConfigs = {
  ...XL,
  vae: {
    ...XL.vae,
    latents_mean: [-1.6574, 1.886, -1.383, 2.5155],
    latents_std: [8.4927, 5.9022, 6.5498, 5.2299],
    scaling_factor: 0.5,
  },
  scheduler: {
    _class_name: 'EDMDPMSolverMultistepScheduler',
    algorithm_type: 'dpmsolver++',
    final_sigmas_type: 'zero',
    num_train_timesteps: 1000,
    prediction_type: 'epsilon',
    rho: 7,
    sigma_data: 0.5,
    sigma_max: 80,
    sigma_min: 0.002,
    solver_order: 2,
    solver_type: 'midpoint',
  },
};

const REFINER: SingleFileConfigs = {
  pipeline: 'StableDiffusionXLImg2ImgPipeline',
  unet: {
    ...XL_UNET,
    attention_head_dim: [6, 12, 24, 24],
    block_out_channels: [384, 768, 1536, 1536],
    cross_attention_dim: 1280,
    down_block_types: ['DownBlock2D', CROSS_DOWN, CROSS_DOWN, 'DownBlock2D'],
    projection_class_embeddings_input_dim: 2560,
    transformer_layers_per_block: 4,
    up_block_types: ['UpBlock2D', CROSS_UP, CROSS_UP, 'UpBlock2D'],
  },
  vae: XL.vae,
  textEncoder2: CLIP_G,
  scheduler: EULER,
  index: { force_zeros_for_empty_prompt: false, requires_aesthetics_score: true },
};

/** The image's latents (4), a mask (1) and the masked image's latents (4). */
const INPAINTING_CHANNELS = 9;

/** The image's latents (4), and those of the image that is edited (4). */
const EDIT_CHANNELS = 8;

function withChannels(
  configs: SingleFileConfigs,
  channels: number,
  pipeline: string,
): SingleFileConfigs {
  return { ...configs, pipeline, unet: { ...configs.unet, in_channels: channels } };
}

const XL_EDIT = withChannels(XL, EDIT_CHANNELS, 'StableDiffusionXLInstructPix2PixPipeline');

/**
 * The configs of stable-diffusion-v1-5, stable-diffusion-inpainting, stable-diffusion-2-1,
 * stable-diffusion-2-inpainting, stable-diffusion-x4-upscaler, stable-diffusion-xl-base-1.0, stable-diffusion-xl-refiner-1.0,
 * stable-diffusion-xl-1.0-inpainting-0.1, instruct-pix2pix, sdxl-instructpix2pix-768 and playground-v2.5-1024px-aesthetic, the repositories that diffusers uses too (`DIFFUSERS_DEFAULT_PIPELINE_PATHS`,
 * loaders/single_file_utils.py).
 */
export const PUBLISHED_CONFIGS: Readonly<Record<SingleFileKind, SingleFileConfigs>> = {
  sd1: SD1,
  'sd1-inpainting': withChannels(SD1, INPAINTING_CHANNELS, 'StableDiffusionInpaintPipeline'),
  'sd1-edit': withChannels(
    { ...SD1, scheduler: EULER_ANCESTRAL },
    EDIT_CHANNELS,
    'StableDiffusionInstructPix2PixPipeline',
  ),
  sd2: SD2,
  'sd2-inpainting': withChannels(
    { ...SD2, unet: { ...SD2_UNET, sample_size: 64 }, vae: VAE, scheduler: PNDM },
    INPAINTING_CHANNELS,
    'StableDiffusionInpaintPipeline',
  ),
  'sd2-upscaling': UPSCALING,
  sdxl: XL,
  'sdxl-inpainting': withChannels(XL, INPAINTING_CHANNELS, 'StableDiffusionXLInpaintPipeline'),
  'sdxl-refiner': REFINER,
  'sdxl-edit': XL_EDIT,
  cosxl: { ...XL, scheduler: COS_SCHEDULER },
  playground: PLAYGROUND,
  'cosxl-edit': { ...XL_EDIT, scheduler: COS_SCHEDULER, index: { is_cosxl_edit: true } },
};
