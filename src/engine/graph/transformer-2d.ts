import type { Builder } from './builder';
import type { Value } from './graph';
import { activation } from './ops/activation';
import { add, mul } from './ops/arithmetic';
import { attention } from './ops/attention';
import { convolution } from './ops/convolution';
import { linear, partialLinear } from './ops/linear';
import { groupNorm, layerNorm } from './ops/normalization';
import { concat, fromTokens, image, reshape, splitRows, toTokens } from './ops/shape';

/** The eps of Transformer2DModel's group norm and of BasicTransformerBlock's layer norms. */
const GROUP_NORM_EPS = 1e-6;
const LAYER_NORM_EPS = 1e-5;

export interface TransformerOptions {
  readonly layers: number;
  readonly heads: number;
  readonly onlyCrossAttention: boolean;
  readonly linearProjection: boolean;
  readonly upcastAttention: boolean;
  readonly groups: number;
  /** The text features, [B, S, crossAttentionDim]. */
  readonly text: Value;
}

/** Transformer2DModel on continuous input x [B, C, H, W] (diffusers, models/transformers/transformer_2d.py). */
export function transformer2d(b: Builder, x: Value, options: TransformerOptions): Value {
  const [, channels, height, width] = image(x);
  const normal = groupNorm(b.at('norm'), x, options.groups, GROUP_NORM_EPS);
  let tokens = options.linearProjection
    ? linear(b.at('proj_in'), toTokens(b, normal), channels)
    : toTokens(b, convolution(b.at('proj_in'), normal, channels, { kernel: 1 }));
  for (let layer = 0; layer < options.layers; layer++) {
    tokens = transformerBlock(b.at('transformer_blocks').at(layer), tokens, options);
  }
  const out = options.linearProjection
    ? fromTokens(b, linear(b.at('proj_out'), tokens, channels), height, width)
    : convolution(b.at('proj_out'), fromTokens(b, tokens, height, width), channels, { kernel: 1 });
  return add(b, out, x);
}

/** BasicTransformerBlock (diffusers, models/attention.py) with layer norms and GEGLU, on [B, T, C]. */
function transformerBlock(b: Builder, x: Value, options: TransformerOptions): Value {
  const { text, onlyCrossAttention } = options;
  const first = layerNorm(b.at('norm1'), x, LAYER_NORM_EPS);
  const context = onlyCrossAttention ? text : first;
  const self = add(b, attentionLayer(b.at('attn1'), first, context, options), x);
  const second = layerNorm(b.at('norm2'), self, LAYER_NORM_EPS);
  const cross = add(b, attentionLayer(b.at('attn2'), second, text, options), self);
  const third = layerNorm(b.at('norm3'), cross, LAYER_NORM_EPS);
  return add(b, feedForward(b.at('ff.net'), third), cross);
}

function attentionLayer(b: Builder, x: Value, context: Value, options: TransformerOptions): Value {
  const channels = x.shape[2]!;
  const query = linear(b.at('to_q'), x, channels, false);
  const key = linear(b.at('to_k'), context, channels, false);
  const value = linear(b.at('to_v'), context, channels, false);
  const { heads, upcastAttention: upcast } = options;
  const mixed = attention(b, query, key, value, { heads, upcast });
  return linear(b.at('to_out.0'), mixed, channels);
}

/**
 * FeedForward with GEGLU (arXiv:2002.05202): features four times as wide, and a gate of the same width. On the
 * CPU the tokens are computed in parts whose features fit into the cache, which saves a quarter of the time.
 */
function feedForward(b: Builder, x: Value): Value {
  const [batch, tokens, channels] = x.shape as [number, number, number];
  const rows = batch * tokens;
  const flat = reshape(b, x, [rows, channels]);
  const { cachedRows = rows } = b.device.quirks;
  const parts = Math.ceil(rows / cachedRows);
  const outputs = splitRows(b, flat, parts).map((part) => gatedLayers(b, part));
  return reshape(b, concat(b, outputs, 0), x.shape);
}

function gatedLayers(b: Builder, x: Value): Value {
  const channels = x.shape[1]!;
  const wide = channels * 4;
  const both = b.at('0.proj');
  const half = (first: number): Value => partialLinear(both, x, wide * 2, { first, count: wide });
  const hidden = half(0);
  const gate = activation(b, half(wide), 'gelu');
  return linear(b.at(2), mul(b, hidden, gate), channels);
}
