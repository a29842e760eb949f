import type { WeightSource } from '../weights/source';
import { Builder, type BuildOptions } from './builder';
import { clipLayer } from './clip-layer';
import { positionsOf, type ClipVisionConfig } from './clip-vision-config';
import type { BuiltGraph, Value } from './graph';
import { add, cast } from './ops/arithmetic';
import { convolution } from './ops/convolution';
import { linear } from './ops/linear';
import { layerNorm } from './ops/normalization';
import { concat, reshape, transpose } from './ops/shape';

/**
 * Writes the graph of CLIPVisionModelWithProjection (transformers, modeling_clip.py) for one image. D is the config's
 * hidden_size, S its image_size.
 *
 * Input `pixel_values` float32 [1, 3, S, S]. Outputs, float32:
 * - `image_embeds` [1, projection_dim];
 * - `penultimate_hidden_state` [1, positions, D], hidden_states[-2]: of the class token, then of the patches.
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildClipVision(
  config: ClipVisionConfig,
  weights: WeightSource,
  options: BuildOptions,
): BuiltGraph {
  const top = Builder.create(weights, options);
  const { embeds, states } = clipVision(top, top.at('vision_model'), config);
  top.graph.output('image_embeds', cast(top, embeds, 'float32'));
  top.graph.output('penultimate_hidden_state', cast(top, states.at(-2)!, 'float32'));
  return top.finish('clip_vision');
}

/**
 * The nodes of a vision model and the projection after it, with the input `pixel_values`.
 * @param top has `visual_projection`
 * @param b the vision model
 * @returns embeds [1, projection_dim], and the hidden states [1, positions, D]
 */
export function clipVision(
  top: Builder,
  b: Builder,
  config: ClipVisionConfig,
): { readonly embeds: Value; readonly states: readonly Value[] } {
  const { imageSize, hiddenSize, layers, layerNormEps: eps } = config;
  const pixels = top.graph.input('pixel_values', 'float32', [1, 3, imageSize, imageSize]);
  const embedded = embeddings(b.at('embeddings'), config, cast(b, pixels, b.computeType));
  // The name is misspelt in transformers.
  const states = [layerNorm(b.at('pre_layrnorm'), embedded, eps)];
  for (let layer = 0; layer < layers; layer++) {
    const own = b.at('encoder.layers').at(layer);
    states.push(clipLayer(own, config, states.at(-1)!, { causal: false }));
  }
  const first = b.node('Gather', [states.at(-1)!, b.integers([0])], [1, 1, hiddenSize], {
    axis: { int: 1 },
  });
  const pooled = layerNorm(b.at('post_layernorm'), reshape(b, first, [1, hiddenSize]), eps);
  const embeds = linear(top.at('visual_projection'), pooled, config.projectionDim, false);
  return { embeds, states };
}

/** The class token and the patches of an image [1, 3, S, S], each with its position: [1, positions, D]. */
function embeddings(b: Builder, config: ClipVisionConfig, pixels: Value): Value {
  const { hiddenSize, patchSize } = config;
  const positions = positionsOf(config);
  const patches = convolution(b.at('patch_embedding'), pixels, hiddenSize, {
    kernel: patchSize,
    stride: patchSize,
    padding: 0,
    bias: false,
  });
  const rows = transpose(b, reshape(b, patches, [1, hiddenSize, positions - 1]), [0, 2, 1]);
  const token = reshape(b, b.weight('class_embedding', [hiddenSize]), [1, 1, hiddenSize]);
  const places = b.at('position_embedding').weight('weight', [positions, hiddenSize]);
  return add(b, concat(b, [token, rows], 1), places);
}
