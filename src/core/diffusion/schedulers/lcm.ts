import { EaselError } from '../../errors';
import { AlphasScheduler } from './base/alphas-scheduler';
import { type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { readSampleLimit, type SampleLimit } from './base/original-sample';
import type { NoiseSource, TimestepOptions } from './base/scheduler';
import { StepCursor } from './base/step-cursor';
import { checkStepCount } from './base/timesteps';
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
  private readonly originalInferenceSteps: number;
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
    this.originalInferenceSteps = config.integer('original_inference_steps', 50, 1);
    if (this.originalInferenceSteps > this.numTrainTimesteps) {
      throw unsupported(
        'original_inference_steps',
        this.originalInferenceSteps,
        `num_train_timesteps is ${this.numTrainTimesteps}`,
      );
    }
  }

  /** A subset of the schedule the model was distilled on, the largest timestep first. */
  override setTimesteps(numInferenceSteps: number, options: TimestepOptions = {}): void {
    const strength = options.strength ?? 1;
    const available = Math.floor(this.originalInferenceSteps * strength);
    checkStepCount(numInferenceSteps);
    if (numInferenceSteps > available || available > this.numTrainTimesteps) {
      throw new EaselError(
        'bad-request',
        `This LCM model has ${available} distillation steps at strength ${strength}, so it takes at most ` +
          `that many steps, not ${numInferenceSteps}.`,
        { field: 'num_inference_steps', value: numInferenceSteps, maximum: available },
      );
    }
    const stride = Math.floor(this.numTrainTimesteps / this.originalInferenceSteps);
    const skip = available / numInferenceSteps;
    this.numInferenceSteps = numInferenceSteps;
    this.timesteps = Array.from(
      { length: numInferenceSteps },
      (_, i) => (available - Math.floor(i * skip)) * stride - 1,
    );
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
