/** Draws `torch.randn` of the sample's size from the image's own generator. */
export type NoiseSource = () => Float32Array;

export const PREDICTION_TYPES = ['epsilon', 'v_prediction', 'sample'] as const;

/** What the network's output means: the noise, the velocity, or the clean sample. */
export type PredictionType = (typeof PREDICTION_TYPES)[number];

export interface TimestepOptions {
  /**
   * Between 0 and 1; the share of the distillation schedule that image to image walks. Only LCM's own
   * schedule depends on it (diffusers: `LCMScheduler.set_timesteps(strength=)`); the others ignore it.
   */
  readonly strength?: number;
}

/**
 * A noise schedule and its solver, equal to diffusers' class of the same name. An instance is stateful and
 * serves one image: samples are flat float32 arrays of [channels, height, width], batch one.
 */
export interface Scheduler {
  /** diffusers' class name. */
  readonly name: string;
  /** Network calls per step, diffusers' `order`: 2 for Heun, else 1. */
  readonly order: number;
  readonly predictionType: PredictionType;
  /** diffusers' `alphas_cumprod`: the share of signal (squared) at each training timestep. */
  readonly alphasCumprod: Float32Array;
  /** What unit noise is multiplied by to start from; valid after `setTimesteps`. */
  readonly initNoiseSigma: number;
  /** In calling order, after `setTimesteps`; may be fractional and may repeat (Heun, PNDM). */
  readonly timesteps: readonly number[];
  /** @throws EaselError `bad-request` when this schedule cannot have that many steps */
  setTimesteps(numInferenceSteps: number, options?: TimestepOptions): void;
  /** The network's input for this sample; may be the sample itself. */
  scaleModelInput(sample: Float32Array, timestep: number): Float32Array;
  /**
   * The sample at the next timestep. `noise` is called only when diffusers would draw. The network's output
   * may be kept for later steps, so the caller must not write into it again.
   */
  step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array;
  /** The sample as it would be at this timestep, for image to image. */
  addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array;
  /** Says that denoising starts at this index of `timesteps`; reset by `setTimesteps`. */
  setBeginIndex(index: number): void;
}
