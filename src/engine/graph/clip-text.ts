import type { WeightSource } from '../weights/source';
import { Builder, type BuildOptions } from './builder';
import { clipLayer } from './clip-layer';
import type { ClipTextConfig } from './clip-text-config';
import type { BuiltGraph, Value } from './graph';
import { add, cast } from './ops/arithmetic';
import { linear } from './ops/linear';
import { layerNorm } from './ops/normalization';
import { reshape, slice } from './ops/shape';

export interface ClipTextOptions extends BuildOptions {
  readonly batch: number;
  /** Tokens per prompt; default: the model's number of positions (77). */
  readonly sequenceLength?: number;
  /** Adds the output `skipped_hidden_state`. */
  readonly skip?: ClipSkip | undefined;
}

/** The features of an earlier layer, for the prompt. */
export interface ClipSkip {
  /** How many layers come after it; as many as there are, for the features of the tokens alone. */
  readonly layersAfter: number;
  /** Whether the final layer norm is applied to them. */
  readonly normalized: boolean;
}

/**
 * Writes the graph of CLIPTextModel or CLIPTextModelWithProjection (transformers, modeling_clip.py).
 * D is the config's hidden_size.
 *
 * Input `input_ids` int32 [batch, 77]. Outputs, float32:
 * - `last_hidden_state` [batch, 77, D], after the final layer norm (used by SD 1.x and 2.x);
 * - `penultimate_hidden_state` [batch, 77, D], hidden_states[-2], without the final norm (used by SDXL);
 * - `skipped_hidden_state` [batch, 77, D], hidden_states[-(layersAfter + 1)], only with `skip`;
 * - `pooler_output` [batch, D], the features of the end token;
 * - `text_embeds` [batch, projection_dim], only with a projection.
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildClipText(
  config: ClipTextConfig,
  weights: WeightSource,
  options: ClipTextOptions,
): BuiltGraph {
  const { batch, sequenceLength = config.maxPositions, skip } = options;
  // The features of the start token are many times as large as those of the others.
  const target = { ...options.target, twoByteActivations: true };
  const top = Builder.create(weights, { ...options, target });
  const inputIds = top.graph.input('input_ids', 'int32', [batch, sequenceLength]);
  // transformers 5 writes the text model's weights without the prefix `text_model`.
  const named = top.at('text_model');
  const text =
    named.has('embeddings.token_embedding.weight') || !top.has('embeddings.token_embedding.weight')
      ? named
      : top;

  // As `hidden_states` of transformers: the tokens' own features, then those of each layer.
  const states = [embeddings(text.at('embeddings'), config, inputIds)];
  for (let layer = 0; layer < config.layers; layer++) {
    states.push(
      clipLayer(text.at('encoder.layers').at(layer), config, states.at(-1)!, { causal: true }),
    );
  }
  const normalize = (state: Value): Value =>
    layerNorm(text.at('final_layer_norm'), state, config.layerNormEps);
  const last = normalize(states.at(-1)!);
  const pooled = endTokenFeatures(text, config, inputIds, last);

  const output = (name: string, value: Value): void =>
    top.graph.output(name, cast(top, value, 'float32'));
  output('last_hidden_state', last);
  output('penultimate_hidden_state', states.at(-2)!);
  if (skip) {
    const state = states.at(-1 - skip.layersAfter)!;
    output('skipped_hidden_state', skip.normalized ? normalize(state) : state);
  }
  output('pooler_output', pooled);
  if (config.projectionDim !== undefined) {
    output('text_embeds', linear(top.at('text_projection'), pooled, config.projectionDim, false));
  }
  return top.finish('clip_text');
}

function embeddings(b: Builder, config: ClipTextConfig, inputIds: Value): Value {
  const { vocabSize, maxPositions, hiddenSize } = config;
  const [batch, tokens] = inputIds.shape as [number, number];
  // Take rows from the stored table if the device can: casting all 49,408 rows to use 77 would be slower. A GPU
  // may not support float16, so there the whole table is cast while loading.
  const token = b.at('token_embedding');
  const shape = [vocabSize, hiddenSize];
  const table = b.device.quirks.gathersStoredRows
    ? token.storedWeight('weight', shape)
    : token.weight('weight', shape);
  const rows = b.node('Gather', [table, inputIds], [batch, tokens, hiddenSize]);
  let positions = b.at('position_embedding').weight('weight', [maxPositions, hiddenSize]);
  if (tokens < maxPositions) {
    positions = slice(b, positions, 0, 0, tokens);
  }
  return add(b, cast(b, rows, b.computeType), positions);
}

/**
 * The features of the end token [batch, D]: of the first token equal to eos_token_id. With the old eos_token_id
 * 2, it is the token with the highest id instead (transformers#24773). Without an end token, it is the first
 * token.
 */
function endTokenFeatures(b: Builder, config: ClipTextConfig, inputIds: Value, last: Value): Value {
  const [batch, tokens] = inputIds.shape as [number, number];
  const { hiddenSize } = config;
  let score = inputIds;
  if (config.eosTokenId !== 2) {
    const eos = cast(b, b.integers([config.eosTokenId]), 'int32');
    score = cast(b, b.node('Equal', [inputIds, eos], inputIds.shape, {}, 'bool'), 'int32');
  }
  const attributes = { axis: { int: 1 }, keepdims: { int: 0 } };
  const position = b.node('ArgMax', [score], [batch], attributes, 'int64');
  const offsets = Array.from({ length: batch }, (_, index) => index * tokens);
  const row = add(b, position, b.integers(offsets));
  const rows = reshape(b, last, [batch * tokens, hiddenSize]);
  return b.node('Gather', [rows, row], [batch, hiddenSize]);
}
