import { type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSample, predictedNoise } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { SolverScheduler } from './base/solver-scheduler';
import { readLearnsVariance } from './dpm-solver';
import { adamsCoefficients } from './math/sa-coefficients';
import type { NoiseLevel } from './math/noise-level';
import { type Term, weightedSum } from './math/vectors';

const f32 = Math.fround;
const exp32 = (x: number): number => f32(Math.exp(x));
const sqrt32 = (x: number): number => f32(Math.sqrt(x));
const MAX_ORDER = 4;

/** Between these timesteps the process is stochastic (tau is 1), as in diffusers' default `tau_func`. */
const STOCHASTIC = { from: 200, to: 800 } as const;

export const SA_SOLVER = {
  name: 'SASolverScheduler',
  label: 'SA Solver',
  aliases: [
    { names: ['sa-solver', 'sasolver'], samplers: ['sasolver', 'sasolverp'], karras: true },
  ],
  configFields: ['corrector_order', 'predictor_order', 'tau_func'],
} as const satisfies SchedulerDefinition;

/**
 * SA-Solver (arXiv 2309.05019): stochastic Adams methods, a predictor and a corrector that reuses the next
 * network call and the same noise; diffusers' scheduling_sasolver.py.
 */
export class SASolverScheduler extends SolverScheduler {
  private readonly predictorOrder: number;
  private readonly correctorOrder: number;
  private readonly predictX0: boolean;
  private readonly learnsVariance: boolean;
  private readonly lastTimestep: number;
  /** What the next call corrects. */
  private last: LastStep | undefined;

  constructor(config: SchedulerConfig) {
    const predictorOrder = readOrder(config, 'predictor_order');
    const correctorOrder = readOrder(config, 'corrector_order');
    const kept = Math.max(predictorOrder, correctorOrder - 1);
    super(config, kept, { betas: {}, lowerOrderFinal: true });
    this.predictorOrder = predictorOrder;
    this.correctorOrder = correctorOrder;
    config.refuseGiven('tau_func', 'a function cannot be read from a file');
    const kinds = ['data_prediction', 'noise_prediction'] as const;
    this.predictX0 =
      config.choice('algorithm_type', kinds, 'data_prediction') === 'data_prediction';
    this.learnsVariance = readLearnsVariance(config) && this.predictionType === 'epsilon';
    this.lastTimestep = this.readLastTimestep(config);
    if (!this.predictX0 && this.threshold) {
      throw unsupported('thresholding', true, 'algorithm_type "noise_prediction" cannot do it');
    }
  }

  override setTimesteps(numInferenceSteps: number): void {
    this.outputs = [];
    this.last = undefined;
    const { sigmas, timesteps, smallest } = this.planSteps(numInferenceSteps, {
      lastTimestep: this.lastTimestep,
    });
    this.setSchedule(timesteps, [...sigmas, smallest]);
  }

  /** By the timestep, which is a whole one, and not by the sigma of the step. */
  override addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    return this.addNoiseAtTimestep(original, noise, timestep);
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array {
    const index = this.cursor.enter(timestep);
    const output = this.convertOutput(modelOutput, sample, index);
    const { last } = this;
    const corrected = last ? this.move([output, ...this.outputs], index - 1, index, last) : sample;
    this.remember(output);
    const remaining = this.timesteps.length - index;
    const limit = (order: number, left: number) =>
      this.lowerOrderFinal ? Math.min(order, left) : order;
    const predictorOrder = Math.min(limit(this.predictorOrder, remaining), this.outputs.length);
    const step = {
      sample: corrected,
      noise: noise(),
      tau: timestep >= STOCHASTIC.from && timestep <= STOCHASTIC.to ? 1 : 0,
    };
    this.last = {
      ...step,
      isCorrector: true,
      order: Math.min(limit(this.correctorOrder, remaining + 1), this.outputs.length + 1),
    };
    this.cursor.advance();
    const predictor = { ...step, isCorrector: false, order: predictorOrder };
    return this.move(this.outputs, index, index + 1, predictor);
  }

  /**
   * diffusers' `stochastic_adams_bashforth_update` and `stochastic_adams_moulton_update`: from one noise level
   * to the next. @param outputs latest first
   */
  private move(
    outputs: readonly Float32Array[],
    fromIndex: number,
    toIndex: number,
    { sample, noise, tau, order, isCorrector }: LastStep,
  ): Float32Array {
    const [from, to] = [this.levelAt(fromIndex), this.levelAt(toIndex)];
    const known = isCorrector ? toIndex : fromIndex;
    const lambdas = Array.from({ length: order }, (_, i) => this.levelAt(known - i).lambda);
    const coefficients = adamsCoefficients({
      lambdas,
      from: from.lambda,
      to: to.lambda,
      tau,
      predictX0: this.predictX0,
      isCorrector,
    });
    const factor = this.predictX0
      ? f32(f32((1 + tau ** 2) * to.noise) * exp32(-(tau ** 2) * to.lambda))
      : f32(-(1 + tau ** 2) * to.signal);
    const terms = coefficients.map((value, i): Term => [f32(factor * value), outputs[i]!]);
    const [first, ...rest] = terms;
    const gradient = weightedSum(first!, ...rest);
    const [kept, fresh] = this.weights(from, to, tau);
    return weightedSum([kept, sample], [1, gradient], [fresh, noise]);
  }

  /** The weights of the sample and of the noise. */
  private weights(from: NoiseLevel, to: NoiseLevel, tau: number): readonly [number, number] {
    const h = f32(to.lambda - from.lambda);
    if (this.predictX0) {
      const kept = f32(exp32(-(tau ** 2) * h) * f32(to.noise / from.noise));
      return [kept, f32(to.noise * sqrt32(f32(1 - exp32(-2 * tau ** 2 * h))))];
    }
    const spread = sqrt32(f32(exp32(f32(2 * h)) - 1));
    return [f32(to.signal / from.signal), f32(f32(tau * to.noise) * spread)];
  }

  /** diffusers' `convert_model_output`. */
  private convertOutput(output: Float32Array, sample: Float32Array, index: number): Float32Array {
    const { signal, noise } = this.levelAt(index);
    const type = this.predictionType;
    const mean = this.learnsVariance ? output.subarray(0, sample.length) : output;
    if (!this.predictX0) return predictedNoise(type, mean, sample, signal, noise);
    const original = originalSample(type, mean, sample, signal, noise);
    return this.threshold ? this.threshold(original) : original;
  }
}

/** A step: what it begins with, and how it is computed. */
interface LastStep {
  readonly sample: Float32Array;
  readonly noise: Float32Array;
  /** How stochastic the process is, 0 or 1. */
  readonly tau: number;
  readonly order: number;
  readonly isCorrector: boolean;
}

function readOrder(config: SchedulerConfig, field: string): number {
  const order = config.integer(field, 2, 1);
  if (order > MAX_ORDER) throw unsupported(field, order, 'SA-Solver has orders 1 to 4');
  return order;
}
