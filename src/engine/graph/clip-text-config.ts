import { ConfigReader } from '../../core/config-reader';

const HIDDEN_ACTIVATIONS = ['quick_gelu', 'gelu', 'relu', 'silu'] as const;

/** A CLIPTextModel or CLIPTextModelWithProjection (transformers, models/clip/configuration_clip.py). */
export interface ClipTextConfig {
  readonly vocabSize: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  readonly maxPositions: number;
  readonly activation: (typeof HIDDEN_ACTIVATIONS)[number];
  readonly layerNormEps: number;
  /** The token whose features are the pooled output; 2 means the old rule: the highest token id. */
  readonly eosTokenId: number;
  /** Width of `text_embeds`; undefined if the model has no projection. */
  readonly projectionDim: number | undefined;
}

/** Fields for training, generation and other tools. They do not change what the text model computes. */
const HARMLESS = [
  '_name_or_path',
  'architectures',
  'model_type',
  'torch_dtype',
  'dtype',
  'transformers_version',
  'attention_dropout',
  'dropout',
  'initializer_factor',
  'initializer_range',
  'pad_token_id',
  'bos_token_id',
  'projection_dim',
  'gradient_checkpointing',
  'use_cache',
  'return_dict',
  'id2label',
  'label2id',
  'attn_implementation',
  '_attn_implementation_autoset',
  'problem_type',
  'tokenizer_class',
];

/**
 * Reads a text encoder's config.json with transformers' defaults.
 *
 * @param where the config's path, for messages
 * @param withProjection whether model_index.json has the class CLIPTextModelWithProjection; default: the
 *   config's `architectures` decide
 * @throws EaselError `unsupported-config`; the message names the field
 */
export function parseClipTextConfig(
  json: unknown,
  where: string,
  withProjection?: boolean,
): ClipTextConfig {
  const config = new ConfigReader(json, where);
  config.only('model_type', 'clip_text_model', 'clip');
  const architectures = config.raw('architectures');
  const named = Array.isArray(architectures) && architectures[0] === 'CLIPTextModelWithProjection';
  const projected = withProjection ?? named;
  const hiddenSize = config.integer('hidden_size', 512);
  const heads = config.integer('num_attention_heads', 8);
  if (hiddenSize % heads !== 0) {
    throw config.refuse('num_attention_heads', 'a divisor of hidden_size');
  }
  const parsed: ClipTextConfig = {
    vocabSize: config.integer('vocab_size', 49408),
    hiddenSize,
    intermediateSize: config.integer('intermediate_size', 2048),
    layers: config.integer('num_hidden_layers', 12),
    heads,
    maxPositions: config.integer('max_position_embeddings', 77),
    activation: config.choice('hidden_act', HIDDEN_ACTIVATIONS, 'quick_gelu'),
    layerNormEps: config.number('layer_norm_eps', 1e-5),
    eosTokenId: config.integer('eos_token_id', 49407, 0),
    projectionDim: projected ? config.integer('projection_dim', 512) : undefined,
  };
  config.finish(HARMLESS);
  return parsed;
}
