import { EaselError } from '../../../errors';
import type { NoiseLevel } from './noise-level';
import { divide, scale, subtract, type Term, weightedSum } from './vectors';

const f32 = Math.fround;
const exp32 = (x: number): number => f32(Math.exp(x));
const sqrt32 = (x: number): number => f32(Math.sqrt(x));

export type DpmAlgorithm = 'dpmsolver' | 'dpmsolver++' | 'sde-dpmsolver' | 'sde-dpmsolver++';

/** One step from `levels[0]` to `next`. */
export interface DpmStep {
  readonly algorithm: DpmAlgorithm;
  readonly solverType: 'midpoint' | 'heun';
  readonly sample: Float32Array;
  /** Converted network outputs, latest first, and the noise levels they were made at. */
  readonly outputs: readonly Float32Array[];
  readonly levels: readonly NoiseLevel[];
  readonly next: NoiseLevel;
  /** Present for the SDE algorithms. */
  readonly noise: Float32Array | undefined;
}

/**
 * The parts every order has: the sample's weight, the factor of the newest output D0, the weights of the
 * higher differences, and the noise term. Weights are float32 in the order diffusers computes them.
 */
interface Weights {
  readonly sample: number;
  /** The factor of D0. */
  readonly zeroth: number;
  /** Of the first difference, for the midpoint rule and for Heun's (and the third order). */
  readonly midpoint: number;
  readonly heun: number;
  /** Of the second difference. */
  readonly second: number;
  readonly noise: number;
}

/** Below this number of steps, `lower_order_final` holds. */
export const FEW_STEPS = 15;

/** What decides the order of a multistep solver's next step. */
export interface OrderChoice {
  /** How many outputs are known, with this step's: at most the solver's order. */
  readonly known: number;
  /** How many steps are left, with this one. */
  readonly remaining: number;
  /** Whether the last two steps have orders 2 and 1, for stability with few steps. */
  readonly few: boolean;
  readonly endsInOrderOne: boolean;
}

/** The order of the next step in diffusers' multistep solvers: 1, 2 or 3. */
export function multistepOrder(choice: OrderChoice): number {
  const { known, remaining, few, endsInOrderOne } = choice;
  if (known === 1 || (remaining === 1 && (few || endsInOrderOne))) return 1;
  return known === 2 || (remaining === 2 && few) ? 2 : 3;
}

/** A multistep step of order 1 to 3, see `multistepOrder`. */
export function multistepUpdate(step: DpmStep, order: number): Float32Array {
  if (order === 1) return firstOrderUpdate(step);
  return order === 2 ? secondOrderUpdate(step) : thirdOrderUpdate(step);
}

/** diffusers' `dpm_solver_first_order_update` (DDIM's step, for the plain algorithms). */
export function firstOrderUpdate(step: DpmStep): Float32Array {
  const weights = weightsOf(step);
  return update(step, weights, [[weights.zeroth, at(step.outputs, 0)]]);
}

/** diffusers' `multistep_dpm_solver_second_order_update`. */
function secondOrderUpdate(step: DpmStep): Float32Array {
  const weights = weightsOf(step);
  const [m0, m1] = [at(step.outputs, 0), at(step.outputs, 1)];
  const difference = scale(1 / ratio(step, 0), subtract(m0, m1));
  const first = step.solverType === 'midpoint' ? weights.midpoint : weights.heun;
  return update(step, weights, [
    [weights.zeroth, m0],
    [first, difference],
  ]);
}

/** diffusers' `multistep_dpm_solver_third_order_update`. */
function thirdOrderUpdate(step: DpmStep): Float32Array {
  const weights = weightsOf(step);
  const [m0, m1, m2] = [at(step.outputs, 0), at(step.outputs, 1), at(step.outputs, 2)];
  const [r0, r1] = [ratio(step, 0), ratio(step, 1)];
  const newer = scale(1 / r0, subtract(m0, m1));
  const older = scale(1 / r1, subtract(m1, m2));
  const change = subtract(newer, older);
  const both = f32(r0 + r1);
  const first = weightedSum([1, newer], [r0 / both, change]);
  return update(step, weights, [
    [weights.zeroth, m0],
    [weights.heun, first],
    [weights.second, scale(1 / both, change)],
  ]);
}

/**
 * diffusers' `singlestep_dpm_solver_second_order_update`: a step of two network calls that begins at
 * `levels[1]`, where `sample` is.
 */
export function singlestepSecondOrderUpdate(step: DpmStep): Float32Array {
  const start = at(step.levels, 1);
  const weights = weightsOf(step, start);
  const [m0, m1] = [at(step.outputs, 0), at(step.outputs, 1)];
  const change = scale(1 / share(step, 0, start), subtract(m0, m1));
  const first = step.solverType === 'midpoint' ? weights.midpoint : weights.heun;
  return update(step, weights, [
    [weights.zeroth, m1],
    [first, change],
  ]);
}

/** diffusers' `singlestep_dpm_solver_third_order_update`: three network calls, from `levels[2]`. */
export function singlestepThirdOrderUpdate(step: DpmStep): Float32Array {
  const start = at(step.levels, 2);
  const weights = weightsOf(step, start);
  const [m0, m1, m2] = [at(step.outputs, 0), at(step.outputs, 1), at(step.outputs, 2)];
  const [r0, r1] = [share(step, 0, start), share(step, 1, start)];
  const middle = scale(1 / r1, subtract(m1, m2));
  const whole = scale(1 / r0, subtract(m0, m2));
  if (step.solverType === 'midpoint') {
    return update(step, weights, [
      [weights.zeroth, m2],
      [weights.heun, whole],
    ]);
  }
  const between = f32(r0 - r1);
  const first = divide(weightedSum([r0, middle], [-r1, whole]), between);
  const second = divide(scale(2, subtract(whole, middle)), between);
  return update(step, weights, [
    [weights.zeroth, m2],
    [weights.heun, first],
    [weights.second, second],
  ]);
}

/** How far `levels[back]` is on the way, in lambda, from `start` to the next level. */
function share(step: DpmStep, back: number, start: NoiseLevel): number {
  const covered = f32(at(step.levels, back).lambda - start.lambda);
  return f32(covered / f32(step.next.lambda - start.lambda));
}

function update(step: DpmStep, weights: Weights, terms: readonly Term[]): Float32Array {
  const noise: Term[] = step.noise ? [[weights.noise, step.noise]] : [];
  return weightedSum([weights.sample, step.sample], ...terms, ...noise);
}

/** The length of an earlier step, in lambda, relative to this one. */
function ratio(step: DpmStep, back: number): number {
  const earlier = f32(at(step.levels, back).lambda - at(step.levels, back + 1).lambda);
  return f32(earlier / stepLength(step));
}

function stepLength(step: DpmStep): number {
  return f32(step.next.lambda - at(step.levels, 0).lambda);
}

/** @param now where the sample is */
function weightsOf(step: DpmStep, now = at(step.levels, 0)): Weights {
  const { next } = step;
  const h = f32(next.lambda - now.lambda);
  const grown = f32(exp32(h) - 1);
  const shrunk = f32(exp32(-h) - 1);
  const doublyShrunk = f32(1 - exp32(-2 * h));
  switch (step.algorithm) {
    case 'dpmsolver++':
      return {
        sample: next.noise / now.noise,
        zeroth: -f32(next.signal * shrunk),
        midpoint: -0.5 * f32(next.signal * shrunk),
        heun: next.signal * f32(f32(shrunk / h) + 1),
        second: -f32(next.signal * f32(f32(f32(shrunk + h) / f32(h * h)) - 0.5)),
        noise: 0,
      };
    case 'dpmsolver':
      return {
        sample: next.signal / now.signal,
        zeroth: -f32(next.noise * grown),
        midpoint: -0.5 * f32(next.noise * grown),
        heun: -f32(next.noise * f32(f32(grown / h) - 1)),
        second: -f32(next.noise * f32(f32(f32(grown - h) / f32(h * h)) - 0.5)),
        noise: 0,
      };
    case 'sde-dpmsolver++':
      return {
        sample: f32(next.noise / now.noise) * exp32(-h),
        zeroth: next.signal * doublyShrunk,
        midpoint: 0.5 * f32(next.signal * doublyShrunk),
        heun: next.signal * f32(f32(doublyShrunk / f32(-2 * h)) + 1),
        second: next.signal * f32(f32(f32(doublyShrunk - f32(2 * h)) / f32(f32(2 * h) ** 2)) - 0.5),
        noise: next.noise * sqrt32(doublyShrunk),
      };
    case 'sde-dpmsolver':
      return {
        sample: next.signal / now.signal,
        zeroth: -2 * f32(next.noise * grown),
        midpoint: -f32(next.noise * grown),
        heun: -2 * f32(next.noise * f32(f32(grown / h) - 1)),
        second: 0,
        noise: next.noise * sqrt32(f32(exp32(2 * h) - 1)),
      };
  }
}

function at<T>(values: readonly T[], index: number): T {
  const value = values[index];
  if (value === undefined) {
    throw new EaselError('internal', `A multistep solver misses what it made ${index} steps ago.`);
  }
  return value;
}
