import { roundHalfEven } from '../math/numpy';
import { divide } from '../math/vectors';
import { type SchedulerConfig } from './config';
import { type ConfigSpread, readSigmaSpread } from './sigmas';
import { ExplodingScheduler } from './sigmas-scheduler';
import { checkStepCount, fractionalTimesteps } from './timesteps';

const f32 = Math.fround;

/** A step of two network calls: from `from` to `middle`, and from `from` again, with what is there, to `to`. */
export interface MidpointStage {
  readonly from: number;
  /** Between the two in log sigma; zero where the step is one call to zero. */
  readonly middle: number;
  /** Of `middle`; of no use where the step is one call. */
  readonly middleTimestep: number;
  readonly to: number;
}

/**
 * How a class of the kind chooses its timesteps: as diffusers' DPM2 (float32, whole ones for Karras sigmas), or as
 * its DPM++ SDE (float64, and Karras sigmas like LMS).
 */
type MidpointTimesteps = 'dpm2' | 'dpm++sde';

/** What k-diffusion's solvers share that call the network again in the middle of each step but the last. */
export abstract class MidpointScheduler<Stage extends MidpointStage> extends ExplodingScheduler {
  override readonly order = 2;
  /** The sample that the step began with, between its two calls. */
  protected startSample: Float32Array | undefined;
  private readonly spread: ConfigSpread;
  private stages: readonly Stage[] = [];

  protected constructor(
    config: SchedulerConfig,
    private readonly kind: MidpointTimesteps,
  ) {
    super(config, config.predictionType(['epsilon', 'v_prediction']), {
      betaStart: 0.00085,
      betaEnd: 0.012,
    });
    this.spread = readSigmaSpread(config);
  }

  /** @param to zero for the last step */
  protected abstract stageBetween(from: number, to: number): Stage;

  override setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps);
    const { spread, table } = this;
    const isDpm2 = this.kind === 'dpm2';
    const type = isDpm2 ? 'float32' : 'float64';
    let timesteps = fractionalTimesteps(this.spacing, numInferenceSteps, type);
    let levels = timesteps.map((timestep) => table.at(timestep));
    if (spread !== 'timesteps') {
      const [first, last] = [levels[0]!, levels[levels.length - 1]!];
      levels = isDpm2
        ? table.spread(spread, first, last, numInferenceSteps)
        : table.spreadLikeLms(spread, first, last, numInferenceSteps);
      const isRounded = isDpm2 && spread === 'karras';
      timesteps = levels.map((sigma) => {
        const timestep = table.toTimestep(sigma);
        return isRounded ? roundHalfEven(timestep) : timestep;
      });
    }
    this.startSample = undefined;
    this.stages = levels.map((from, i) => this.stageBetween(from, levels[i + 1] ?? 0));
    const [start, ...rest] = timesteps;
    this.setSchedule(
      [start!, ...rest.flatMap((timestep, i) => [this.stages[i]!.middleTimestep, timestep])],
      [...levels, 0].flatMap((sigma, i) => (i === 0 ? [sigma] : [sigma, sigma])),
    );
  }

  override scaleModelInput(sample: Float32Array, timestep: number): Float32Array {
    const sigma = this.inputSigma(this.enterStage(timestep));
    return divide(sample, Math.sqrt(f32(f32(sigma * sigma) + 1)));
  }

  protected enterStage(timestep: number): Stage {
    return this.stages[Math.floor(this.cursor.enter(timestep) / 2)]!;
  }

  /** The noise level of the sample that the next call takes. */
  protected inputSigma(stage: Stage): number {
    return this.startSample ? stage.middle : stage.from;
  }
}
