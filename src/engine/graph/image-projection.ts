import type { WeightSource } from '../weights/source';
import { Builder, type BuildOptions } from './builder';
import type { BuiltGraph, Value } from './graph';
import { activation } from './ops/activation';
import { add, cast } from './ops/arithmetic';
import { attention } from './ops/attention';
import { linear, partialLinear } from './ops/linear';
import { layerNorm } from './ops/normalization';
import { concat, reshape } from './ops/shape';

/** How an IP-Adapter makes tokens of the features of an image, as its tensors' shapes say it. */
export type ImageProjection = ProjectionSizes &
  (
    | { readonly kind: 'plain' | 'full' }
    | {
        readonly kind: 'plus';
        readonly hiddenDim: number;
        readonly heads: number;
        readonly layers: number;
        /** The width between the two layers of a feed-forward network. */
        readonly innerDim: number;
      }
  );

interface ProjectionSizes {
  /** Width of the features that it reads: `image_embeds` of a plain one, else the hidden states. */
  readonly inputDim: number;
  /** Width of the tokens, which is that of the text features. */
  readonly outputDim: number;
  /** Tokens of an image; undefined for `full`, which makes one of each position. */
  readonly tokens: number | undefined;
}

/** The eps of torch.nn.LayerNorm. */
const EPS = 1e-5;

/**
 * Writes the graph of the image projection of an IP-Adapter, which makes tokens of the features of some images:
 * ImageProjection, IPAdapterFullImageProjection or IPAdapterPlusImageProjection (diffusers, models/embeddings.py). The
 * weights have the names of the authors' files, below `image_proj.`.
 *
 * Input `image_features` float32 [rows, positions, inputDim], where a plain projection has one position. Output
 * `image_tokens` float32 [rows, tokens, outputDim].
 *
 * @throws EaselError `model-incomplete` if a weight is missing; `bad-file` if it has another shape or type
 */
export function buildImageProjection(
  projection: ImageProjection,
  weights: WeightSource,
  { rows, positions, ...options }: BuildOptions & ProjectionShape,
): BuiltGraph {
  const top = Builder.create(weights, options);
  const shape = [rows, positions, projection.inputDim];
  const features = top.graph.input('image_features', 'float32', shape);
  const b = top.at('image_proj');
  const x = cast(b, features, b.computeType);
  const tokens = project(b, projection, x);
  top.graph.output('image_tokens', cast(top, tokens, 'float32'));
  return top.finish('image_projection');
}

export interface ProjectionShape {
  readonly rows: number;
  /** Of the features of an image. */
  readonly positions: number;
}

function project(b: Builder, projection: ImageProjection, x: Value): Value {
  const { inputDim, outputDim, tokens } = projection;
  if (projection.kind === 'plus') return resample(b, projection, x);
  if (projection.kind === 'full') {
    const hidden = activation(b, linear(b.at('proj.0'), x, inputDim), 'gelu');
    return layerNorm(b.at('proj.3'), linear(b.at('proj.2'), hidden, outputDim), EPS);
  }
  const [rows] = x.shape as [number];
  const wide = linear(b.at('proj'), x, tokens! * outputDim);
  return layerNorm(b.at('norm'), reshape(b, wide, [rows, tokens!, outputDim]), EPS);
}

type Resampler = Extract<ImageProjection, { kind: 'plus' }>;

/** IPAdapterPlusImageProjection: learned latents that look at the features (arXiv:2204.14198, Perceiver Resampler). */
function resample(
  b: Builder,
  { hiddenDim, outputDim, tokens, ...sizes }: Resampler,
  x: Value,
): Value {
  const [rows] = x.shape as [number];
  const latents = b.weight('latents', [1, tokens!, hiddenDim]);
  let state = concat(b, new Array<Value>(rows).fill(latents), 0);
  const features = linear(b.at('proj_in'), x, hiddenDim);
  for (let layer = 0; layer < sizes.layers; layer++) {
    const own = b.at('layers').at(layer);
    const attended = add(b, lookAt(own.at(0), features, state, sizes), state);
    state = add(b, feedForward(own.at(1), attended, sizes), attended);
  }
  return layerNorm(b.at('norm_out'), linear(b.at('proj_out'), state, outputDim), EPS);
}

type LayerSizes = Pick<Resampler, 'heads' | 'innerDim'>;

/** The latents attend to the features and to themselves. */
function lookAt(b: Builder, features: Value, latents: Value, { heads }: LayerSizes): Value {
  const hiddenDim = latents.shape[2]!;
  const inner = heads * HEAD_SIZE;
  const own = layerNorm(b.at('norm2'), latents, EPS);
  const all = concat(b, [layerNorm(b.at('norm1'), features, EPS), own], 1);
  const query = linear(b.at('to_q'), own, inner, false);
  // Keys and values are the two halves of one layer.
  const [key, value] = [0, inner].map((first) =>
    partialLinear(b.at('to_kv'), all, 2 * inner, { first, count: inner }, false),
  );
  return linear(b.at('to_out'), attention(b, query, key!, value!, { heads }), hiddenDim, false);
}

/** Of the resampler, in diffusers and in the authors' code. */
export const HEAD_SIZE = 64;

function feedForward(b: Builder, x: Value, { innerDim }: LayerSizes): Value {
  const wide = linear(b.at(1), layerNorm(b.at(0), x, EPS), innerDim, false);
  return linear(b.at(3), activation(b, wide, 'gelu'), x.shape[2]!, false);
}
