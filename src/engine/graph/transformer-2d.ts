import type { Builder } from './builder';
import type { Value } from './graph';
import type { ImagePrompts } from './image-prompts';
import { activation } from './ops/activation';
import { add, mul } from './ops/arithmetic';
import { attention } from './ops/attention';
import { convolution } from './ops/convolution';
import { fromTokens, toTokens } from './ops/layout';
import { linear, partialLinear } from './ops/linear';
import { groupNorm, layerNorm } from './ops/normalization';
import { isPerturbed, withLastPerturbed, type PerturbedLayers } from './perturbed';
import { nearestIndices } from './ops/resampling';
import { concat, image, reshape, splitRows } from './ops/shape';

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
  /** Self-attention takes keys and values from one token in this many rows and columns. Default: 1, all. */
  readonly tokenDownsampling?: number | undefined;
  /** Images that cross-attention attends to besides the text. Default: none. */
  readonly images?: ImagePrompts | undefined;
  /** Self-attentions of which the last row of the batch is perturbed. Default: none. */
  readonly perturbed?: PerturbedLayers | undefined;
}

/** Transformer2DModel on continuous input x [B, C, H, W] (diffusers, models/transformers/transformer_2d.py). */
export function transformer2d(b: Builder, x: Value, options: TransformerOptions): Value {
  const [, channels, height, width] = image(x);
  const normal = groupNorm(b.at('norm'), x, options.groups, GROUP_NORM_EPS);
  let tokens = options.linearProjection
    ? linear(b.at('proj_in'), toTokens(b, normal), channels)
    : toTokens(b, convolution(b.at('proj_in'), normal, channels, { kernel: 1 }));
  for (let layer = 0; layer < options.layers; layer++) {
    tokens = transformerBlock(b.at('transformer_blocks').at(layer), tokens, options, {
      height,
      width,
    });
  }
  const out = options.linearProjection
    ? fromTokens(b, linear(b.at('proj_out'), tokens, channels), height, width)
    : convolution(b.at('proj_out'), fromTokens(b, tokens, height, width), channels, { kernel: 1 });
  return add(b, out, x);
}

/** BasicTransformerBlock (diffusers, models/attention.py) with layer norms and GEGLU, on [B, T, C]. */
function transformerBlock(b: Builder, x: Value, options: TransformerOptions, grid: Grid): Value {
  const { text, images, onlyCrossAttention, tokenDownsampling = 1 } = options;
  const first = layerNorm(b.at('norm1'), x, LAYER_NORM_EPS);
  const context = onlyCrossAttention ? text : sampledTokens(b, first, grid, tokenDownsampling);
  const self = add(b, attentionLayer(b.at('attn1'), first, context, options), x);
  const second = layerNorm(b.at('norm2'), self, LAYER_NORM_EPS);
  const cross = add(b, attentionLayer(b.at('attn2'), second, text, options, images), self);
  const third = layerNorm(b.at('norm3'), cross, LAYER_NORM_EPS);
  return add(b, feedForward(b.at('ff.net'), third), cross);
}

/** The rows and columns that tokens are of. */
interface Grid {
  readonly height: number;
  readonly width: number;
}

/**
 * Tokens [B, H·W, C] of fewer rows and columns, the nearest to the centres of a coarser grid, as ToDo
 * (arXiv:2402.13573) picks keys and values: F.interpolate with the mode nearest-exact and a factor of 1 / `factor`.
 */
function sampledTokens(b: Builder, x: Value, { height, width }: Grid, factor: number): Value {
  if (factor <= 1) return x;
  const [rows, columns] = [height, width].map((size) =>
    nearestIndices(size, Math.max(1, Math.floor(size / factor)), 0.5),
  ) as [number[], number[]];
  const places = rows.flatMap((row) => columns.map((column) => row * width + column));
  const [batch, , channels] = x.shape as [number, number, number];
  const shape = [batch, places.length, channels];
  return b.node('Gather', [x, b.integers(places)], shape, { axis: { int: 1 } });
}

function attentionLayer(
  b: Builder,
  x: Value,
  context: Value,
  { heads, upcastAttention: upcast, text, perturbed = [] }: TransformerOptions,
  images?: ImagePrompts,
): Value {
  const channels = x.shape[2]!;
  const query = linear(b.at('to_q'), x, channels, false);
  const key = linear(b.at('to_k'), context, channels, false);
  const value = linear(b.at('to_v'), context, channels, false);
  const mixed = attention(b, query, key, value, { heads, upcast });
  const attended = images?.attend(b, query, mixed, { heads, upcast }) ?? mixed;
  const isSelf = context !== text;
  if (!isSelf || !isPerturbed(b.module, perturbed)) {
    return linear(b.at('to_out.0'), attended, channels);
  }
  // A token attends to itself also where others look at fewer tokens.
  const own = context === x ? value : linear(b.at('to_v'), x, channels, false);
  return linear(b.at('to_out.0'), withLastPerturbed(b, attended, own), channels);
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
