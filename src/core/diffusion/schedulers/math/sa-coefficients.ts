const f32 = Math.fround;
const exp32 = (x: number): number => f32(Math.exp(x));

export interface AdamsStep {
  /** The log signal-to-noise ratios where outputs are known, latest first: one for each order, 1 to 4. */
  readonly lambdas: readonly number[];
  /** Where the step begins and ends. */
  readonly from: number;
  readonly to: number;
  /** 0 or 1. */
  readonly tau: number;
  readonly predictX0: boolean;
  readonly isCorrector: boolean;
}

/**
 * The factors of the known outputs in one step of SA-Solver (arXiv 2309.05019, section 4): integrals of the
 * Lagrange polynomials with an exponential weight. Every operation is rounded to float32, as in diffusers'
 * scheduling_sasolver.py (`get_coefficients_fn`), because large terms cancel.
 */
export function adamsCoefficients(step: AdamsStep): number[] {
  const { lambdas, from, to, tau, predictX0, isCorrector } = step;
  const order = lambdas.length;
  const power = 1 + tau ** 2;
  const integral = (degree: number) =>
    predictX0 ? positiveIntegral(degree, from, to, power) : negativeIntegral(degree, from, to);
  const coefficients = lambdas.map((_, i) => {
    const polynomial = lagrange(lambdas, i);
    return polynomial.reduce(
      (sum, factor, j) => f32(sum + f32(factor * integral(order - 1 - j))),
      0,
    );
  });
  if (!predictX0 || order !== 2) return coefficients;
  // diffusers corrects order 2, so that a step without noise is that of DPM-Solver++.
  const h = f32(to - from);
  const rest = f32(f32(f32(h * power) - 1) + exp32(power * -h));
  const correction = isCorrector
    ? f32(f32(h / 2) - f32(rest / f32(power ** 2 * h)))
    : f32(f32(f32(h * h) / 2) - f32(rest / power ** 2));
  const scaled = f32(exp32(power * to) * correction);
  const added = isCorrector ? scaled : f32(scaled / f32(from - lambdas[1]!));
  return [f32(coefficients[0]! + added), f32(coefficients[1]! - added)];
}

/** The coefficients, highest degree first, of the polynomial that is 1 at lambdas[i] and 0 at the others. */
function lagrange(lambdas: readonly number[], i: number): number[] {
  const own = lambdas[i]!;
  const others = lambdas.filter((_, k) => k !== i);
  if (others.length === 0) return [1];
  const denominator = others.map((other) => f32(own - other)).reduce((a, b) => f32(a * b));
  return symmetric(others).map((value) => f32(value / denominator));
}

/** (x − a)(x − b)(x − c), expanded. */
function symmetric(roots: readonly number[]): number[] {
  const [a, b, c] = roots;
  if (b === undefined) return [1, -a!];
  if (c === undefined) return [1, f32(-a! - b), f32(a! * b)];
  const pairs = f32(f32(f32(a! * b) + f32(a! * c)) + f32(b * c));
  return [1, f32(f32(-a! - b) - c), pairs, f32(f32(-a! * b) * c)];
}

/** ∫ exp(−x) x^degree dx from `start` to `end` (`get_coefficients_exponential_negative`). */
function negativeIntegral(degree: number, start: number, end: number): number {
  const grown = exp32(f32(end - start));
  const lower = ascending(degree, start);
  const upper = ascending(degree, end);
  return f32(exp32(-end) * f32(f32(lower * grown) - upper));
}

/** x^n + n·x^(n−1) + n(n−1)·x^(n−2) + … */
function ascending(degree: number, x: number): number {
  const [square, cube] = [f32(x * x), f32(f32(x * x) * x)];
  switch (degree) {
    case 0:
      return 1;
    case 1:
      return f32(x + 1);
    case 2:
      return f32(f32(square + f32(2 * x)) + 2);
    default:
      return f32(f32(f32(cube + f32(3 * square)) + f32(6 * x)) + 6);
  }
}

/** ∫ exp(power·x) x^degree dx from `start` to `end` (`get_coefficients_exponential_positive`). */
function positiveIntegral(degree: number, start: number, end: number, power: number): number {
  const [first, last] = [f32(power * start), f32(power * end)];
  const shrunk = exp32(-f32(last - first));
  const difference = f32(alternating(degree, last) - f32(alternating(degree, first) * shrunk));
  return f32(f32(exp32(last) * difference) / power ** (degree + 1));
}

/** x^n − n·x^(n−1) + n(n−1)·x^(n−2) − … */
function alternating(degree: number, x: number): number {
  const [square, cube] = [f32(x * x), f32(f32(x * x) * x)];
  switch (degree) {
    case 0:
      return 1;
    case 1:
      return f32(x - 1);
    case 2:
      return f32(f32(square - f32(2 * x)) + 2);
    default:
      return f32(f32(f32(cube - f32(3 * square)) + f32(6 * x)) - 6);
  }
}
