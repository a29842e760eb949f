import { linspace, linspace32 } from '../math/numpy';
import { scale, weightedSum } from '../math/vectors';
import { checkSchedule, type SchedulerConfig, unsupported } from './config';
import type { DiffusionPrediction, NoiseSource, Scheduler } from './scheduler';
import { type FinalSigmas, readFinalSigmas } from './sigmas';
import type { StepCursor } from './step-cursor';
import { checkStepCount } from './timesteps';

const f32 = Math.fround;
const sqrt32 = (x: number): number => f32(Math.sqrt(x));

/** Formula 5 of the paper is a straight line at 1; published models use 7. */
const MAX_RHO = 100;

/**
 * What the schedulers for models in Karras' formulation (EDM, arXiv 2206.00364, section 5) share. A noisy sample
 * of level sigma is x0 + sigma·ε; input and output of the network are scaled with `sigma_data`, and its
 * timestep is log(sigma) / 4. There are no betas.
 */
export abstract class EdmScheduler implements Scheduler {
  readonly name: string;
  readonly trainTimesteps: number;
  readonly order = 1;
  readonly takesStrength = false;
  readonly predictionType: DiffusionPrediction;
  readonly initNoiseSigma: number;
  timesteps: readonly number[] = [];
  protected sigmas = new Float32Array(0);
  protected readonly sigmaMin: number;
  private readonly sigmaMax: number;
  private readonly sigmaData: number;
  private readonly rho: number;
  private readonly isExponential: boolean;
  protected readonly finalSigmas: FinalSigmas;

  /** @param ramp the type in which diffusers computes the Karras sigmas of the class */
  protected constructor(
    config: SchedulerConfig,
    protected readonly cursor: StepCursor,
    private readonly ramp: 'float32' | 'float64',
  ) {
    this.name = config.owner;
    this.trainTimesteps = config.trainTimesteps();
    this.predictionType = config.predictionType(['epsilon', 'v_prediction']);
    this.sigmaMin = config.number('sigma_min', 0.002, { least: 0, notZero: true });
    this.sigmaMax = config.number('sigma_max', 80, { least: 0, notZero: true });
    this.sigmaData = config.number('sigma_data', 0.5, { least: 0, notZero: true });
    this.rho = config.number('rho', 7, { least: 1, most: MAX_RHO });
    this.isExponential =
      config.choice('sigma_schedule', ['karras', 'exponential'], 'karras') === 'exponential';
    this.finalSigmas = readFinalSigmas(config);
    if (this.sigmaMin >= this.sigmaMax) {
      throw unsupported('sigma_min', this.sigmaMin, `sigma_max is ${this.sigmaMax}`);
    }
    this.initNoiseSigma = Math.sqrt(this.sigmaMax ** 2 + 1);
  }

  abstract step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array;

  /** The noise level after the last step, for `final_sigmas_type` "sigma_min". */
  protected abstract lastSigma(sigmas: readonly number[]): number;

  setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps);
    const sigmas = this.isExponential
      ? this.exponentialSigmas(numInferenceSteps)
      : this.karrasSigmas(numInferenceSteps);
    this.sigmas = Float32Array.from([
      ...sigmas,
      this.finalSigmas === 'zero' ? 0 : this.lastSigma(sigmas),
    ]);
    this.timesteps = sigmas.map((sigma) => f32(0.25 * f32(Math.log(sigma))));
    checkSchedule(this.timesteps, this.sigmas);
    this.cursor.reset(this.timesteps);
  }

  setBeginIndex(index: number): void {
    this.cursor.setBeginIndex(index);
  }

  scaleModelInput(sample: Float32Array, timestep: number): Float32Array {
    return scale(this.inputScale(this.sigmaAt(this.cursor.enter(timestep))), sample);
  }

  addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    return weightedSum([1, original], [this.sigmaAt(this.cursor.peek(timestep)), noise]);
  }

  estimateOriginal(
    modelInput: Float32Array,
    modelOutput: Float32Array,
    timestep: number,
  ): Float32Array {
    const sigma = Math.exp(4 * timestep);
    const sample = scale(1 / this.inputScale(sigma), modelInput);
    return this.predictOriginal(modelOutput, sample, sigma);
  }

  /** diffusers' `precondition_outputs`. */
  protected predictOriginal(
    modelOutput: Float32Array,
    sample: Float32Array,
    sigma: number,
  ): Float32Array {
    const variance = this.varianceAt(sigma);
    const skip = f32(f32(this.sigmaData ** 2) / variance);
    const out = f32(f32(f32(sigma) * f32(this.sigmaData)) / sqrt32(variance));
    const sign = this.predictionType === 'epsilon' ? 1 : -1;
    return weightedSum([skip, sample], [sign * out, modelOutput]);
  }

  protected sigmaAt(index: number): number {
    return this.sigmas[index]!;
  }

  /** diffusers' `_get_conditioning_c_in`. */
  private inputScale(sigma: number): number {
    return f32(1 / sqrt32(this.varianceAt(sigma)));
  }

  private varianceAt(sigma: number): number {
    return f32(f32(f32(sigma) * f32(sigma)) + f32(this.sigmaData ** 2));
  }

  /** Formula 5 of the paper, with the config's rho. */
  private karrasSigmas(count: number): number[] {
    const min = this.sigmaMin ** (1 / this.rho);
    const max = this.sigmaMax ** (1 / this.rho);
    if (this.ramp === 'float64') {
      return linspace(0, 1, count).map((t) => f32((max + t * (min - max)) ** this.rho));
    }
    return Array.from(linspace32(0, 1, count), (t) =>
      f32(f32(f32(max) + f32(t * f32(min - max))) ** this.rho),
    );
  }

  private exponentialSigmas(count: number): number[] {
    const logs = linspace32(Math.log(this.sigmaMin), Math.log(this.sigmaMax), count);
    return Array.from(logs, (log) => f32(Math.exp(log))).reverse();
  }
}
