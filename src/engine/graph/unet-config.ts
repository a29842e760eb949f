import { ConfigReader } from '../../core/config-reader';
import {
  EPSILON,
  MOST_CLASSES,
  MOST_KERNEL,
  MOST_LATENT_CHANNELS,
  MOST_LEVELS,
  MOST_SAMPLE_SIZE,
} from './config-limits';
import { hasKBlocks, parseKLevels, type KLevels } from './k-unet-levels';
import { ACTIVATIONS, type Activation } from './ops/activation';
import { parseLevels, type UNetLevels } from './unet-levels';

/** diffusers' activation names (models/activations.py). */
export const DIFFUSERS_ACTIVATIONS = ACTIVATIONS.filter((name) => name !== 'quick_gelu');

/** See `UNetConfig.textTime`. */
export interface TextTime {
  readonly timeDim: number;
  readonly inputDim: number;
  /** How many numbers the network is told of an image: six, or five of a refiner (`requires_aesthetics_score`). */
  readonly timeIds: number;
}

/** A UNet2DConditionModel (diffusers, models/unets/unet_2d_condition.py). */
export interface UNetConfig extends UNetLevels {
  /** Height and width in latent cells. */
  readonly sampleSize: readonly [number, number] | undefined;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly centerInputSample: boolean;
  readonly convInKernel: number;
  readonly convOutKernel: number;
  readonly activation: Activation;
  readonly normGroups: number;
  /** Whether there is `conv_norm_out`. UNets of k-diffusion can do without. */
  readonly normsOutput: boolean;
  readonly normEps: number;
  readonly downsamplePadding: number;
  readonly timeScaleShift: boolean;
  readonly linearProjection: boolean;
  readonly upcastAttention: boolean;
  readonly flipSinToCos: boolean;
  readonly freqShift: number;
  readonly timeEmbedding: TimeEmbeddingConfig;
  /** SDXL's text_time embedding: the pooled text and the time ids, concatenated. */
  readonly textTime: TextTime | undefined;
  /** Width of the text features before `encoder_hid_proj`; undefined without that layer. */
  readonly encoderHidDim: number | undefined;
  /** Rows of the learned embedding of a class, input `class_labels`; undefined without one. */
  readonly classCount: number | undefined;
  /** The blocks of k-diffusion's UNet, with what they attend to. Absent: the usual ones. */
  readonly k?: KLevels;
}

export interface TimeEmbeddingConfig {
  readonly kind: 'positional' | 'fourier';
  /** Width of the sinusoidal features. */
  readonly inputDim: number;
  readonly dim: number;
  readonly postActivation: Activation | undefined;
  /** An activation that is applied once to the whole embedding. */
  readonly finalActivation: Activation | undefined;
  /** LCM: width of the guidance embedding, input `timestep_cond`. */
  readonly condProjDim: number | undefined;
}

/**
 * Fields without effect here: names and versions, dropout (training only), fields of unsupported block types,
 * and the state of an exponential moving average from training scripts.
 */
const HARMLESS = [
  'dropout',
  'resnet_skip_time_act',
  'resnet_out_scale_factor',
  'cross_attention_norm',
  'mid_block_only_cross_attention',
  'addition_embed_type_num_heads',
  'decay',
  'min_decay',
  'inv_gamma',
  'power',
  'optimization_step',
  'update_after_step',
  'use_ema_warmup',
  'collection',
  'gradient_checkpointing',
];

/**
 * Reads a UNet2DConditionModel's config.json with diffusers' defaults
 * (models/unets/unet_2d_condition.py).
 *
 * @param where the config's path, for messages
 * @throws EaselError `unsupported-config`; the message names the field
 */
export function parseUNetConfig(json: unknown, where: string): UNetConfig {
  const config = new ConfigReader(json, where);
  config.only('_class_name', 'UNet2DConditionModel');
  refuseOtherFamilies(config);
  const channels = config.integers('block_out_channels', [320, 640, 1280, 1280]);
  if (channels.length > MOST_LEVELS)
    throw config.refuse('block_out_channels', `1 to ${MOST_LEVELS} levels`);
  const [first] = channels as [number];
  const timeEmbedding = parseTimeEmbedding(config, first);
  const levels = hasKBlocks(config)
    ? parseKLevels(config, channels, timeEmbedding.dim)
    : parseLevels(config, channels);
  const normsOutput = config.raw('norm_num_groups') !== null;
  const encoderHidDim = config.given('encoder_hid_dim')
    ? config.integer('encoder_hid_dim')
    : undefined;
  const parsed: UNetConfig = {
    sampleSize: parseSampleSize(config),
    inChannels: config.integer('in_channels', 4, 1, MOST_LATENT_CHANNELS),
    outChannels: config.integer('out_channels', 4, 1, MOST_LATENT_CHANNELS),
    centerInputSample: config.boolean('center_input_sample', false),
    convInKernel: config.integer('conv_in_kernel', 3, 1, MOST_KERNEL),
    convOutKernel: config.integer('conv_out_kernel', 3, 1, MOST_KERNEL),
    activation: parseActivation(config, 'act_fn', 'silu'),
    normGroups: config.integer('norm_num_groups', 32),
    normEps: config.number('norm_eps', 1e-5, EPSILON),
    downsamplePadding: config.integer('downsample_padding', 1, 0, MOST_KERNEL),
    timeScaleShift:
      config.choice('resnet_time_scale_shift', ['default', 'scale_shift'], 'default') ===
      'scale_shift',
    linearProjection: config.boolean('use_linear_projection', false),
    upcastAttention: config.boolean('upcast_attention', false),
    flipSinToCos: config.boolean('flip_sin_to_cos', true),
    freqShift: config.number('freq_shift', 0),
    timeEmbedding,
    normsOutput,
    textTime: parseTextTime(config),
    encoderHidDim,
    classCount: config.given('num_class_embeds')
      ? config.integer('num_class_embeds', undefined, 1, MOST_CLASSES)
      : undefined,
    ...levels,
  };
  checkDivisors(config, parsed);
  config.finish(HARMLESS);
  return parsed;
}

function checkDivisors(config: ConfigReader, parsed: UNetConfig): void {
  const { down, mid, normGroups, normsOutput, k } = parsed;
  if (!normsOutput) {
    if (k) return;
    throw config.refuse('norm_num_groups', 'a number, but with the blocks of k-diffusion');
  }
  const channels = down.map((level) => level.channels);
  if (channels.some((count) => count % normGroups !== 0)) {
    throw config.refuse('norm_num_groups', 'a divisor of every number in block_out_channels');
  }
  const middle = { channels: channels[channels.length - 1]!, transformers: mid?.transformers };
  for (const { channels: width, transformers } of [...down, middle]) {
    if (transformers !== undefined && width % transformers.heads !== 0) {
      throw config.refuse('attention_head_dim', 'the number of heads, a divisor of the channels');
    }
  }
}

/** Rejects the fields of other families (DeepFloyd, Kandinsky, GLIGEN, classes that are not embedded by a table). */
function refuseOtherFamilies(config: ConfigReader): void {
  config.only('num_attention_heads'); // diffusers rejects it too: attention_head_dim is its old name
  config.only('dual_cross_attention', false);
  config.only('class_embed_type');
  config.only('class_embeddings_concat', false);
  config.only('attention_type', 'default');
  config.only('encoder_hid_dim_type', 'text_proj');
  config.only('addition_embed_type', 'text_time');
}

function parseSampleSize(config: ConfigReader): readonly [number, number] | undefined {
  const value = config.raw('sample_size');
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    const [height, width] = config.integers('sample_size', [], 1, MOST_SAMPLE_SIZE);
    if (height !== undefined && width !== undefined) return [height, width];
  }
  const size = config.integer('sample_size', undefined, 1, MOST_SAMPLE_SIZE);
  return [size, size];
}

function parseActivation(config: ConfigReader, name: string, fallback: Activation): Activation {
  return config.choice(name, DIFFUSERS_ACTIVATIONS, fallback);
}

function parseOptionalActivation(config: ConfigReader, name: string): Activation | undefined {
  return config.given(name) ? parseActivation(config, name, 'silu') : undefined;
}

function parseTimeEmbedding(config: ConfigReader, firstChannels: number): TimeEmbeddingConfig {
  const kind = config.choice('time_embedding_type', ['positional', 'fourier'], 'positional');
  const fourier = kind === 'fourier';
  const dim = config.integer('time_embedding_dim', firstChannels * (fourier ? 2 : 4));
  return {
    kind,
    dim,
    inputDim: fourier ? dim : firstChannels,
    postActivation: parseOptionalActivation(config, 'timestep_post_act'),
    finalActivation: parseOptionalActivation(config, 'time_embedding_act_fn'),
    condProjDim: config.given('time_cond_proj_dim')
      ? config.integer('time_cond_proj_dim')
      : undefined,
  };
}

/** Number of SDXL's time ids: original size, crop and target size, two numbers each. */
const TIME_IDS = 6;

function parseTextTime(config: ConfigReader): UNetConfig['textTime'] {
  const used = config.given('addition_embed_type');
  config.raw('addition_time_embed_dim');
  config.raw('projection_class_embeddings_input_dim');
  if (!used) return undefined;
  return {
    timeDim: config.integer('addition_time_embed_dim'),
    inputDim: config.integer('projection_class_embeddings_input_dim'),
    timeIds: TIME_IDS,
  };
}
