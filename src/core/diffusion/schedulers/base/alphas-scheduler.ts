import type { BetaTraits } from './betas';
import { type SchedulerConfig, unsupported } from './config';
import { DiffusionScheduler } from './diffusion-scheduler';
import { originalSample, type SampleLimit } from './original-sample';
import type { DiffusionPrediction } from './scheduler';

const f32 = Math.fround;

/**
 * What DDIM, DDPM, PNDM and LCM share: they use whole training timesteps, and look up the share of signal in
 * `alphas_cumprod`.
 */
export abstract class AlphasScheduler extends DiffusionScheduler {
  readonly order = 1;
  readonly initNoiseSigma = 1;
  protected readonly numTrainTimesteps: number;
  protected numInferenceSteps = 0;

  protected constructor(
    config: SchedulerConfig,
    predictionType: DiffusionPrediction,
    betas: BetaTraits,
  ) {
    super(config, predictionType, betas);
    this.numTrainTimesteps = this.alphasCumprod.length;
  }

  override scaleModelInput(sample: Float32Array): Float32Array {
    return sample;
  }

  override addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array {
    return this.addNoiseAtTimestep(original, noise, timestep);
  }

  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- these schedulers find their place by the timestep
  override setBeginIndex(_index: number): void {
    return;
  }

  /** The clean sample that the network's output implies, limited as the config asks. */
  protected predictOriginal(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    limit: SampleLimit,
  ): Float32Array {
    const alpha = this.alphaAt(timestep);
    const signal = f32(Math.sqrt(alpha));
    const noise = f32(Math.sqrt(f32(1 - alpha)));
    const original = limit(originalSample(this.predictionType, modelOutput, sample, signal, noise));
    const divided = this.predictionType === 'epsilon' && signal === 0;
    if (divided && !original.every(Number.isFinite)) {
      throw unsupported(
        'rescale_betas_zero_snr',
        true,
        'a network that predicts the noise cannot start from noise alone',
      );
    }
    return original;
  }
}
