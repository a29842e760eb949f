import { linspace32 } from '../math/numpy';
import { type SchedulerConfig, unsupported } from './config';

const f32 = Math.fround;

const BETA_SCHEDULES = ['linear', 'scaled_linear', 'squaredcos_cap_v2'] as const;

export type BetaSchedule = (typeof BETA_SCHEDULES)[number] | 'laplace' | 'sigmoid' | 'exp';

/** How a scheduler class differs from the others in its beta fields. */
export interface BetaTraits {
  readonly betaStart?: number;
  readonly betaEnd?: number;
  readonly betaSchedule?: BetaSchedule;
  /** Schedules the class has beyond linear, scaled_linear and squaredcos_cap_v2. */
  readonly moreSchedules?: readonly BetaSchedule[];
  /** Whether the class reads rescale_betas_zero_snr. */
  readonly zeroSnr?: boolean;
  /** Whether, at zero terminal SNR, the last value becomes 2^-24 so that its sigma is finite. */
  readonly finiteSigma?: boolean;
}

/**
 * `alphas_cumprod` of diffusers' schedulers: the share of signal at each training timestep, float32 as torch
 * computes it (in double precision, the images of Euler, LMS and Heun differ visibly from diffusers').
 */
export function alphasCumprod(config: SchedulerConfig, traits: BetaTraits = {}): Float32Array {
  const betas = readBetas(config, traits);
  const zeroSnr = traits.zeroSnr === true && config.boolean('rescale_betas_zero_snr', false);
  const alphas = cumulativeProduct(oneMinus(zeroSnr ? rescaleZeroTerminalSnr(betas) : betas));
  if (!alphas.every(Number.isFinite)) {
    throw unsupported('num_train_timesteps', alphas.length, 'these betas give no noise levels');
  }
  if (zeroSnr && traits.finiteSigma) alphas[alphas.length - 1] = 2 ** -24;
  return alphas;
}

function readBetas(config: SchedulerConfig, traits: BetaTraits): Float32Array {
  const count = config.trainTimesteps();
  const start = config.number('beta_start', traits.betaStart ?? 0.0001, { least: 0, most: 1 });
  const end = config.number('beta_end', traits.betaEnd ?? 0.02, { least: 0, most: 1 });
  const trained = config.numbers('trained_betas', { count, least: 0, most: 1 });
  if (trained !== undefined) return Float32Array.from(trained);
  const choices = [...BETA_SCHEDULES, ...(traits.moreSchedules ?? [])];
  const schedule = config.choice('beta_schedule', choices, traits.betaSchedule ?? 'linear');
  switch (schedule) {
    case 'linear':
      return linspace32(start, end, count);
    case 'scaled_linear':
      return linspace32(start ** 0.5, end ** 0.5, count).map((root) => root * root);
    case 'sigmoid':
      return linspace32(-6, 6, count).map(
        (x) => f32(f32(sigmoid(x)) * f32(end - start)) + f32(start),
      );
    case 'squaredcos_cap_v2':
      return betasForAlphaBar(count, (t) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2);
    case 'laplace':
      return betasForAlphaBar(count, laplaceAlphaBar);
    case 'exp':
      return betasForAlphaBar(count, (t) => Math.exp(t * -12));
  }
}

/** diffusers' `betas_for_alpha_bar`, with its cap of 0.999. */
function betasForAlphaBar(count: number, alphaBar: (t: number) => number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) =>
    Math.min(1 - alphaBar((i + 1) / count) / alphaBar(i / count), 0.999),
  );
}

function laplaceAlphaBar(t: number): number {
  // copysign(1, 0.5 − t): zero counts as positive.
  const sign = 0.5 - t >= 0 ? 1 : -1;
  const snr = Math.exp(-0.5 * sign * Math.log(1 - 2 * Math.abs(0.5 - t) + 1e-6));
  return Math.sqrt(snr / (1 + snr));
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function oneMinus(values: Float32Array): Float32Array {
  return values.map((value) => 1 - value);
}

/** `torch.cumprod` of float32: accumulates in double, stores float32. */
function cumulativeProduct(values: Float32Array): Float32Array {
  let product = 1;
  return values.map((value) => (product *= value));
}

/** diffusers' `rescale_zero_terminal_snr` (arXiv 2305.08891, algorithm 1). */
function rescaleZeroTerminalSnr(betas: Float32Array): Float32Array {
  const roots = cumulativeProduct(oneMinus(betas)).map(Math.sqrt);
  const first = roots[0]!;
  const last = roots[roots.length - 1]!;
  const stretch = f32(first / f32(first - last));
  const bars = roots.map((root) => {
    const shifted = f32(f32(root - last) * stretch);
    return shifted * shifted;
  });
  return bars.map((bar, i) => 1 - (i === 0 ? bar : f32(bar / bars[i - 1]!)));
}
