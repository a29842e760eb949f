import { roundHalfEven } from '../math/numpy';
import { type NoiseLevel, noiseLevelOf } from '../math/noise-level';
import { weightedSum } from '../math/vectors';
import type { BetaTraits } from './betas';
import { type SchedulerConfig, unsupported } from './config';
import { readThresholding, type SampleLimit } from './original-sample';
import {
  type ConfigSpread,
  type FinalSigmas,
  readFinalSigmas,
  readSigmaSpread,
  type SigmaSpread,
} from './sigmas';
import { SigmasScheduler } from './sigmas-scheduler';
import { StepCursor } from './step-cursor';
import { checkStepCount, readSpacing, solverTimesteps, type Spacing } from './timesteps';

const f32 = Math.fround;

/** How a solver differs from the others in the fields that it reads. */
export interface SolverTraits {
  readonly betas: BetaTraits;
  readonly lowerOrderFinal: boolean;
}

/** Where a solver plans its steps in another way than its config says. */
interface StepPlan {
  readonly spread?: SigmaSpread;
  readonly spacing?: Spacing;
  /** How many training timesteps are used. */
  readonly lastTimestep?: number;
  /** Whether timesteps are rounded; else they are cut off. */
  readonly isRounded?: boolean;
}

interface PlannedSteps {
  readonly sigmas: readonly number[];
  readonly timesteps: number[];
  /** Where the schedule ends that does not end at zero. */
  readonly smallest: number;
}

const MULTISTEP: SolverTraits = {
  betas: { zeroSnr: true, finiteSigma: true },
  lowerOrderFinal: true,
};

/**
 * What DPM-Solver, DEIS, SA-Solver and UniPC share: variance-preserving samples, and multistep methods in the
 * log signal-to-noise ratio.
 */
export abstract class SolverScheduler extends SigmasScheduler {
  readonly order = 1;
  readonly initNoiseSigma = 1;
  protected readonly spacing: Spacing;
  protected readonly finalSigmas: FinalSigmas;
  protected readonly threshold: SampleLimit | undefined;
  protected readonly configSpread: ConfigSpread;
  protected readonly lowerOrderFinal: boolean;
  /** Latest first. */
  protected outputs: Float32Array[] = [];

  protected constructor(
    config: SchedulerConfig,
    protected readonly solverOrder: number,
    traits: SolverTraits = MULTISTEP,
  ) {
    super(config, config.predictionType(), traits.betas, new StepCursor('lenient'));
    const notFlow = 'flow matching models are not supported';
    config.refuseSwitch('use_flow_sigmas', notFlow);
    config.refuseSwitch('use_dynamic_shifting', notFlow);
    this.spacing = readSpacing(config, 'linspace');
    this.configSpread = readSigmaSpread(config);
    this.finalSigmas = readFinalSigmas(config);
    this.threshold = readThresholding(config);
    this.lowerOrderFinal = config.boolean('lower_order_final', traits.lowerOrderFinal);
  }

  override scaleModelInput(sample: Float32Array): Float32Array {
    return sample;
  }

  override addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    const level = this.levelAt(this.cursor.peek(timestep));
    return weightedSum([level.signal, original], [level.noise, noise]);
  }

  /**
   * The noise levels of `count` steps, and their timesteps, which are whole.
   * @throws EaselError `bad-request` for no usable number of steps
   */
  protected planSteps(count: number, plan: StepPlan = {}): PlannedSteps {
    checkStepCount(count);
    const { spread = this.configSpread, spacing = this.spacing } = plan;
    const { lastTimestep = spacing.numTrainTimesteps, isRounded = spread === 'karras' } = plan;
    if (spread === 'timesteps') {
      const timesteps = solverTimesteps(spacing, count, lastTimestep);
      const sigmas = timesteps.map((timestep) => this.table.at(timestep));
      return { sigmas, timesteps, smallest: this.table.smallest };
    }
    const sigmas = this.table.spread(spread, this.table.largest, this.table.smallest, count);
    const timesteps = sigmas.map((sigma) => {
      const timestep = this.table.toTimestep(sigma);
      return isRounded ? roundHalfEven(timestep) : Math.trunc(timestep);
    });
    return { sigmas, timesteps, smallest: sigmas[sigmas.length - 1]! };
  }

  /** How many training timesteps have a log signal-to-noise ratio above the config's `lambda_min_clipped`. */
  protected readLastTimestep(config: SchedulerConfig): number {
    const lambdaMin = config.anyNumber('lambda_min_clipped', -Infinity);
    const lambdas = this.alphasCumprod.map(
      (alpha) =>
        f32(Math.log(f32(Math.sqrt(alpha)))) - f32(Math.log(f32(Math.sqrt(f32(1 - alpha))))),
    );
    const last = lambdas.length - lambdas.filter((lambda) => lambda < f32(lambdaMin)).length;
    if (last < 1) throw unsupported('lambda_min_clipped', lambdaMin, 'it leaves no timesteps');
    return last;
  }

  /** Puts the newest output first and keeps as many as the order needs. */
  protected remember(output: Float32Array): void {
    this.outputs = [output, ...this.outputs.slice(0, this.solverOrder - 1)];
  }

  protected levelAt(index: number): NoiseLevel {
    return noiseLevelOf(this.sigmaAt(index));
  }
}
