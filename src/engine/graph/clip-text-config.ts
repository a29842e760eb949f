import { ConfigReader } from '../../core/config-reader';
import { isRecord } from '../../core/json';
import {
  HIDDEN_ACTIVATIONS,
  IGNORED,
  refusePruned,
  type ClipLayerConfig,
} from './clip-layer-config';
import { EPSILON, MOST_LAYERS, MOST_TOKENS } from './config-limits';

/** A CLIPTextModel or CLIPTextModelWithProjection (transformers, models/clip/configuration_clip.py). */
export interface ClipTextConfig extends ClipLayerConfig {
  readonly vocabSize: number;
  readonly layers: number;
  readonly maxPositions: number;
  /** The token whose features are the pooled output; 2 means the old rule: the highest token id. */
  readonly eosTokenId: number;
  /** Width of `text_embeds`; undefined if the model has no projection. */
  readonly projectionDim: number | undefined;
}

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
  config.finish(IGNORED);
  return parsed;
}
