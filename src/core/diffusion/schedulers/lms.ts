import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSampleAtSigma } from './base/original-sample';
import { readSigmaSpread, type ConfigSpread } from './base/sigmas';
import { ExplodingScheduler } from './base/sigmas-scheduler';
import { checkStepCount, fractionalTimesteps } from './base/timesteps';
import { divide, subtract, type Term, weightedSum } from './math/vectors';

const f32 = Math.fround;
const MAX_ORDER = 4;

export const LMS = {
  name: 'LMSDiscreteScheduler',
  label: 'LMS',
  aliases: [{ names: ['lms'], samplers: ['lms'], karras: true }],
} as const satisfies SchedulerDefinition;

/** Linear multistep of order 4 (k-diffusion's `sample_lms`); diffusers' scheduling_lms_discrete.py. */
export class LMSDiscreteScheduler extends ExplodingScheduler {
  private readonly spread: ConfigSpread;
  private derivatives: Float32Array[] = [];

  constructor(config: SchedulerConfig) {
    super(config, config.predictionType(), {});
    this.spread = readSigmaSpread(config);
  }

  override setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps);
    let timesteps = fractionalTimesteps(this.spacing, numInferenceSteps);
    let sigmas = timesteps.map((timestep) => this.table.at(timestep));
    if (this.spread !== 'timesteps') {
      const [first, last] = [sigmas[0]!, sigmas[sigmas.length - 1]!];
      sigmas = this.table.spreadLikeLms(this.spread, first, last, numInferenceSteps);
      timesteps = sigmas.map((sigma) => f32(this.table.toTimestep(sigma)));
    }
    this.derivatives = [];
    this.setSchedule(timesteps, [...sigmas, 0]);
  }

  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const index = this.cursor.enter(timestep);
    const sigma = this.sigmaAt(index);
    const original = originalSampleAtSigma(this.predictionType, modelOutput, sample, sigma);
    const derivative = divide(subtract(sample, original), sigma);
    this.derivatives = [derivative, ...this.derivatives.slice(0, MAX_ORDER - 1)];

    const order = Math.min(index + 1, MAX_ORDER);
    const [newest, ...older] = this.derivatives.map((values, i): Term => [
      this.coefficient(order, index, i),
      values,
    ]);
    this.cursor.advance();
    const move = newest ? weightedSum(newest, ...older) : derivative;
    return weightedSum([1, sample], [1, move]);
  }

  /**
   * The integral, over this step's sigmas, of the Lagrange polynomial of the derivative `current` steps ago.
   * Two Gauss-Legendre points are exact up to degree 3, the highest there is.
   */
  private coefficient(order: number, index: number, current: number): number {
    const lagrange = (tau: number): number => {
      let product = 1;
      for (let k = 0; k < order; k++) {
        if (k === current) continue;
        const other = this.sigmaAt(index - k);
        product *= (tau - other) / (this.sigmaAt(index - current) - other);
      }
      return product;
    };
    const from = this.sigmaAt(index);
    const half = (this.sigmaAt(index + 1) - from) / 2;
    const middle = from + half;
    const offset = half / Math.sqrt(3);
    return half * (lagrange(middle - offset) + lagrange(middle + offset));
  }
}
