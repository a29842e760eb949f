import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { EdmScheduler } from './base/edm-scheduler';
import { StepCursor } from './base/step-cursor';
import { divide, subtract, weightedSum } from './math/vectors';

export const EDM_EULER = {
  name: 'EDMEulerScheduler',
  label: 'Euler EDM',
  aliases: [{ names: ['edm-euler', 'euler-edm'], samplers: ['euleredm', 'edmeuler'] }],
  configFields: ['rho', 'sigma_data', 'sigma_schedule'],
  isEdm: true,
} as const satisfies SchedulerDefinition;

/** Euler's method (arXiv 2206.00364, algorithm 1 without correction) for EDM models; diffusers' scheduling_edm_euler.py. */
export class EDMEulerScheduler extends EdmScheduler {
  constructor(config: SchedulerConfig) {
    super(config, new StepCursor('exact'), 'float64');
  }

  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const index = this.cursor.enter(timestep);
    const sigma = this.sigmaAt(index);
    const original = this.predictOriginal(modelOutput, sample, sigma);
    const derivative = divide(subtract(sample, original), sigma);
    this.cursor.advance();
    return weightedSum([1, sample], [this.sigmaAt(index + 1) - sigma, derivative]);
  }

  protected override lastSigma(sigmas: readonly number[]): number {
    return sigmas[sigmas.length - 1]!;
  }
}
