import * as v from 'valibot';
import type { Scheduler } from './schedulers/index';
import { divide, scale, subtract, weightedSum } from './schedulers/math/vectors';
import { solveLinear } from './schedulers/math/linear-system';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/**
 * How the network's outputs are forecast. The names and defaults are those of stable-diffusion.cpp's spectrum
 * cache, but for `w`: on trained weights the straight line alone came nearest to the image of all steps
 * (bench/README.md).
 */
export const ForecastSchema = v.strictObject({
  /** Share of the fitted polynomial in a forecast; the rest is the straight line of the last outputs. */
  w: v.optional(share, 0),
  /** Degree of the polynomial. */
  m: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)), 3),
  /** Ridge penalty of the fit. */
  lam: v.optional(v.pipe(v.number(), v.minValue(1e-6), v.maxValue(1000)), 1),
  /** At first, one of this many steps is computed. */
  window: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(100)), 2),
  /** What each computed step adds to the window. */
  flex: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(100)), 0.5),
  /** Steps at the start that are always computed. */
  warmup: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)), 4),
  /** The share of the steps after which all are computed. */
  stop: v.optional(share, 0.9),
});

export type ForecastOptions = v.InferOutput<typeof ForecastSchema>;

/**
 * Which steps make a call of the network where others are forecast.
 * @param steps of one pass of one image
 */
export function computedSteps(steps: number, options: ForecastOptions): boolean[] {
  const { warmup, flex, stop } = options;
  let window = options.window;
  let skipped = 0;
  return Array.from({ length: steps }, (_, step) => {
    const isOpen = step >= Math.max(warmup, LEAST_KNOWN) && step < Math.floor(stop * steps);
    if (isOpen && (skipped + 1) % Math.max(1, Math.floor(window)) !== 0) {
      skipped += 1;
      return false;
    }
    if (step >= warmup) window += flex;
    skipped = 0;
    return true;
  });
}

interface Known {
  /** The step's place in the schedule, from -1 to 1. */
  readonly at: number;
  /** The clean sample that the network's output implied. */
  readonly original: Float32Array;
}

/** Outputs that a forecast needs. */
const LEAST_KNOWN = 2;
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
  private readonly computed: readonly boolean[];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly steps: number,
    private readonly options: ForecastOptions,
  ) {
    this.computed = computedSteps(steps, options);
  }

  /** Whether the output of this step (from 0) is forecast. */
  isForecast(step: number): boolean {
    return !this.computed[step];
  }

  /** Takes a step's computed output. */
  learn(step: number, modelInput: Float32Array, modelOutput: Float32Array, timestep: number): void {
    const original = this.scheduler.estimateOriginal(modelInput, modelOutput, timestep);
    this.known.push({ at: this.place(step), original });
    if (this.known.length > MOST_KNOWN) this.known.shift();
  }

  /** The output of a step that is not computed. */
  predict(step: number, modelInput: Float32Array, timestep: number): Float32Array {
    const { w } = this.options;
    const at = this.place(step);
    const [previous, last] = this.known.slice(-2) as [Known, Known];
    const ahead = (at - last.at) / (last.at - previous.at);
    const line = weightedSum([1 + ahead, last.original], [-ahead, previous.original]);
    const original = w === 0 ? line : weightedSum([w, this.fit(at)], [1 - w, line]);
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
