import { numpyLog32 } from '../../float32';
import { type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSample, predictedNoise } from './base/original-sample';
import { SolverScheduler } from './base/solver-scheduler';
import { FEW_STEPS, firstOrderUpdate, multistepOrder } from './math/dpm-solver-updates';
import type { NoiseLevel } from './math/noise-level';
import { divide, scale, type Term, weightedSum } from './math/vectors';

const f32 = Math.fround;

export const DEIS = {
  name: 'DEISMultistepScheduler',
  label: 'DEIS',
  aliases: [{ names: ['deis'], samplers: ['deis', 'deis2m'], karras: true }],
  isExample: true,
} as const satisfies SchedulerDefinition;

/**
 * DEIS (arXiv 2204.13902), multistep in log rho, of order 1 to 3; diffusers' scheduling_deis_multistep.py.
 * Unlike DPM-Solver it ends at the smallest sigma, not at zero.
 */
export class DEISMultistepScheduler extends SolverScheduler {
  constructor(config: SchedulerConfig) {
    super(config, readOrder(config), { betas: {}, lowerOrderFinal: true });
    checkTypes(config);
  }

  override setTimesteps(numInferenceSteps: number): void {
    this.outputs = [];
    const { sigmas, timesteps, smallest } = this.planSteps(numInferenceSteps);
    this.setSchedule(timesteps, [...sigmas, smallest]);
  }

  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const index = this.cursor.enter(timestep);
    this.remember(this.convertOutput(modelOutput, sample, index));
    const order = multistepOrder({
      known: this.outputs.length,
      remaining: this.timesteps.length - index,
      few: this.lowerOrderFinal && this.timesteps.length < FEW_STEPS,
      endsInOrderOne: false,
    });
    const levels = this.outputs.map((_, i) => this.levelAt(index - i));
    const next = this.levelAt(index + 1);
    this.cursor.advance();
    if (order > 1) return this.combine(sample, levels.slice(0, order), next);
    return firstOrderUpdate({
      algorithm: 'dpmsolver',
      solverType: 'midpoint',
      sample,
      outputs: this.outputs,
      levels,
      next,
      noise: undefined,
    });
  }

  /** diffusers' `convert_model_output`: the noise, by way of the clean sample. */
  private convertOutput(output: Float32Array, sample: Float32Array, index: number): Float32Array {
    const { signal, noise } = this.levelAt(index);
    const original = originalSample(this.predictionType, output, sample, signal, noise);
    const limited = this.threshold ? this.threshold(original) : original;
    return predictedNoise('sample', limited, sample, signal, noise);
  }

  /** diffusers' second and third order updates. @param levels latest first */
  private combine(
    sample: Float32Array,
    levels: readonly NoiseLevel[],
    next: NoiseLevel,
  ): Float32Array {
    const rhos = levels.map(({ signal, noise }) => f32(noise / signal));
    const to = f32(next.noise / next.signal);
    const integral = levels.length === 2 ? integral2 : integral3;
    const terms = rhos.map((rho, i): Term => {
      const others = [...rhos.slice(i + 1), ...rhos.slice(0, i)];
      const coefficient = f32(integral(to, rho, others) - integral(rhos[0]!, rho, others));
      return [coefficient, this.outputs[i]!];
    });
    return scale(next.signal, weightedSum([1, divide(sample, levels[0]!.signal)], ...terms));
  }
}

/** The antiderivative at t of (log t − log c) / (log b − log c). */
function integral2(t: number, b: number, [c]: readonly number[]): number {
  const [logT, logB, logC] = [numpyLog32(t), numpyLog32(b), numpyLog32(c!)];
  return f32(f32(t * f32(f32(logT - logC) - 1)) / f32(logB - logC));
}

/** The antiderivative at t of (log t − log c)(log t − log d) / ((log b − log c)(log b − log d)). */
function integral3(t: number, b: number, [c, d]: readonly number[]): number {
  const [logT, logB, logC, logD] = [numpyLog32(t), numpyLog32(b), numpyLog32(c!), numpyLog32(d!)];
  let sum = f32(logC * f32(f32(logD - logT) + 1));
  sum = f32(sum - f32(logD * logT));
  sum = f32(sum + logD);
  sum = f32(sum + f32(logT * logT));
  sum = f32(sum - f32(2 * logT));
  sum = f32(sum + 2);
  return f32(f32(t * sum) / f32(f32(logB - logC) * f32(logB - logD)));
}

function readOrder(config: SchedulerConfig): number {
  const order = config.integer('solver_order', 2, 1);
  if (order > 3) throw unsupported('solver_order', order, 'DEIS has orders 1, 2 and 3');
  return order;
}

/** The types of DPM-Solver and UniPC configs become "deis" and "logrho", as in diffusers. */
function checkTypes(config: SchedulerConfig): void {
  config.choice('algorithm_type', ['deis', 'dpmsolver', 'dpmsolver++'], 'deis');
  config.choice('solver_type', ['logrho', 'midpoint', 'heun', 'bh1', 'bh2'], 'logrho');
}
