import { AlphasScheduler } from './base/alphas-scheduler';
import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { readSampleLimit, type SampleLimit } from './base/original-sample';
import type { NoiseSource, TimestepOptions } from './base/scheduler';
import { StepCursor } from './base/step-cursor';
import { type Distillation, distilledTimesteps, readDistillation } from './base/timesteps';
import { weightedSum } from './math/vectors';

const f32 = Math.fround;
const SIGMA_DATA = 0.5;

export const LCM = {
  name: 'LCMScheduler',
  label: 'LCM',
  aliases: [{ names: ['lcm'], samplers: ['lcm'] }],
  configFields: ['original_inference_steps', 'timestep_scaling'],
  isExample: true,
} as const satisfies SchedulerDefinition;

/** Latent consistency models' multistep sampling (arXiv 2310.04378); diffusers' scheduling_lcm.py. */
export class LCMScheduler extends AlphasScheduler {
  private readonly distillation: Distillation;
  private readonly timestepScaling: number;
  private readonly limit: SampleLimit;
  private readonly cursor = new StepCursor('exact');

  constructor(config: SchedulerConfig) {
    super(config, config.predictionType(), {
      betaStart: 0.00085,
      betaEnd: 0.012,
      betaSchedule: 'scaled_linear',
      zeroSnr: true,
    });
    this.limit = readSampleLimit(config, false);
    this.timestepScaling = config.number('timestep_scaling', 10);
    this.distillation = readDistillation(config, this.numTrainTimesteps);
  }

  /** A subset of the schedule the model was distilled on, the largest timestep first. */
  override setTimesteps(numInferenceSteps: number, options: TimestepOptions = {}): void {
    this.numInferenceSteps = numInferenceSteps;
    this.timesteps = distilledTimesteps(this.distillation, numInferenceSteps, options.strength);
    this.cursor.reset(this.timesteps);
  }

  override setBeginIndex(index: number): void {
    this.cursor.setBeginIndex(index);
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array {
    const index = this.cursor.enter(timestep);
    const previousAlpha = this.alphaAt(this.timesteps[index + 1] ?? timestep);
    const original = this.predictOriginal(modelOutput, timestep, sample, this.limit);

    // The boundary condition: at timestep 0 the sample is its own prediction.
    const scaled = f32(timestep * f32(this.timestepScaling));
    const variance = f32(f32(scaled * scaled) + SIGMA_DATA ** 2);
    const skip = f32(SIGMA_DATA ** 2 / variance);
    const out = f32(scaled / f32(Math.sqrt(variance)));
    const denoised = weightedSum([out, original], [skip, sample]);

    this.cursor.advance();
    if (index === this.numInferenceSteps - 1) return denoised;
    return weightedSum(
      [Math.sqrt(previousAlpha), denoised],
      [Math.sqrt(f32(1 - previousAlpha)), noise()],
    );
  }
}
