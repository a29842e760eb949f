import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSampleAtSigma } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { ExplodingScheduler } from './base/sigmas-scheduler';
import { checkStepCount, fractionalTimesteps } from './base/timesteps';
import { ancestralStep } from './math/ancestral';
import { divide, subtract, weightedSum } from './math/vectors';

export const EULER_ANCESTRAL = {
  name: 'EulerAncestralDiscreteScheduler',
  label: 'Euler a',
  aliases: [{ names: ['euler-a', 'euler-ancestral'], samplers: ['eulera', 'eulerancestral'] }],
  isExample: true,
} as const satisfies SchedulerDefinition;

/**
 * Ancestral sampling with Euler steps (k-diffusion's `sample_euler_ancestral`); diffusers'
 * scheduling_euler_ancestral_discrete.py.
 */
export class EulerAncestralDiscreteScheduler extends ExplodingScheduler {
  constructor(config: SchedulerConfig) {
    super(config, config.predictionType(['epsilon', 'v_prediction']), {
      zeroSnr: true,
      finiteSigma: true,
    });
  }

  override setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps);
    const timesteps = fractionalTimesteps(this.spacing, numInferenceSteps);
    this.setSchedule(timesteps, [...timesteps.map((timestep) => this.table.at(timestep)), 0]);
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array {
    const index = this.cursor.enter(timestep);
    const sigma = this.sigmaAt(index);
    const next = this.sigmaAt(index + 1);
    const { up, down } = ancestralStep(sigma, next);
    const original = originalSampleAtSigma(this.predictionType, modelOutput, sample, sigma);
    const derivative = divide(subtract(sample, original), sigma);
    this.cursor.advance();
    // diffusers draws at the last step too, where nothing of it is added.
    return weightedSum([1, sample], [down - sigma, derivative], [up, noise()]);
  }
}
