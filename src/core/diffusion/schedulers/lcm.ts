import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { DistilledScheduler } from './base/distilled-scheduler';
import { readSampleLimit, type SampleLimit } from './base/original-sample';
import type { NoiseSource, TimestepOptions } from './base/scheduler';
import { weightedSum } from './math/vectors';

const f32 = Math.fround;
const SIGMA_DATA = 0.5;

export const LCM = {
  name: 'LCMScheduler',
  label: 'LCM',
  aliases: [{ names: ['lcm'], samplers: ['lcm'] }],
  // In diffusers, `timesteps` are an argument of a call; here few-step models bring them (catalogue/few-steps.ts).
  configFields: ['original_inference_steps', 'timestep_scaling', 'timesteps'],
  isExample: true,
} as const satisfies SchedulerDefinition;

/** Latent consistency models' multistep sampling (arXiv 2310.04378); diffusers' scheduling_lcm.py. */
export class LCMScheduler extends DistilledScheduler {
  private readonly timestepScaling: number;
  private readonly limit: SampleLimit;
  private readonly custom: readonly number[] | undefined;

  constructor(config: SchedulerConfig) {
    super(config);
    this.limit = readSampleLimit(config, false);
    this.timestepScaling = config.number('timestep_scaling', 10);
    this.custom = config.numbers('timesteps', { least: 0, most: this.numTrainTimesteps - 1 });
    if (this.custom?.every(Number.isInteger) === false) {
      throw config.refuse('timesteps', 'a list of whole numbers');
    }
  }

  /** Where there are custom timesteps, they are the schedule of as many steps. */
  override setTimesteps(numInferenceSteps: number, options: TimestepOptions = {}): void {
    super.setTimesteps(numInferenceSteps, options);
    if (this.custom?.length !== numInferenceSteps || options.strength !== undefined) return;
    this.timesteps = this.custom;
    this.cursor.reset(this.timesteps);
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
