import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { MidpointScheduler, type MidpointStage } from './base/midpoint-scheduler';
import { originalSampleAtSigma } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { ancestralStep } from './math/ancestral';
import { divide, subtract, weightedSum } from './math/vectors';

const f32 = Math.fround;

export const KDPM2 = {
  name: 'KDPM2DiscreteScheduler',
  label: 'DPM2',
  aliases: [
    {
      names: ['dpm2', 'kdpm2'],
      samplers: ['dpm2', 'kdpm2'],
      karras: 'automatic',
    },
  ],
} as const satisfies SchedulerDefinition;

export const KDPM2_ANCESTRAL = {
  name: 'KDPM2AncestralDiscreteScheduler',
  label: 'DPM2 a',
  aliases: [
    {
      names: ['dpm2-a', 'dpm2-ancestral', 'kdpm2-a'],
      samplers: ['dpm2a', 'dpm2ancestral', 'kdpm2a', 'kdpm2ancestral'],
      karras: 'automatic',
    },
  ],
} as const satisfies SchedulerDefinition;

interface Stage extends MidpointStage {
  /** The deviation of the noise after the step; zero if there is none. */
  readonly up: number;
}

/** What DPM-Solver-2 and its ancestral form share. */
abstract class Dpm2Scheduler extends MidpointScheduler<Stage> {
  constructor(
    config: SchedulerConfig,
    private readonly drawsNoise: boolean,
  ) {
    super(config, 'dpm2');
  }

  /** @param from float32; @param next float32 */
  protected abstract stepBetween(from: number, next: number): Pick<Stage, 'middle' | 'to' | 'up'>;

  protected override stageBetween(from: number, to: number): Stage {
    const step = this.stepBetween(f32(from), f32(to));
    return { from: f32(from), middleTimestep: this.table.toTimestep32(step.middle), ...step };
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array {
    const stage = this.enterStage(timestep);
    const { from, middle, to, up } = stage;
    const start = this.startSample;
    const sigma = this.inputSigma(stage);
    const original = originalSampleAtSigma(this.predictionType, modelOutput, sample, sigma);
    const derivative = divide(subtract(sample, original), sigma);
    this.cursor.advance();
    if (!start) {
      this.startSample = sample;
      return weightedSum([1, sample], [middle - from, derivative]);
    }
    this.startSample = undefined;
    const moved = weightedSum([1, start], [to - from, derivative]);
    return this.drawsNoise ? weightedSum([1, moved], [up, noise()]) : moved;
  }
}

/**
 * DPM-Solver-2 of k-diffusion (`sample_dpm_2`; arXiv 2206.00364, algorithm 2 with the midpoint in log sigma);
 * diffusers' scheduling_k_dpm_2_discrete.py.
 */
export class KDPM2DiscreteScheduler extends Dpm2Scheduler {
  constructor(config: SchedulerConfig) {
    super(config, false);
  }

  protected override stepBetween(from: number, to: number): Pick<Stage, 'middle' | 'to' | 'up'> {
    return { middle: between(to, from), to, up: 0 };
  }
}

/** The ancestral form (`sample_dpm_2_ancestral`); diffusers' scheduling_k_dpm_2_ancestral_discrete.py. */
export class KDPM2AncestralDiscreteScheduler extends Dpm2Scheduler {
  constructor(config: SchedulerConfig) {
    super(config, true);
  }

  protected override stepBetween(from: number, next: number): Pick<Stage, 'middle' | 'to' | 'up'> {
    const { up, down } = ancestralStep(from, next);
    return { middle: between(from, down), to: down, up };
  }
}

/** The middle of two sigmas in log sigma, in float32 (`torch.lerp`); zero if one of them is. */
function between(one: number, other: number): number {
  if (one === 0 || other === 0) return 0;
  const [logOne, logOther] = [f32(Math.log(one)), f32(Math.log(other))];
  return f32(Math.exp(f32(logOther - f32(f32(logOther - logOne) * 0.5))));
}
