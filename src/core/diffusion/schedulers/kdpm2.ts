import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSampleAtSigma } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { type ConfigSpread, readSigmaSpread } from './base/sigmas';
import { ExplodingScheduler } from './base/sigmas-scheduler';
import { checkStepCount, fractionalTimesteps } from './base/timesteps';
import { roundHalfEven } from './math/numpy';
import { divide, subtract, weightedSum } from './math/vectors';

const f32 = Math.fround;
const sqrt32 = (x: number): number => f32(Math.sqrt(x));

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

/** A step of two network calls: from `from` to `middle`, and from `from` again, with what is there, to `to`. */
interface Stage {
  readonly from: number;
  /** Between the two in log sigma; zero where the step is one call to zero. */
  readonly middle: number;
  readonly to: number;
  /** The deviation of the noise after the step; zero if there is none. */
  readonly up: number;
}

/** What DPM-Solver-2 and its ancestral form share. */
abstract class Dpm2Scheduler extends ExplodingScheduler {
  override readonly order = 2;
  private readonly spread: ConfigSpread;
  private stages: readonly Stage[] = [];
  /** The sample that the step began with, between its two calls. */
  private startSample: Float32Array | undefined;

  constructor(
    config: SchedulerConfig,
    private readonly drawsNoise: boolean,
  ) {
    super(config, config.predictionType(['epsilon', 'v_prediction']), {
      betaStart: 0.00085,
      betaEnd: 0.012,
    });
    this.spread = readSigmaSpread(config);
  }

  protected abstract stagesOf(sigmas: readonly number[]): Stage[];

  override setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps);
    let timesteps = fractionalTimesteps(this.spacing, numInferenceSteps);
    let levels = timesteps.map((timestep) => this.table.at(timestep));
    const { spread } = this;
    if (spread !== 'timesteps') {
      const [first, last] = [levels[0]!, levels[levels.length - 1]!];
      levels = this.table.spread(spread, first, last, numInferenceSteps);
      const isRounded = spread === 'karras';
      timesteps = levels.map((sigma) => {
        const timestep = this.table.toTimestep(sigma);
        return isRounded ? roundHalfEven(timestep) : timestep;
      });
    }
    const sigmas = [...levels, 0].map(f32);
    this.startSample = undefined;
    this.stages = this.stagesOf(sigmas);
    const middles = this.stages.map(({ middle }) => this.table.toTimestep32(middle));
    const [start, ...rest] = timesteps;
    this.setSchedule(
      [start!, ...rest.flatMap((timestep, i) => [middles[i]!, timestep])],
      sigmas.flatMap((sigma, i) => (i === 0 ? [sigma] : [sigma, sigma])),
    );
  }

  override scaleModelInput(sample: Float32Array, timestep: number): Float32Array {
    const stage = this.stageAt(this.cursor.enter(timestep));
    const sigma = this.startSample ? stage.middle : stage.from;
    return divide(sample, Math.sqrt(f32(f32(sigma * sigma) + 1)));
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array {
    const { from, middle, to, up } = this.stageAt(this.cursor.enter(timestep));
    const start = this.startSample;
    const sigma = start ? middle : from;
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

  private stageAt(index: number): Stage {
    return this.stages[Math.floor(index / 2)]!;
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

  protected override stagesOf(sigmas: readonly number[]): Stage[] {
    return sigmas.slice(0, -1).map((from, i): Stage => {
      const to = sigmas[i + 1]!;
      return { from, middle: between(to, from), to, up: 0 };
    });
  }
}

/** The ancestral form (`sample_dpm_2_ancestral`); diffusers' scheduling_k_dpm_2_ancestral_discrete.py. */
export class KDPM2AncestralDiscreteScheduler extends Dpm2Scheduler {
  constructor(config: SchedulerConfig) {
    super(config, true);
  }

  protected override stagesOf(sigmas: readonly number[]): Stage[] {
    return sigmas.slice(0, -1).map((from, i): Stage => {
      const next = sigmas[i + 1]!;
      const [square, nextSquare] = [f32(from * from), f32(next * next)];
      const up = sqrt32(f32(f32(nextSquare * f32(square - nextSquare)) / square));
      const to = sqrt32(f32(nextSquare - f32(up * up)));
      return { from, middle: next === 0 ? 0 : between(from, to), to, up };
    });
  }
}

/** The middle of two sigmas in log sigma, in float32 (`torch.lerp`); zero if one of them is. */
function between(one: number, other: number): number {
  if (one === 0 || other === 0) return 0;
  const [logOne, logOther] = [f32(Math.log(one)), f32(Math.log(other))];
  return f32(Math.exp(f32(logOther - f32(f32(logOther - logOne) * 0.5))));
}
