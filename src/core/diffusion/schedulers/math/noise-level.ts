const f32 = Math.fround;

/** A point of a schedule, where a noisy sample is signal·x0 + noise·ε; lambda is log(signal / noise). */
export interface NoiseLevel {
  readonly signal: number;
  readonly noise: number;
  readonly lambda: number;
}

/** The noise level of sigma = noise / signal where signal² + noise² is 1, in float32. */
export function noiseLevelOf(sigma: number): NoiseLevel {
  const signal = f32(1 / f32(Math.sqrt(f32(f32(sigma * sigma) + 1))));
  const noise = f32(sigma * signal);
  return { signal, noise, lambda: f32(f32(Math.log(signal)) - f32(Math.log(noise))) };
}
