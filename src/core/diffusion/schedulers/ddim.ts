import { AlphasScheduler } from './base/alphas-scheduler';
import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { predictedNoise, readSampleLimit, type SampleLimit } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { checkStepCount, readSpacing, type Spacing, wholeTimesteps } from './base/timesteps';
import { weightedSum } from './math/vectors';

const f32 = Math.fround;

export const DDIM = {
  name: 'DDIMScheduler',
  label: 'DDIM',
  aliases: [{ names: ['ddim'], samplers: ['ddim', 'ddimv3'] }],
  takesEta: true,
  isExample: true,
} as const satisfies SchedulerDefinition;

/** DDIM (arXiv 2010.02502, formulas 12 and 16); diffusers' scheduling_ddim.py. */
export class DDIMScheduler extends AlphasScheduler {
  private readonly spacing: Spacing;
  private readonly limit: SampleLimit;
  private readonly finalAlpha: number;
  private readonly eta: number;

  constructor(config: SchedulerConfig) {
    super(config, config.predictionType(), { zeroSnr: true });
    this.eta = config.eta;
    this.spacing = readSpacing(config, 'leading');
    this.limit = readSampleLimit(config, true);
    this.finalAlpha = config.boolean('set_alpha_to_one', true) ? 1 : this.alphaAt(0);
  }

  override setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps, this.numTrainTimesteps);
    this.numInferenceSteps = numInferenceSteps;
    this.timesteps = wholeTimesteps(this.spacing, numInferenceSteps);
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    newNoise: NoiseSource,
  ): Float32Array {
    const previous = timestep - Math.floor(this.numTrainTimesteps / this.numInferenceSteps);
    const alpha = this.alphaAt(timestep);
    const previousAlpha = previous >= 0 ? this.alphaAt(previous) : this.finalAlpha;
    const signal = f32(Math.sqrt(alpha));
    const noise = f32(Math.sqrt(f32(1 - alpha)));

    const original = this.predictOriginal(modelOutput, timestep, sample, this.limit);
    // diffusers derives epsilon before it clips x0 (use_clipped_model_output is off in its pipelines).
    const epsilon = predictedNoise(this.predictionType, modelOutput, sample, signal, noise);
    const previousVariance = f32(1 - previousAlpha);
    const variance = f32(
      f32(previousVariance / f32(1 - alpha)) * f32(1 - f32(alpha / previousAlpha)),
    );
    const deviation = f32(f32(this.eta) * f32(Math.sqrt(variance)));
    const moved = weightedSum(
      [Math.sqrt(previousAlpha), original],
      [Math.sqrt(f32(previousVariance - f32(deviation * deviation))), epsilon],
    );
    return this.eta > 0 ? weightedSum([1, moved], [deviation, newNoise()]) : moved;
  }
}
