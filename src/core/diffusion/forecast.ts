import type { Scheduler } from './schedulers/index';
import { divide, scale, subtract, weightedSum } from './schedulers/math/vectors';
import { solveLinear } from './schedulers/math/linear-system';

/** How the network's outputs are forecast. The names and defaults are those of stable-diffusion.cpp. */
export interface ForecastOptions {
  /** Share of the fitted polynomial in a forecast, from 0 to 1; the rest is the last outputs' straight line. */
  readonly w: number;
  /** Degree of the polynomial. */
  readonly m: number;
  /** Ridge penalty of the fit. */
  readonly lam: number;
  /** One of this many steps is computed at first. */
  readonly window: number;
  /** What each computed step adds to the window. */
  readonly flex: number;
  /** Steps at the start that are always computed. */
  readonly warmup: number;
  /** The share of the steps after which all are computed. */
  readonly stop: number;
}

const FORECAST: ForecastOptions = {
  w: 0.4,
  m: 3,
  lam: 1,
  window: 2,
  flex: 0.5,
  warmup: 4,
  stop: 0.9,
};

interface Known {
  /** The step's place in the schedule, from -1 to 1. */
  readonly at: number;
  /** The clean sample that the network's output implied. */
  readonly original: Float32Array;
}

/** Outputs that a fit looks back to. */
const MOST_KNOWN = 6;

/**
 * Forecasts the outputs of a denoising network from those of earlier steps, so that steps need no call
 * (Spectrum, arXiv 2603.01623, applied to the whole output as in stable-diffusion.cpp's spectrum cache). What is
 * forecast is the clean sample, which changes slowly from step to step: a Chebyshev polynomial through the
 * earlier ones, mixed with the straight line through the last two.
 */
export class Forecast {
  private readonly known: Known[] = [];
  private window: number;
  /** Steps since the last that was computed. */
  private skipped = 0;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly steps: number,
    private readonly options: ForecastOptions = FORECAST,
  ) {
    this.window = options.window;
  }

  /** Whether the output of this step (from 0) is forecast. */
  isForecast(step: number): boolean {
    const { warmup, stop } = this.options;
    if (step < warmup || step >= Math.floor(stop * this.steps) || this.known.length < 2)
      return false;
    return (this.skipped + 1) % Math.max(1, Math.floor(this.window)) !== 0;
  }

  /** Takes a step's computed output. */
  learn(step: number, modelInput: Float32Array, modelOutput: Float32Array, timestep: number): void {
    const original = this.scheduler.estimateOriginal(modelInput, modelOutput, timestep);
    this.known.push({ at: this.place(step), original });
    if (this.known.length > MOST_KNOWN) this.known.shift();
    if (step >= this.options.warmup) this.window += this.options.flex;
    this.skipped = 0;
  }

  /** The output of a step that is not computed. */
  predict(step: number, modelInput: Float32Array, timestep: number): Float32Array {
    this.skipped += 1;
    const { w } = this.options;
    const at = this.place(step);
    const [previous, last] = this.known.slice(-2) as [Known, Known];
    const ahead = (at - last.at) / (last.at - previous.at);
    const line = weightedSum([1 + ahead, last.original], [-ahead, previous.original]);
    const fitted = this.fit(at);
    const original = weightedSum([w, fitted], [1 - w, line]);
    return outputFor(this.scheduler, original, modelInput, timestep);
  }

  /** The value at `at` of the polynomial fitted to the known samples by ridge regression. */
  private fit(at: number): Float32Array {
    const { m, lam } = this.options;
    const rows = this.known.map((known) => chebyshev(known.at, m));
    const normal = Array.from({ length: m + 1 }, (_, i) =>
      Array.from({ length: m + 1 }, (__, j) =>
        rows.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? lam : 0),
      ),
    );
    const solved = solveLinear(normal, chebyshev(at, m));
    const [first, ...rest] = this.known.map(({ original }, k) => {
      const weight = rows[k]!.reduce((sum, value, j) => sum + value * solved[j]!, 0);
      return [weight, original] as const;
    });
    return weightedSum(first!, ...rest);
  }

  private place(step: number): number {
    return (2 * step) / Math.max(this.steps - 1, 1) - 1;
  }
}

/** The Chebyshev polynomials T0 to Tm at x. */
function chebyshev(x: number, m: number): number[] {
  const values = [1, x];
  for (let j = 2; j <= m; j++) values.push(2 * x * values[j - 1]! - values[j - 2]!);
  return values.slice(0, m + 1);
}

/** The output with which the scheduler estimates this clean sample: the estimate is linear in the output. */
function outputFor(
  scheduler: Scheduler,
  original: Float32Array,
  modelInput: Float32Array,
  timestep: number,
): Float32Array {
  const zero = scheduler.estimateOriginal(
    modelInput,
    new Float32Array(modelInput.length),
    timestep,
  );
  const [origin = 0] = scheduler.estimateOriginal(
    scale(0, modelInput),
    Float32Array.of(1),
    timestep,
  );
  return divide(subtract(original, zero), origin);
}
