import { numpyLog32 } from '../../../float32';
import { betaQuantile } from '../math/beta-quantile';
import { linspace } from '../math/numpy';
import { type SchedulerConfig, unsupported } from './config';

const f32 = Math.fround;

/** How the noise levels between the first and the last are spread; `timesteps` are those of the spacing. */
export type SigmaSpread = ConfigSpread | 'lu';
export type ConfigSpread = 'timesteps' | 'karras' | 'exponential' | 'beta';

const SWITCHES = {
  use_karras_sigmas: 'karras',
  use_exponential_sigmas: 'exponential',
  use_beta_sigmas: 'beta',
} as const;

/** `use_karras_sigmas`, `use_exponential_sigmas` and `use_beta_sigmas`, of which at most one may be on. */
export function readSigmaSpread(config: SchedulerConfig): ConfigSpread {
  let spread: ConfigSpread = 'timesteps';
  for (const [field, value] of Object.entries(SWITCHES)) {
    if (!config.boolean(field, false)) continue;
    if (spread !== 'timesteps') {
      throw unsupported(field, true, `the config also asks for ${spread} sigmas`);
    }
    spread = value;
  }
  return spread;
}

/** `final_sigmas_type`: where the last step ends. */
export type FinalSigmas = 'zero' | 'sigma_min';

export function readFinalSigmas(config: SchedulerConfig): FinalSigmas {
  return config.choice<FinalSigmas>('final_sigmas_type', ['zero', 'sigma_min'], 'zero');
}

/**
 * The noise level of every training timestep, and the ways to choose noise levels between them. A noisy
 * sample of level sigma is x0 + sigma·ε. Float32 and float64 are mixed as diffusers mixes torch and numpy.
 */
export class SigmaTable {
  /** sqrt((1 − ᾱ) / ᾱ) per training timestep, ascending. */
  readonly sigmas: Float32Array;
  private readonly logSigmas: Float32Array;
  private readonly sigmaMin: number | undefined;
  private readonly sigmaMax: number | undefined;

  constructor(alphasCumprod: Float32Array, config: SchedulerConfig) {
    this.sigmas = alphasCumprod.map((alpha) => Math.sqrt(f32(f32(1 - alpha) / alpha)));
    this.logSigmas = this.sigmas.map(numpyLog32);
    // diffusers looks these up in whatever config the scheduler was made from, not only in its own fields.
    this.sigmaMin = config.optionalNumber('sigma_min', { least: 0 });
    this.sigmaMax = config.optionalNumber('sigma_max', { least: 0, notZero: true });
  }

  /** The sigma of training timestep 0, the end of the schedule for `final_sigmas_type` "sigma_min". */
  get smallest(): number {
    return this.sigmas[0]!;
  }

  get largest(): number {
    return this.sigmas[this.sigmas.length - 1]!;
  }

  /** `np.interp(timestep, arange, sigmas)`. */
  at(timestep: number): number {
    const last = this.sigmas.length - 1;
    if (timestep <= 0) return this.smallest;
    if (timestep >= last) return this.largest;
    const below = Math.floor(timestep);
    const low = this.sigmas[below]!;
    return timestep === below ? low : (this.sigmas[below + 1]! - low) * (timestep - below) + low;
  }

  /** diffusers' `_sigma_to_t`: the fractional training timestep that has this noise level. */
  toTimestep(sigma: number): number {
    const { logSigmas } = this;
    const logSigma = Math.log(Math.max(sigma, 1e-10));
    let low = logSigmas.findLastIndex((value) => logSigma - value >= 0);
    low = Math.min(Math.max(low, 0), logSigmas.length - 2);
    const width = f32(logSigmas[low]! - logSigmas[low + 1]!);
    const share = Math.min(Math.max((logSigmas[low]! - logSigma) / width, 0), 1);
    return (1 - share) * low + share * (low + 1);
  }

  /** As `toTimestep`, where diffusers looks up float32 tensors: every operation is rounded to float32. */
  toTimestep32(sigma: number): number {
    const { logSigmas } = this;
    const logSigma = numpyLog32(Math.max(sigma, f32(1e-10)));
    let low = logSigmas.findLastIndex((value) => f32(logSigma - value) >= 0);
    low = Math.min(Math.max(low, 0), logSigmas.length - 2);
    const width = f32(logSigmas[low]! - logSigmas[low + 1]!);
    const share = Math.min(Math.max(f32(f32(logSigmas[low]! - logSigma) / width), 0), 1);
    return f32(f32(f32(1 - share) * low) + f32(share * (low + 1)));
  }

  /**
   * `count` noise levels, descending.
   * @param first the largest where the config has no sigma_max
   * @param last the smallest where the config has no sigma_min
   */
  spread(
    kind: Exclude<SigmaSpread, 'timesteps'>,
    first: number,
    last: number,
    count: number,
  ): number[] {
    if (kind === 'lu') return this.luSigmas(count);
    return spreadSigmas(kind, this.sigmaMin ?? last, this.sigmaMax ?? first, count);
  }

  /** As `spread`, for LMS and DPM++ SDE: their Karras sigmas ignore the config's sigma_min and sigma_max. */
  spreadLikeLms(
    kind: Exclude<ConfigSpread, 'timesteps'>,
    first: number,
    last: number,
    count: number,
  ): number[] {
    if (kind === 'karras') return karrasSigmas(last, first, count);
    return this.spread(kind, first, last, count);
  }

  /** Evenly spaced in log sigma between the ends of the table (`use_lu_lambdas`, with rho 1). */
  private luSigmas(count: number): number[] {
    const max = this.logSigmas[this.logSigmas.length - 1]!;
    const min = this.logSigmas[0]!;
    return linspace(0, 1, count).map((ramp) => Math.exp(max + ramp * (min - max)));
  }
}

const BETA_SHAPE = 0.6;
const KARRAS_RHO = 7;

/** `count` noise levels from `max` down to `min`. */
export function spreadSigmas(
  kind: Exclude<ConfigSpread, 'timesteps'>,
  min: number,
  max: number,
  count: number,
): number[] {
  switch (kind) {
    case 'karras':
      return karrasSigmas(min, max, count);
    case 'exponential':
      return linspace(Math.log(max), Math.log(min), count).map(Math.exp);
    case 'beta':
      // arXiv 2407.12173
      return linspace(0, 1, count).map(
        (t) => min + betaQuantile(1 - t, BETA_SHAPE, BETA_SHAPE) * (max - min),
      );
  }
}

/** Formula 5 of arXiv 2206.00364. */
function karrasSigmas(min: number, max: number, count: number): number[] {
  const maxRoot = max ** (1 / KARRAS_RHO);
  const minRoot = min ** (1 / KARRAS_RHO);
  return linspace(0, 1, count).map((ramp) => (maxRoot + ramp * (minRoot - maxRoot)) ** KARRAS_RHO);
}
