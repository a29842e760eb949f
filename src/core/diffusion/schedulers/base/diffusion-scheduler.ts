import { EaselError } from '../../../errors';
import { weightedSum } from '../math/vectors';
import { alphasCumprod, type BetaTraits } from './betas';
import type { SchedulerConfig } from './config';
import type { DiffusionPrediction, NoiseSource, Scheduler, TimestepOptions } from './scheduler';

const f32 = Math.fround;

/** Below this, dividing by the share of signal would only enlarge the network's error. */
const SMALLEST_ALPHA = 1e-4;

/** What the schedulers of diffusion models share, in contrast to flow matching: `alphas_cumprod`. */
export abstract class DiffusionScheduler implements Scheduler {
  readonly name: string;
  readonly takesStrength: boolean = false;
  abstract readonly order: number;
  abstract readonly initNoiseSigma: number;
  readonly trainTimesteps: number;
  timesteps: readonly number[] = [];
  /** diffusers' `alphas_cumprod`: the share of signal (squared) at each training timestep. */
  readonly alphasCumprod: Float32Array;

  protected constructor(
    config: SchedulerConfig,
    readonly predictionType: DiffusionPrediction,
    betas: BetaTraits,
  ) {
    this.name = config.owner;
    this.trainTimesteps = config.trainTimesteps();
    this.alphasCumprod = alphasCumprod(config, betas);
  }

  abstract setTimesteps(numInferenceSteps: number, options?: TimestepOptions): void;

  abstract scaleModelInput(sample: Float32Array, timestep: number): Float32Array;

  abstract step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array;

  abstract addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array;

  abstract setBeginIndex(index: number): void;

  /** DDPM's `add_noise`, whose noise level is that of the training timestep (arXiv 2006.11239, formula 4). */
  protected addNoiseAtTimestep(
    original: Float32Array,
    noise: Float32Array,
    timestep: number,
  ): Float32Array {
    const alpha = this.alphaAt(timestep);
    return weightedSum([Math.sqrt(alpha), original], [Math.sqrt(f32(1 - alpha)), noise]);
  }

  /** `alphas_cumprod[timestep]`, which counts from the end for a negative index as a torch tensor does. */
  protected alphaAt(timestep: number): number {
    const alpha = this.alphasCumprod.at(timestep);
    if (alpha === undefined) {
      throw new EaselError(
        'unsupported-config',
        `Timestep ${timestep} is outside the ${this.alphasCumprod.length} the model was trained on; ` +
          'scheduler_config.json has a steps_offset that does not suit this number of steps.',
        { field: 'steps_offset', timestep },
      );
    }
    return alpha;
  }

  /** arXiv 2006.11239, formula 15; for v_prediction, arXiv 2202.00512, appendix D. */
  estimateOriginal(
    modelInput: Float32Array,
    modelOutput: Float32Array,
    timestep: number,
  ): Float32Array {
    const type = this.predictionType;
    if (type === 'sample') return modelOutput;
    const nearest = Math.min(Math.max(Math.round(timestep), 0), this.alphasCumprod.length - 1);
    const alpha = this.alphasCumprod[nearest]!;
    const signal = Math.sqrt(Math.max(alpha, SMALLEST_ALPHA));
    const noise = Math.sqrt(1 - alpha);
    return modelInput.map((x, i) =>
      type === 'epsilon'
        ? (x - noise * modelOutput[i]!) / signal
        : signal * x - noise * modelOutput[i]!,
    );
  }
}
