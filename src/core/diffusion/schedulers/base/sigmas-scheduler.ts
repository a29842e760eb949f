import { divide, weightedSum } from '../math/vectors';
import type { BetaTraits } from './betas';
import { checkSchedule, type SchedulerConfig } from './config';
import { DiffusionScheduler } from './diffusion-scheduler';
import type { DiffusionPrediction } from './scheduler';
import { SigmaTable } from './sigmas';
import { StepCursor } from './step-cursor';
import { readSpacing, type Spacing } from './timesteps';

const f32 = Math.fround;

/** What the schedulers that step from one noise level to the next share: Euler, LMS, Heun, DPM-Solver, UniPC. */
export abstract class SigmasScheduler extends DiffusionScheduler {
  /** The noise level at each step, and after the last one. */
  protected sigmas = new Float32Array(0);
  protected readonly table: SigmaTable;

  protected constructor(
    config: SchedulerConfig,
    predictionType: DiffusionPrediction,
    betas: BetaTraits,
    protected readonly cursor: StepCursor,
  ) {
    super(config, predictionType, betas);
    this.table = new SigmaTable(this.alphasCumprod, config);
  }

  override setBeginIndex(index: number): void {
    this.cursor.setBeginIndex(index);
  }

  protected setSchedule(timesteps: readonly number[], sigmas: Iterable<number>): void {
    this.timesteps = timesteps;
    this.sigmas = Float32Array.from(sigmas);
    checkSchedule(timesteps, this.sigmas);
    this.cursor.reset(timesteps);
  }

  protected sigmaAt(index: number): number {
    return this.sigmas[index]!;
  }
}

/**
 * The schedulers in k-diffusion's form, where a noisy sample is x0 + sigma·ε and the network takes it
 * scaled to unit variance: Euler, Euler ancestral, LMS, Heun.
 */
export abstract class ExplodingScheduler extends SigmasScheduler {
  readonly order: number = 1;
  protected readonly spacing: Spacing;

  protected constructor(
    config: SchedulerConfig,
    predictionType: DiffusionPrediction,
    betas: BetaTraits,
  ) {
    super(config, predictionType, betas, new StepCursor('exact'));
    this.spacing = readSpacing(config, 'linspace');
  }

  override get initNoiseSigma(): number {
    const largest = this.sigmas.reduce((a, b) => Math.max(a, b), 0);
    if (this.spacing.kind !== 'leading') return largest;
    return f32(Math.sqrt(f32(f32(largest * largest) + 1)));
  }

  override scaleModelInput(sample: Float32Array, timestep: number): Float32Array {
    const sigma = this.sigmaOf(timestep);
    return divide(sample, Math.sqrt(f32(f32(sigma * sigma) + 1)));
  }

  sigmaOf(timestep: number): number {
    return this.sigmaAt(this.cursor.enter(timestep));
  }

  override addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    const sigma = this.sigmaAt(this.cursor.peek(timestep));
    return weightedSum([1, original], [sigma, noise]);
  }
}
