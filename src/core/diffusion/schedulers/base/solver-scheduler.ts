import { type NoiseLevel, noiseLevelOf } from '../math/noise-level';
import { weightedSum } from '../math/vectors';
import type { SchedulerConfig } from './config';
import { readThresholding, type SampleLimit } from './original-sample';
import { type FinalSigmas, readFinalSigmas, readSigmaSpread, type ConfigSpread } from './sigmas';
import { SigmasScheduler } from './sigmas-scheduler';
import { StepCursor } from './step-cursor';
import { readSpacing, type Spacing } from './timesteps';

/**
 * What DPM-Solver and UniPC share: variance-preserving samples, and multistep methods in the log
 * signal-to-noise ratio.
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
  ) {
    super(
      config,
      config.predictionType(),
      { zeroSnr: true, finiteSigma: true },
      new StepCursor('lenient'),
    );
    const notFlow = 'flow matching models are not supported';
    config.refuseSwitch('use_flow_sigmas', notFlow);
    config.refuseSwitch('use_dynamic_shifting', notFlow);
    this.spacing = readSpacing(config, 'linspace');
    this.configSpread = readSigmaSpread(config);
    this.finalSigmas = readFinalSigmas(config);
    this.threshold = readThresholding(config);
    this.lowerOrderFinal = config.boolean('lower_order_final', true);
  }

  override scaleModelInput(sample: Float32Array): Float32Array {
    return sample;
  }

  override addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    const level = this.levelAt(this.cursor.peek(timestep));
    return weightedSum([level.signal, original], [level.noise, noise]);
  }

  /** Puts the newest output first and keeps as many as the order needs. */
  protected remember(output: Float32Array): void {
    this.outputs = [output, ...this.outputs.slice(0, this.solverOrder - 1)];
  }

  protected levelAt(index: number): NoiseLevel {
    return noiseLevelOf(this.sigmaAt(index));
  }
}
