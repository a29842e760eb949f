import { EaselError } from '../../errors';
import { checkSchedule, type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import type { NoiseSource, Scheduler, TimestepOptions } from './base/scheduler';
import { type ConfigSpread, readSigmaSpread, spreadSigmas } from './base/sigmas';
import { StepCursor } from './base/step-cursor';
import { checkStepCount } from './base/timesteps';
import { linspace } from './math/numpy';
import { weightedSum } from './math/vectors';

const f32 = Math.fround;
/** The schedule is stretched so that it ends here, which must be below 1, where it begins. */
const MOST_TERMINAL = 0.99;

export const FLOW_MATCH_EULER = {
  name: 'FlowMatchEulerDiscreteScheduler',
  // AUTOMATIC1111 has no flow matching: this is SD.Next's label.
  label: 'Euler FlowMatch',
  aliases: [
    {
      names: ['flow-match-euler', 'flow-euler'],
      samplers: ['eulerflowmatch', 'flowmatcheuler'],
      karras: true,
    },
  ],
  configFields: [
    'base_image_seq_len',
    'base_shift',
    'invert_sigmas',
    'max_image_seq_len',
    'max_shift',
    'shift',
    'stochastic_sampling',
  ],
  isFlowMatching: true,
} as const satisfies SchedulerDefinition;

/**
 * Euler's method for flow matching (arXiv 2403.03206): a noisy sample of level sigma is
 * (1 − sigma)·x0 + sigma·ε, and the network predicts the velocity ε − x0; diffusers'
 * scheduling_flow_match_euler_discrete.py. A pipeline derives `mu` from the fields `base_shift`, `max_shift`,
 * `base_image_seq_len` and `max_image_seq_len`, which this class does not read itself.
 */
export class FlowMatchEulerDiscreteScheduler implements Scheduler {
  readonly name: string;
  readonly order = 1;
  readonly takesStrength = false;
  readonly predictionType: 'flow_prediction';
  readonly initNoiseSigma = 1;
  timesteps: readonly number[] = [];
  private sigmas = new Float32Array(0);
  private readonly cursor = new StepCursor('exact');
  readonly trainTimesteps: number;
  private readonly shift: number;
  private readonly isShiftDynamic: boolean;
  private readonly isShiftExponential: boolean;
  private readonly shiftTerminal: number;
  private readonly spread: ConfigSpread;
  private readonly spreadMin: number | undefined;
  private readonly spreadMax: number | undefined;
  private readonly isInverted: boolean;
  private readonly isStochastic: boolean;

  constructor(config: SchedulerConfig) {
    this.name = config.owner;
    this.predictionType = config.choice('prediction_type', ['flow_prediction'], 'flow_prediction');
    this.trainTimesteps = config.trainTimesteps();
    this.shift = config.number('shift', 1, { least: 0, notZero: true });
    this.isShiftDynamic = config.boolean('use_dynamic_shifting', false);
    this.isShiftExponential =
      config.choice('time_shift_type', ['exponential', 'linear'], 'exponential') === 'exponential';
    this.shiftTerminal =
      config.optionalNumber('shift_terminal', { least: 0, most: MOST_TERMINAL }) ?? 0;
    this.spread = readSigmaSpread(config);
    // diffusers looks these up in whatever config the scheduler was made from, not only in its own fields.
    this.spreadMin = config.optionalNumber('sigma_min', { least: 0 });
    this.spreadMax = config.optionalNumber('sigma_max', { least: 0, notZero: true });
    this.isInverted = config.boolean('invert_sigmas', false);
    this.isStochastic = config.boolean('stochastic_sampling', false);
  }

  setTimesteps(numInferenceSteps: number, { mu }: TimestepOptions = {}): void {
    checkStepCount(numInferenceSteps);
    const count = this.trainTimesteps;
    let levels = linspace(
      this.trainingSigma(count) * count,
      this.trainingSigma(1) * count,
      numInferenceSteps,
    ).map((timestep) => this.shifted(timestep / count, mu));
    if (this.shiftTerminal !== 0) levels = this.stretched(levels);
    if (this.spread !== 'timesteps') levels = this.spreadOut(levels, this.spread);
    const sigmas = levels.map((sigma) => (this.isInverted ? f32(1 - f32(sigma)) : f32(sigma)));
    this.timesteps = sigmas.map((sigma) => f32(sigma * count));
    this.sigmas = Float32Array.from([...sigmas, this.isInverted ? 1 : 0]);
    checkSchedule(this.timesteps, this.sigmas);
    this.cursor.reset(this.timesteps);
  }

  setBeginIndex(index: number): void {
    this.cursor.setBeginIndex(index);
  }

  scaleModelInput(sample: Float32Array): Float32Array {
    return sample;
  }

  step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array {
    const index = this.cursor.enter(timestep);
    const [sigma, next] = [this.sigmas[index]!, this.sigmas[index + 1]!];
    this.cursor.advance();
    if (!this.isStochastic) return weightedSum([1, sample], [next - sigma, modelOutput]);
    const original = weightedSum([1, sample], [-sigma, modelOutput]);
    return weightedSum([1 - next, original], [next, noise()]);
  }

  /** diffusers' `scale_noise`. */
  addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    const sigma = this.sigmas[this.cursor.peek(timestep)]!;
    return weightedSum([sigma, noise], [1 - sigma, original]);
  }

  /** With `invert_sigmas`, sigma is the share of signal, and the velocity is x0 − ε. */
  estimateOriginal(
    modelInput: Float32Array,
    modelOutput: Float32Array,
    timestep: number,
  ): Float32Array {
    const sigma = timestep / this.trainTimesteps;
    return weightedSum([1, modelInput], [this.isInverted ? 1 - sigma : -sigma, modelOutput]);
  }

  /** The sigma of a training timestep, from 1 up, in float32. A fixed shift is applied to it already here. */
  private trainingSigma(timestep: number): number {
    const sigma = f32(timestep / this.trainTimesteps);
    if (this.isShiftDynamic) return sigma;
    return f32(f32(f32(this.shift) * sigma) / f32(1 + f32(f32(this.shift - 1) * sigma)));
  }

  private shifted(sigma: number, mu: number | undefined): number {
    if (!this.isShiftDynamic) return (this.shift * sigma) / (1 + (this.shift - 1) * sigma);
    if (mu === undefined) {
      throw unsupported(
        'use_dynamic_shifting',
        true,
        "there is no shift for the image's size (mu)",
      );
    }
    const shift = this.isShiftExponential ? Math.exp(mu) : mu;
    return shift / (shift + (1 / sigma - 1));
  }

  /** Stretches the noise levels so that the last one is `shift_terminal`. */
  private stretched(sigmas: readonly number[]): number[] {
    const factor = (1 - sigmas[sigmas.length - 1]!) / (1 - this.shiftTerminal);
    if (factor === 0) {
      throw new EaselError(
        'bad-request',
        `This scheduler (shift_terminal is ${this.shiftTerminal}) needs at least 2 steps, not 1.`,
        { field: 'num_inference_steps', value: 1, minimum: 2 },
      );
    }
    return sigmas.map((sigma) => 1 - (1 - sigma) / factor);
  }

  private spreadOut(
    sigmas: readonly number[],
    spread: Exclude<ConfigSpread, 'timesteps'>,
  ): number[] {
    const min = this.spreadMin ?? sigmas[sigmas.length - 1]!;
    const max = this.spreadMax ?? sigmas[0]!;
    return spreadSigmas(spread, min, max, sigmas.length);
  }
}
