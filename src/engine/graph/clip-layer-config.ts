import type { ConfigReader } from '../../core/config-reader';
import { isRecord } from '../../core/json';

/** The activations of CLIP's encoders (transformers, `hidden_act`). */
export const HIDDEN_ACTIVATIONS = ['quick_gelu', 'gelu', 'relu', 'silu'] as const;

/** What the layers of CLIP's text and vision models have in common (transformers, CLIPEncoderLayer). */
export interface ClipLayerConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly heads: number;
  readonly activation: (typeof HIDDEN_ACTIVATIONS)[number];
  readonly layerNormEps: number;
}

/** Fields of training and of other tools. They do not change what a text or vision model computes. */
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
 * returns, and how a language model generates text. An encoder reads none of them.
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

/** Fields of a config that do not change what an encoder computes. */
export const IGNORED: readonly string[] = [...HARMLESS, ...GENERAL];

/** `pruned_heads` removes attention heads; every full dump has it, empty. */
export function refusePruned(config: ConfigReader): void {
  const pruned = config.raw('pruned_heads') ?? {};
  if (isRecord(pruned) && Object.keys(pruned).length === 0) return;
  throw config.refuse('pruned_heads', 'no pruned heads');
}
