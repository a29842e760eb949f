import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSampleAtSigma, readClipping, type SampleLimit } from './base/original-sample';
import { readSigmaSpread, type ConfigSpread } from './base/sigmas';
import { ExplodingScheduler } from './base/sigmas-scheduler';
import { checkStepCount, fractionalTimesteps } from './base/timesteps';
import { divide, subtract, weightedSum } from './math/vectors';

const f32 = Math.fround;

/** The first half of a step, which the second half corrects. */
interface Prediction {
  readonly derivative: Float32Array;
  readonly length: number;
  readonly sample: Float32Array;
}

export const HEUN = {
  name: 'HeunDiscreteScheduler',
  label: 'Heun',
  aliases: [{ names: ['heun'], samplers: ['heun'], karras: true }],
} as const satisfies SchedulerDefinition;

/**
 * Heun's method (arXiv 2206.00364, algorithm 1): two network calls a step, so that every timestep but the
 * first comes twice; diffusers' scheduling_heun_discrete.py.
 */
export class HeunDiscreteScheduler extends ExplodingScheduler {
  override readonly order = 2;
  private readonly spread: ConfigSpread;
  private readonly limit: SampleLimit;
  private prediction: Prediction | undefined;

  constructor(config: SchedulerConfig) {
    super(config, config.predictionType(), {
      betaStart: 0.00085,
      betaEnd: 0.012,
      moreSchedules: ['exp'],
    });
    this.spread = readSigmaSpread(config);
    this.limit = readClipping(config, false);
  }

  override setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps);
    let timesteps = fractionalTimesteps(this.spacing, numInferenceSteps);
    let sigmas = timesteps.map((timestep) => this.table.at(timestep));
    if (this.spread !== 'timesteps') {
      const [first, last] = [sigmas[0]!, sigmas[sigmas.length - 1]!];
      sigmas = this.table.spread(this.spread, first, last, numInferenceSteps);
      timesteps = sigmas.map((sigma) => f32(this.table.toTimestep(sigma)));
    }
    this.prediction = undefined;
    this.setSchedule(repeatAllButFirst(timesteps), [...repeatAllButFirst(sigmas), 0]);
  }

  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const index = this.cursor.enter(timestep);
    // In both halves the sample is at sigmas[index].
    const sigma = this.sigmaAt(index);
    const original = this.limit(
      originalSampleAtSigma(this.predictionType, modelOutput, sample, sigma),
    );
    const derivative = divide(subtract(sample, original), sigma);
    this.cursor.advance();
    if (this.prediction === undefined) {
      const length = f32(this.sigmaAt(index + 1) - sigma);
      this.prediction = { derivative, length, sample };
      return weightedSum([1, sample], [length, derivative]);
    }
    const { derivative: predicted, length, sample: start } = this.prediction;
    this.prediction = undefined;
    const mean = divide(weightedSum([1, predicted], [1, derivative]), 2);
    return weightedSum([1, start], [length, mean]);
  }
}

function repeatAllButFirst(values: readonly number[]): number[] {
  return values.flatMap((value, i) => (i === 0 ? [value] : [value, value]));
}
