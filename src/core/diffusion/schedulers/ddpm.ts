import { EaselError } from '../../errors';
import { AlphasScheduler } from './base/alphas-scheduler';
import { type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { readSampleLimit, type SampleLimit } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { checkStepCount, readSpacing, type Spacing, wholeTimesteps } from './base/timesteps';
import { weightedSum } from './math/vectors';

const f32 = Math.fround;

const VARIANCE_TYPES = [
  'fixed_small',
  'fixed_small_log',
  'fixed_large',
  'learned',
  'learned_range',
] as const;

type VarianceType = (typeof VARIANCE_TYPES)[number];

export const DDPM = {
  name: 'DDPMScheduler',
  label: 'DDPM',
  aliases: [{ names: ['ddpm'], samplers: ['ddpm'] }],
  configFields: ['variance_type'],
} as const satisfies SchedulerDefinition;

/** DDPM (arXiv 2006.11239, formulas 6 and 7); diffusers' scheduling_ddpm.py. */
export class DDPMScheduler extends AlphasScheduler {
  private readonly spacing: Spacing;
  private readonly limit: SampleLimit;
  private readonly varianceType: VarianceType;

  constructor(config: SchedulerConfig) {
    super(config, config.predictionType(), {
      zeroSnr: true,
      moreSchedules: ['laplace', 'sigmoid'],
    });
    this.spacing = readSpacing(config, 'leading');
    this.limit = readSampleLimit(config, true);
    this.varianceType = readVarianceType(config);
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
    noise: NoiseSource,
  ): Float32Array {
    const [mean, learned] = this.splitOutput(modelOutput, sample.length);
    const previous = this.timesteps[this.timesteps.indexOf(timestep) + 1] ?? -1;
    const alpha = this.alphaAt(timestep);
    const previousAlpha = previous >= 0 ? this.alphaAt(previous) : 1;
    const beta = f32(1 - alpha);
    const previousBeta = f32(1 - previousAlpha);
    const stepAlpha = f32(alpha / previousAlpha);
    const stepBeta = f32(1 - stepAlpha);

    const original = this.predictOriginal(mean, timestep, sample, this.limit);
    const originalWeight = f32(f32(f32(Math.sqrt(previousAlpha)) * stepBeta) / beta);
    const sampleWeight = f32(f32(f32(Math.sqrt(stepAlpha)) * previousBeta) / beta);
    const prediction = weightedSum([originalWeight, original], [sampleWeight, sample]);
    if (timestep <= 0) return prediction;

    const fresh = noise();
    const smallVariance = Math.max(f32(f32(previousBeta / beta) * stepBeta), f32(1e-20));
    const deviation = this.deviation(smallVariance, stepBeta, learned);
    return prediction.map((value, i) => value + f32(deviation(i) * fresh[i]!));
  }

  /** The network's second half of the channels is the variance where the model learned it. */
  private splitOutput(output: Float32Array, size: number): [Float32Array, Float32Array?] {
    const learns = this.varianceType === 'learned' || this.varianceType === 'learned_range';
    if (!learns) return [output];
    if (output.length !== 2 * size) {
      throw new EaselError(
        'unsupported-config',
        `scheduler_config.json says variance_type = "${this.varianceType}", but the network does not ` +
          'predict a variance.',
        { field: 'variance_type', value: this.varianceType },
      );
    }
    return [output.subarray(0, size), output.subarray(size)];
  }

  /** The standard deviation of the added noise at element i. */
  private deviation(
    smallVariance: number,
    stepBeta: number,
    learned: Float32Array = new Float32Array(0),
  ): (i: number) => number {
    switch (this.varianceType) {
      case 'fixed_small': {
        const value = f32(Math.sqrt(smallVariance));
        return () => value;
      }
      case 'fixed_small_log': {
        const value = f32(Math.exp(f32(0.5 * f32(Math.log(smallVariance)))));
        return () => value;
      }
      case 'fixed_large': {
        const value = f32(Math.sqrt(stepBeta));
        return () => value;
      }
      case 'learned':
        return (i) => f32(Math.sqrt(learned[i]!));
      case 'learned_range': {
        const minimum = f32(Math.log(smallVariance));
        const maximum = f32(Math.log(stepBeta));
        return (i) => {
          const share = f32(f32(learned[i]! + 1) / 2);
          const logVariance = f32(f32(share * maximum) + f32(f32(1 - share) * minimum));
          return f32(Math.exp(f32(0.5 * logVariance)));
        };
      }
    }
  }
}

function readVarianceType(config: SchedulerConfig): VarianceType {
  // None matches no branch of diffusers' _get_variance, which leaves the small variance as it is.
  if (!config.given('variance_type')) return 'fixed_small';
  const type = config.choice(
    'variance_type',
    [...VARIANCE_TYPES, 'fixed_large_log' as const],
    'fixed_small',
  );
  if (type === 'fixed_large_log') {
    throw unsupported(
      'variance_type',
      type,
      'sampling with it takes the root of a negative number',
    );
  }
  return type;
}
