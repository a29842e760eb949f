import { AlphasScheduler } from './alphas-scheduler';
import type { SchedulerConfig } from './config';
import type { TimestepOptions } from './scheduler';
import { StepCursor } from './step-cursor';
import { type Distillation, distilledTimesteps, readDistillation } from './timesteps';

/** What LCM and TCD share: their timesteps are a subset of those that the model was distilled on. */
export abstract class DistilledScheduler extends AlphasScheduler {
  override readonly takesStrength = true;
  protected readonly cursor = new StepCursor('exact');
  private readonly distillation: Distillation;

  constructor(config: SchedulerConfig) {
    super(config, config.predictionType(), {
      betaStart: 0.00085,
      betaEnd: 0.012,
      betaSchedule: 'scaled_linear',
      zeroSnr: true,
    });
    this.distillation = readDistillation(config, this.numTrainTimesteps);
  }

  /** The largest timestep first. */
  override setTimesteps(numInferenceSteps: number, options: TimestepOptions = {}): void {
    this.numInferenceSteps = numInferenceSteps;
    this.timesteps = distilledTimesteps(this.distillation, numInferenceSteps, options.strength);
    this.cursor.reset(this.timesteps);
  }

  override setBeginIndex(index: number): void {
    this.cursor.setBeginIndex(index);
  }
}
