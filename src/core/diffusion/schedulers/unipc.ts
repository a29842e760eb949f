import { EaselError } from '../../errors';
import { type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSample, predictedNoise } from './base/original-sample';
import { SolverScheduler } from './base/solver-scheduler';
import { solveLinear } from './math/linear-system';
import type { NoiseLevel } from './math/noise-level';
import { divide, subtract, type Term, weightedSum } from './math/vectors';

const f32 = Math.fround;
/** A request has no more steps. */
const MAX_STEPS = 1000;
/** Published configs have 1 to 3; the equations of high orders have no exact solution in float32. */
const MAX_ORDER = 10;
const expm1 = (x: number): number => f32(Math.expm1(x));

export const UNIPC = {
  name: 'UniPCMultistepScheduler',
  label: 'UniPC',
  aliases: [{ names: ['unipc'], samplers: ['unipc', 'unipcbh2'], karras: true }],
  configFields: ['disable_corrector', 'predict_x0', 'solver_p'],
  isExample: true,
} as const satisfies SchedulerDefinition;

/**
 * UniPC (arXiv 2302.04867): a predictor of any order, and a corrector that reuses the next network call;
 * diffusers' scheduling_unipc_multistep.py.
 */
export class UniPCMultistepScheduler extends SolverScheduler {
  private readonly predictX0: boolean;
  private readonly solverType: 'bh1' | 'bh2';
  private readonly uncorrected: ReadonlySet<number>;
  private lastOrder = 1;
  private lastSample: Float32Array | undefined;

  constructor(config: SchedulerConfig) {
    super(config, readOrder(config));
    config.refuseGiven('solver_p', 'a second scheduler inside UniPC is not supported');
    config.refuseGiven('shift_terminal', 'flow matching models are not supported');
    this.predictX0 = config.boolean('predict_x0', true);
    this.solverType = readSolverType(config);
    this.uncorrected = new Set(
      config.numbers('disable_corrector', { least: 0, most: MAX_STEPS }) ?? [],
    );
    this.refuseWhatCannotEnd();
  }

  override setTimesteps(numInferenceSteps: number): void {
    const { sigmas, timesteps, smallest } = this.planSteps(numInferenceSteps);
    this.outputs = [];
    this.lastSample = undefined;
    this.setSchedule(timesteps, [...sigmas, this.finalSigmas === 'zero' ? 0 : smallest]);
  }

  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const index = this.cursor.enter(timestep);
    const output = this.convertOutput(modelOutput, sample, index);
    let corrected = sample;
    if (this.lastSample && index > 0 && !this.uncorrected.has(index - 1)) {
      corrected = this.correct(output, this.lastSample, index);
    }
    this.remember(output);
    const remaining = this.timesteps.length - index;
    const wanted = this.lowerOrderFinal ? Math.min(this.solverOrder, remaining) : this.solverOrder;
    this.lastOrder = Math.min(wanted, this.outputs.length);
    this.lastSample = corrected;
    this.cursor.advance();
    // The last step has no length with final_sigmas_type "sigma_min".
    if (this.sigmaAt(index + 1) === this.sigmaAt(index)) return corrected;
    return this.predict(corrected, index);
  }

  /** diffusers' `multistep_uni_p_bh_update`: from this noise level to the next. */
  private predict(sample: Float32Array, index: number): Float32Array {
    const order = this.lastOrder;
    const move = this.move(index, index + 1, order);
    if (order === 1) return this.advance(sample, move);
    // The paper simplifies order 2 to a half; higher orders omit the last equation.
    const rhos =
      order === 2
        ? [0.5]
        : solveLinear(
            move.matrix.slice(0, -1).map((row) => row.slice(0, -1)),
            move.vector.slice(0, -1),
          );
    const residual = sumOf(move.differences.map((values, i): Term => [rhos[i]!, values]));
    return this.advance(sample, move, residual);
  }

  /** diffusers' `multistep_uni_c_bh_update`: the last step again, with this step's output known. */
  private correct(output: Float32Array, lastSample: Float32Array, index: number): Float32Array {
    const order = this.lastOrder;
    const move = this.move(index - 1, index, order);
    const rhos = order === 1 ? [0.5] : solveLinear(move.matrix, move.vector);
    const change = subtract(output, move.newest);
    const terms = move.differences.map((values, i): Term => [rhos[i]!, values]);
    return this.advance(lastSample, move, sumOf([...terms, [rhos[order - 1]!, change]]));
  }

  private advance(sample: Float32Array, move: Move, residual?: Float32Array): Float32Array {
    const { from, to } = move;
    const kept = this.predictX0 ? f32(to.noise / from.noise) : f32(to.signal / from.signal);
    const factor = this.predictX0 ? to.signal : to.noise;
    const plain = weightedSum([kept, sample], [-f32(factor * move.phi), move.newest]);
    return residual ? weightedSum([1, plain], [-f32(factor * move.scale), residual]) : plain;
  }

  private move(fromIndex: number, toIndex: number, order: number): Move {
    const [from, to] = [this.levelAt(fromIndex), this.levelAt(toIndex)];
    const h = f32(to.lambda - from.lambda);
    const newest = this.outputs[0];
    if (!newest) throw new EaselError('internal', 'UniPC was stepped before its first output.');
    const ratios: number[] = [];
    const differences: Float32Array[] = [];
    for (let i = 1; i < order; i++) {
      const ratio = f32(f32(this.levelAt(fromIndex - i).lambda - from.lambda) / h);
      ratios.push(ratio);
      differences.push(divide(subtract(this.outputs[i]!, newest), ratio));
    }
    ratios.push(1);

    const signedH = this.predictX0 ? -h : h;
    const phi = expm1(signedH);
    const scale = this.solverType === 'bh1' ? signedH : phi;
    const matrix: number[][] = [];
    const vector: number[] = [];
    let phiK = f32(f32(phi / signedH) - 1);
    let factorial = 1;
    for (let i = 1; i <= order; i++) {
      matrix.push(ratios.map((ratio) => f32(ratio ** (i - 1))));
      vector.push(f32(f32(phiK * factorial) / scale));
      factorial *= i + 1;
      phiK = f32(f32(phiK / signedH) - 1 / factorial);
    }
    return { from, to, newest, differences, phi, scale, matrix, vector };
  }

  private convertOutput(output: Float32Array, sample: Float32Array, index: number): Float32Array {
    const { signal, noise } = this.levelAt(index);
    if (!this.predictX0) return predictedNoise(this.predictionType, output, sample, signal, noise);
    const original = originalSample(this.predictionType, output, sample, signal, noise);
    return this.threshold ? this.threshold(original) : original;
  }

  /** Sigma zero makes the last step infinitely long in lambda, which only order 1 with x0 can compute. */
  private refuseWhatCannotEnd(): void {
    if (this.finalSigmas !== 'zero') return;
    if (!this.predictX0) {
      throw unsupported(
        'final_sigmas_type',
        'zero',
        'predict_x0 is false, which needs "sigma_min"',
      );
    }
    if (!this.lowerOrderFinal && this.solverOrder > 1) {
      throw unsupported('lower_order_final', false, 'final_sigmas_type "zero" needs it');
    }
  }
}

/** What predictor and corrector both compute for a step between two noise levels. */
interface Move {
  readonly from: NoiseLevel;
  readonly to: NoiseLevel;
  /** The output at `from`, and the slopes from it to the older ones. */
  readonly newest: Float32Array;
  readonly differences: readonly Float32Array[];
  /** h·φ1(h) and B(h) of the paper. */
  readonly phi: number;
  readonly scale: number;
  readonly matrix: readonly (readonly number[])[];
  readonly vector: readonly number[];
}

function sumOf(terms: readonly Term[]): Float32Array {
  const [first, ...rest] = terms;
  if (!first) throw new EaselError('internal', 'UniPC has no terms to sum.');
  return weightedSum(first, ...rest);
}

function readOrder(config: SchedulerConfig): number {
  const order = config.integer('solver_order', 2, 1);
  if (order > MAX_ORDER)
    throw unsupported('solver_order', order, `it must be at most ${MAX_ORDER}`);
  return order;
}

/** The solver types of DPM-Solver and DEIS configs become "bh2", as in diffusers. */
function readSolverType(config: SchedulerConfig): 'bh1' | 'bh2' {
  const type = config.choice('solver_type', ['bh1', 'bh2', 'midpoint', 'heun', 'logrho'], 'bh2');
  return type === 'bh1' ? 'bh1' : 'bh2';
}
