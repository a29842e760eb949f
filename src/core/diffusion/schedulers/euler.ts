import { numpyLog32 } from '../../float32';
import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSampleAtSigma } from './base/original-sample';
import { DIFFUSION_PREDICTIONS, type DiffusionPrediction } from './base/scheduler';
import {
  type FinalSigmas,
  readFinalSigmas,
  readSigmaSpread,
  type ConfigSpread,
} from './base/sigmas';
import { ExplodingScheduler } from './base/sigmas-scheduler';
import { checkStepCount, fractionalTimesteps } from './base/timesteps';
import { linspace32 } from './math/numpy';
import { divide, subtract, weightedSum } from './math/vectors';

const f32 = Math.fround;

export const EULER = {
  name: 'EulerDiscreteScheduler',
  label: 'Euler',
  aliases: [{ names: ['euler'], samplers: ['euler'], karras: true }],
  configFields: ['interpolation_type', 'timestep_type'],
  isExample: true,
} as const satisfies SchedulerDefinition;

/**
 * Euler's method of Karras et al. (arXiv 2206.00364, algorithm 2 without churn); diffusers'
 * scheduling_euler_discrete.py.
 */
export class EulerDiscreteScheduler extends ExplodingScheduler {
  private readonly spread: ConfigSpread;
  private readonly logLinear: boolean;
  private readonly finalSigmas: FinalSigmas;
  private readonly continuous: boolean;

  constructor(config: SchedulerConfig) {
    super(config, readPredictionType(config), { zeroSnr: true, finiteSigma: true });
    this.spread = readSigmaSpread(config);
    this.finalSigmas = readFinalSigmas(config);
    this.logLinear =
      config.choice('interpolation_type', ['linear', 'log_linear'], 'linear') === 'log_linear';
    const kind = config.choice('timestep_type', ['discrete', 'continuous'], 'discrete');
    this.continuous = kind === 'continuous' && this.predictionType === 'v_prediction';
  }

  override setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps);
    let timesteps = fractionalTimesteps(this.spacing, numInferenceSteps);
    let sigmas = this.logLinear
      ? this.logLinearSigmas(numInferenceSteps)
      : timesteps.map((timestep) => this.table.at(timestep));
    if (this.spread !== 'timesteps') {
      const [first, last] = [sigmas[0]!, sigmas[sigmas.length - 1]!];
      sigmas = this.table.spread(this.spread, first, last, numInferenceSteps);
      timesteps = sigmas.map((sigma) => f32(this.table.toTimestep(sigma)));
    }
    sigmas.push(this.finalSigmas === 'zero' ? 0 : this.table.smallest);
    if (this.continuous) {
      timesteps = sigmas.slice(0, -1).map((sigma) => f32(0.25 * f32(Math.log(f32(sigma)))));
    }
    this.setSchedule(timesteps, sigmas);
  }

  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const index = this.cursor.enter(timestep);
    const sigma = this.sigmaAt(index);
    const original = originalSampleAtSigma(this.predictionType, modelOutput, sample, sigma);
    const derivative = divide(subtract(sample, original), sigma);
    this.cursor.advance();
    return weightedSum([1, sample], [this.sigmaAt(index + 1) - sigma, derivative]);
  }

  /** Even in log sigma over the whole table; one more than there are steps. */
  private logLinearSigmas(count: number): number[] {
    const logs = linspace32(
      numpyLog32(this.table.largest),
      numpyLog32(this.table.smallest),
      count + 1,
    );
    return Array.from(logs, (log) => f32(Math.exp(log)));
  }
}

/** "original_sample" is diffusers' older name of "sample" in this class. */
function readPredictionType(config: SchedulerConfig): DiffusionPrediction {
  const choices = [...DIFFUSION_PREDICTIONS, 'original_sample'] as const;
  const type = config.choice('prediction_type', choices, 'epsilon');
  return type === 'original_sample' ? 'sample' : type;
}
