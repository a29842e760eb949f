const f32 = Math.fround;

/*
 * The form that k-diffusion trains networks in (Karras et al., 2022, arXiv 2206.00364, table 1, with a data deviation
 * of 1), as diffusers' StableDiffusionLatentUpscalePipeline.__call__ computes it around EulerDiscreteScheduler.
 */

/** What the network takes as its timestep at a noise level. */
export function karrasTimestep(sigma: number): number {
  return f32(f32(Math.log(sigma)) * 0.25);
}

/**
 * The clean sample that an output means.
 * @param output of the network; what comes after the sample's channels is not read
 * @param modelInput the sample as the network took it, scaled to unit variance
 * @param sigma the noise level of the sample
 */
export function karrasOriginal(
  output: Float32Array,
  modelInput: Float32Array,
  sigma: number,
): Float32Array {
  const deviation = f32(Math.sqrt(f32(f32(sigma * sigma) + 1)));
  const scale = f32(sigma / deviation);
  return modelInput.map((value, i) => f32(value / deviation) + f32(scale * output[i]!));
}
