import type { Builder } from './builder';
import type { Value } from './graph';
import { activation, type Activation } from './ops/activation';
import { add, cast, mul } from './ops/arithmetic';
import { linear } from './ops/linear';
import { concat, reshape } from './ops/shape';

/**
 * Sinusoidal features of `steps` [N] (float32): [N, dim] in the compute type. `get_timestep_embedding`
 * (diffusers, models/embeddings.py), with its frequencies rounded to float32 where torch rounds them.
 */
export function sinusoidalFeatures(
  b: Builder,
  steps: Value,
  dim: number,
  flipSinToCos: boolean,
  freqShift: number,
): Value {
  const half = Math.floor(dim / 2);
  const logPeriod = Math.fround(-Math.log(10000));
  const frequencies = Array.from({ length: half }, (_, index) =>
    Math.exp(Math.fround(Math.fround(logPeriod * index) / Math.fround(half - freqShift))),
  );
  const angles = mul(
    b,
    reshape(b, steps, [steps.shape[0]!, 1]),
    b.graph.constant('float32', frequencies, [1, half]),
  );
  const features = sinesAndCosines(b, angles, flipSinToCos);
  if (dim % 2 === 0) return cast(b, features, b.computeType);
  const column = b.graph.constant('float32', new Array<number>(steps.shape[0]!).fill(0), [
    steps.shape[0]!,
    1,
  ]);
  return cast(b, concat(b, [features, column], 1), b.computeType);
}

/** GaussianFourierProjection with log=False: random frequencies kept as a weight. */
export function fourierFeatures(
  b: Builder,
  steps: Value,
  dim: number,
  flipSinToCos: boolean,
): Value {
  const half = dim / 2;
  const frequencies = reshape(b, cast(b, b.weight('weight', [half]), 'float32'), [1, half]);
  const turns = mul(b, reshape(b, steps, [steps.shape[0]!, 1]), frequencies);
  const doubled = mul(b, turns, b.graph.constant('float32', [2 * Math.PI], [1]));
  return cast(b, sinesAndCosines(b, doubled, flipSinToCos), b.computeType);
}

/** Sines and cosines, concatenated. The angles go up to 1000 radians, where a GPU's sine is inexact. */
function sinesAndCosines(b: Builder, angles: Value, flipSinToCos: boolean): Value {
  const [sine, cosine] = b.device.quirks.hasPreciseSine ? singles(b, angles) : doubles(b, angles);
  return concat(b, flipSinToCos ? [cosine, sine] : [sine, cosine], 1);
}

/** In float32. */
function singles(b: Builder, angles: Value): readonly [Value, Value] {
  return [b.node('Sin', [angles], angles.shape), b.node('Cos', [angles], angles.shape)];
}

/** In float64. GPUs have no kernels for it, so ONNX Runtime computes these few numbers on the CPU. */
function doubles(b: Builder, angles: Value): readonly [Value, Value] {
  const exact = cast(b, angles, 'float64');
  const quarter = b.graph.constant('float64', [Math.PI / 2], [1]);
  const sine = b.node('Sin', [exact], angles.shape);
  const cosine = b.node('Sin', [add(b, exact, quarter)], angles.shape);
  return [cast(b, sine, 'float32'), cast(b, cosine, 'float32')];
}

export interface TimestepEmbeddingOptions {
  readonly dim: number;
  readonly activation: Activation;
  readonly postActivation?: Activation | undefined;
  /** LCM's guidance embedding [B, condProjDim]. It is projected and added to the features. */
  readonly condition?: Value | undefined;
}

/** TimestepEmbedding (diffusers, models/embeddings.py) on features [N, F]: [N, dim]. */
export function timestepEmbedding(
  b: Builder,
  features: Value,
  options: TimestepEmbeddingOptions,
): Value {
  const { dim, condition, postActivation } = options;
  let hidden = features;
  if (condition !== undefined) {
    hidden = add(b, hidden, linear(b.at('cond_proj'), condition, features.shape[1]!, false));
  }
  hidden = activation(b, linear(b.at('linear_1'), hidden, dim), options.activation);
  hidden = linear(b.at('linear_2'), hidden, dim);
  return postActivation === undefined ? hidden : activation(b, hidden, postActivation);
}

/**
 * SDXL's `text_time` input: the pooled text `textEmbeds` [B, P] and the sinusoidal features of `timeIds`
 * [B, N], concatenated to [B, P + N · timeDim]: N is 6, and 5 of a refiner.
 */
export function textTimeFeatures(
  b: Builder,
  textEmbeds: Value,
  timeIds: Value,
  timeDim: number,
  flipSinToCos: boolean,
  freqShift: number,
): Value {
  const [batch, sizes] = timeIds.shape as [number, number];
  const flat = reshape(b, timeIds, [batch * sizes]);
  const features = sinusoidalFeatures(b, flat, timeDim, flipSinToCos, freqShift);
  const perImage = reshape(b, features, [batch, sizes * timeDim]);
  return concat(b, [cast(b, textEmbeds, b.computeType), perImage], 1);
}
