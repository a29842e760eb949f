/** Draws `torch.randn` of the sample's size from the image's own generator. */
export type NoiseSource = () => Float32Array;

export const DIFFUSION_PREDICTIONS = ['epsilon', 'v_prediction', 'sample'] as const;

/** What the output of a diffusion model means: the noise, the velocity v, or the clean sample. */
export type DiffusionPrediction = (typeof DIFFUSION_PREDICTIONS)[number];

/** `flow_prediction`: the velocity of flow matching, noise − clean sample. */
export type PredictionType = DiffusionPrediction | 'flow_prediction';

export interface TimestepOptions {
  /**
   * Between 0 and 1: the share of the distillation schedule that image to image uses. Only LCM and TCD read it
   * (diffusers: `LCMScheduler.set_timesteps(strength=)`).
   */
  readonly strength?: number;
  /**
   * The shift of the schedule for the image's size. Only flow matching with `use_dynamic_shifting` reads it
   * (diffusers: `FlowMatchEulerDiscreteScheduler.set_timesteps(mu=)`).
   */
  readonly mu?: number;
}

/**
 * A noise schedule and its solver, equal to diffusers' class of the same name. An instance is stateful and
 * serves one image: samples are flat float32 arrays of [channels, height, width], batch one.
 */
export interface Scheduler {
  /** diffusers' class name. */
  readonly name: string;
  /** Network calls per step, diffusers' `order`: 2 for Heun, DPM2 and DPM++ SDE, else 1. */
  readonly order: number;
  /** Whether `setTimesteps` reads `strength`, as that of LCM and TCD does. */
  readonly takesStrength: boolean;
  readonly predictionType: PredictionType;
  /** `num_train_timesteps` of the config: the range that `timesteps` are in. */
  readonly trainTimesteps: number;
  /** The standard deviation of the noise to start from; valid after `setTimesteps`. */
  readonly initNoiseSigma: number;
  /** In calling order, after `setTimesteps`; may be fractional and may repeat (Heun, PNDM). */
  readonly timesteps: readonly number[];
  /** @throws EaselError `bad-request` when this schedule cannot have that many steps */
  setTimesteps(numInferenceSteps: number, options?: TimestepOptions): void;
  /** The network's input for this sample; it may be the sample itself. */
  scaleModelInput(sample: Float32Array, timestep: number): Float32Array;
  /**
   * The sample at the next timestep. `noise` is called only when diffusers draws noise. The network's output
   * may be kept for later steps, so the caller must not write into it again.
   */
  step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array;
  /**
   * The noise level of the step at this timestep, where a noisy sample is x0 + sigma·ε. Absent in schedulers of
   * another form.
   */
  sigmaOf?(timestep: number): number;
  /** The sample as it would be at this timestep, for image to image. */
  addNoise(original: Float32Array, noise: Float32Array, timestep: number): Float32Array;
  /** Says that denoising starts at this index of `timesteps`; reset by `setTimesteps`. */
  setBeginIndex(index: number): void;
  /**
   * Estimates the clean latents behind a step, for previews. It does not depend on the place in the schedule.
   * @param modelInput what the network was given: the result of `scaleModelInput`
   * @param modelOutput what the network predicted for it, after guidance
   */
  estimateOriginal(
    modelInput: Float32Array,
    modelOutput: Float32Array,
    timestep: number,
  ): Float32Array;
}
