import { divide, weightedSum } from '../math/vectors';
import type { SchedulerConfig } from './config';
import type { DiffusionPrediction } from './scheduler';

const f32 = Math.fround;

/**
 * The clean sample (`pred_original_sample`, x0) that the network's output implies, where a noisy sample is
 * signal·x0 + noise·ε: DDIM's, DDPM's, LCM's and the DPM solvers' form.
 */
export function originalSample(
  type: DiffusionPrediction,
  modelOutput: Float32Array,
  sample: Float32Array,
  signal: number,
  noise: number,
): Float32Array {
  switch (type) {
    case 'epsilon':
      return divide(weightedSum([1, sample], [-noise, modelOutput]), signal);
    case 'v_prediction':
      return weightedSum([signal, sample], [-noise, modelOutput]);
    case 'sample':
      return modelOutput;
  }
}

/** The noise ε that the network's output implies, in the same form. */
export function predictedNoise(
  type: DiffusionPrediction,
  modelOutput: Float32Array,
  sample: Float32Array,
  signal: number,
  noise: number,
): Float32Array {
  switch (type) {
    case 'epsilon':
      return modelOutput;
    case 'v_prediction':
      return weightedSum([signal, modelOutput], [noise, sample]);
    case 'sample':
      return divide(weightedSum([1, sample], [-signal, modelOutput]), noise);
  }
}

/** The clean sample where a noisy one is x0 + sigma·ε: the form of k-diffusion (Euler, LMS, Heun). */
export function originalSampleAtSigma(
  type: DiffusionPrediction,
  modelOutput: Float32Array,
  sample: Float32Array,
  sigma: number,
): Float32Array {
  switch (type) {
    case 'epsilon':
      return weightedSum([1, sample], [-sigma, modelOutput]);
    case 'v_prediction': {
      const variance = f32(f32(sigma * sigma) + 1);
      const skip = divide(sample, variance);
      return weightedSum([-f32(sigma / f32(Math.sqrt(variance))), modelOutput], [1, skip]);
    }
    case 'sample':
      return modelOutput;
  }
}

/** Limits a predicted clean sample as the config's clipping and thresholding fields say. */
export type SampleLimit = (original: Float32Array) => Float32Array;

/** `clip_sample` and `clip_sample_range`. */
export function readClipping(config: SchedulerConfig, byDefault: boolean): SampleLimit {
  const range = f32(config.number('clip_sample_range', 1, { least: 0, notZero: true }));
  if (!config.boolean('clip_sample', byDefault)) return (original) => original;
  return (original) => original.map((value) => Math.min(Math.max(value, -range), range));
}

/**
 * `thresholding`, `dynamic_thresholding_ratio` and `sample_max_value`: dynamic thresholding of Imagen
 * (arXiv 2205.11487), diffusers' `_threshold_sample`.
 * @returns undefined when the config does not ask for it
 */
export function readThresholding(config: SchedulerConfig): SampleLimit | undefined {
  const ratio = config.number('dynamic_thresholding_ratio', 0.995, { least: 0, most: 1 });
  const maximum = f32(config.number('sample_max_value', 1, { least: 0, notZero: true }));
  if (!config.boolean('thresholding', false)) return undefined;
  return (original) => {
    const limit = Math.min(Math.max(quantile(original.map(Math.abs), ratio), 1), maximum);
    return original.map((value) => Math.min(Math.max(value, -limit), limit) / limit);
  };
}

/** Thresholding where the config asks for it, else clipping: DDIM, DDPM and LCM. */
export function readSampleLimit(config: SchedulerConfig, clipByDefault: boolean): SampleLimit {
  const clipping = readClipping(config, clipByDefault);
  return readThresholding(config) ?? clipping;
}

/** `torch.quantile` with linear interpolation, in float32. */
function quantile(values: Float32Array, ratio: number): number {
  values.sort();
  const rank = f32(f32(ratio) * (values.length - 1));
  const below = Math.floor(rank);
  const low = values[below]!;
  const high = values[Math.ceil(rank)]!;
  const weight = f32(rank - below);
  const span = f32(high - low);
  return weight < 0.5 ? f32(low + f32(weight * span)) : f32(high - f32(span * f32(1 - weight)));
}
