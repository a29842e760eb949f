import { ConfigReader } from '../../core/config-reader';
import { isRecord } from '../../core/json';
import { EPSILON, MOST_LAYERS, MOST_TOKENS } from './config-limits';

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

/** Fields of training and of other tools. They do not change what the text model computes. */
const HARMLESS = [
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
  'id2label',
  'label2id',
  'attn_implementation',
  'problem_type',
  'tokenizer_class',
  'auto_map',
  'logit_scale_init_value',
];

/**
 * Fields that transformers writes into the config of any model (configuration_utils.py, `to_dict`): what a model
 * returns, and how a language model generates text. A text encoder reads none of them.
 */
const GENERAL = [
  'output_hidden_states',
  'output_attentions',
  'output_scores',
  'return_dict',
  'return_dict_in_generate',
  'use_cache',
  'torchscript',
  'use_bfloat16',
  'tf_legacy_loss',
  'tie_word_embeddings',
  'tie_encoder_decoder',
  'chunk_size_feed_forward',
  'is_encoder_decoder',
  'cross_attention_hidden_size',
  'finetuning_task',
  'task_specific_params',
  'prefix',
  'sep_token_id',
  'decoder_start_token_id',
  'forced_bos_token_id',
  'forced_eos_token_id',
  'suppress_tokens',
  'begin_suppress_tokens',
  'bad_words_ids',
  'max_length',
  'min_length',
  'max_new_tokens',
  'min_new_tokens',
  'max_time',
  'do_sample',
  'early_stopping',
  'num_beams',
  'num_beam_groups',
  'num_return_sequences',
  'diversity_penalty',
  'temperature',
  'top_k',
  'top_p',
  'min_p',
  'typical_p',
  'epsilon_cutoff',
  'eta_cutoff',
  'penalty_alpha',
  'repetition_penalty',
  'encoder_repetition_penalty',
  'length_penalty',
  'no_repeat_ngram_size',
  'encoder_no_repeat_ngram_size',
  'exponential_decay_length_penalty',
  'remove_invalid_values',
  'renormalize_logits',
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
  const outer = new ConfigReader(json, where);
  outer.only('model_type', 'clip_text_model', 'clip');
  const architectures = outer.raw('architectures');
  // The config of a whole CLIP model has that of its text model in it (CLIPTextConfig.from_pretrained).
  const nested = outer.raw('model_type') === 'clip' ? outer.raw('text_config') : undefined;
  const config = isRecord(nested) ? new ConfigReader(nested, where) : outer;
  refusePruned(config);
  const named = Array.isArray(architectures) && architectures[0] === 'CLIPTextModelWithProjection';
  const projected = withProjection ?? named;
  const hiddenSize = config.integer('hidden_size', 512);
  const heads = config.integer('num_attention_heads', 8);
  if (hiddenSize % heads !== 0) {
    throw config.refuse('num_attention_heads', 'a divisor of hidden_size');
  }
  const parsed: ClipTextConfig = {
    vocabSize: config.integer('vocab_size', 49408, 1, MOST_TOKENS),
    hiddenSize,
    intermediateSize: config.integer('intermediate_size', 2048),
    layers: config.integer('num_hidden_layers', 12, 1, MOST_LAYERS),
    heads,
    maxPositions: config.integer('max_position_embeddings', 77),
    activation: config.choice('hidden_act', HIDDEN_ACTIVATIONS, 'quick_gelu'),
    layerNormEps: config.number('layer_norm_eps', 1e-5, EPSILON),
    eosTokenId: config.integer('eos_token_id', 49407, 0, MOST_TOKENS),
    projectionDim: projected ? config.integer('projection_dim', 512) : undefined,
  };
  config.finish([...HARMLESS, ...GENERAL]);
  return parsed;
}

/** `pruned_heads` removes attention heads; every full dump has it, empty. */
function refusePruned(config: ConfigReader): void {
  const pruned = config.raw('pruned_heads') ?? {};
  if (isRecord(pruned) && Object.keys(pruned).length === 0) return;
  throw config.refuse('pruned_heads', 'no pruned heads');
}
