import { type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSample, predictedNoise } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { SolverScheduler } from './base/solver-scheduler';
import { readLearnsVariance, readSolverOrder, readSolverType } from './dpm-solver';
import {
  type DpmAlgorithm,
  type DpmStep,
  firstOrderUpdate,
  singlestepSecondOrderUpdate,
  singlestepThirdOrderUpdate,
} from './math/dpm-solver-updates';

export const DPM_SOLVER_SINGLESTEP = {
  name: 'DPMSolverSinglestepScheduler',
  label: 'DPM++ 2S',
  aliases: [
    {
      names: ['dpm++-2s', 'dpmsolver-singlestep'],
      samplers: ['dpm++2s', 'dpm++singlestep', 'dpmsolversinglestep'],
      karras: true,
    },
  ],
} as const satisfies SchedulerDefinition;

/**
 * DPM-Solver (arXiv 2206.00927) and DPM-Solver++ (arXiv 2211.01095), singlestep: one to three network calls
 * share a step, which begins at the sample of the first; diffusers' scheduling_dpmsolver_singlestep.py.
 */
export class DPMSolverSinglestepScheduler extends SolverScheduler {
  private readonly algorithm: DpmAlgorithm;
  private readonly solverType: 'midpoint' | 'heun';
  private readonly learnsVariance: boolean;
  private readonly lastTimestep: number;
  /** The order of the step that each network call ends. */
  private orders: readonly number[] = [];
  private startSample: Float32Array | undefined;

  constructor(config: SchedulerConfig) {
    super(config, readSolverOrder(config), { betas: {}, lowerOrderFinal: false });
    this.algorithm = readAlgorithm(config);
    this.solverType = readSolverType(config);
    this.learnsVariance = readLearnsVariance(config) && this.predictionType === 'epsilon';
    this.lastTimestep = this.readLastTimestep(config);
    if (this.algorithm === 'dpmsolver' && this.finalSigmas === 'zero') {
      throw unsupported(
        'final_sigmas_type',
        'zero',
        'algorithm_type "dpmsolver" cannot end at sigma zero; it needs "sigma_min"',
      );
    }
    if (this.algorithm === 'dpmsolver' && this.threshold) {
      throw unsupported('thresholding', true, 'algorithm_type "dpmsolver" cannot do it here');
    }
  }

  override setTimesteps(numInferenceSteps: number): void {
    const { sigmas, timesteps } = this.planSteps(numInferenceSteps, {
      // This class has no timestep_spacing.
      spacing: { ...this.spacing, kind: 'linspace' },
      lastTimestep: this.lastTimestep,
    });
    this.outputs = [];
    this.startSample = undefined;
    this.orders = this.ordersOf(numInferenceSteps);
    this.setSchedule(timesteps, [...sigmas, this.finalSigmas === 'zero' ? 0 : this.table.smallest]);
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array {
    const index = this.cursor.enter(timestep);
    this.remember(this.convertOutput(modelOutput, sample, index));
    // Image to image may begin in the middle of a step.
    const order = Math.min(this.orders[index]!, this.outputs.length);
    if (order === 1) this.startSample = sample;
    const step: DpmStep = {
      algorithm: this.algorithm,
      solverType: this.solverType,
      sample: this.startSample ?? sample,
      outputs: this.outputs,
      noise: this.algorithm.startsWith('sde') ? noise() : undefined,
      next: this.levelAt(index + 1),
      levels: this.outputs.map((_, i) => this.levelAt(index - i)),
    };
    this.cursor.advance();
    if (order === 1) return firstOrderUpdate(step);
    return order === 2 ? singlestepSecondOrderUpdate(step) : singlestepThirdOrderUpdate(step);
  }

  /**
   * diffusers' `get_order_list`. `lower_order_final` is on wherever the steps do not divide by the order, or
   * the last sigma is zero.
   */
  private ordersOf(count: number): number[] {
    const { solverOrder } = this;
    const toZero = this.finalSigmas === 'zero';
    const whole = Array.from({ length: count }, (_, i) => (i % solverOrder) + 1);
    const isFull = count % solverOrder === 0;
    if (isFull && !this.lowerOrderFinal && !toZero) return whole;
    // A last step of full order is split, so that the last call makes a step of its own.
    if (isFull && solverOrder > 1) {
      const tail = solverOrder === 3 ? [1, 2, 1] : [1, 1];
      whole.splice(count - solverOrder, solverOrder, ...tail);
    }
    if (toZero) whole[count - 1] = 1;
    return whole;
  }

  /** diffusers' `convert_model_output`: x0 for the ++ algorithms, the noise for the other. */
  private convertOutput(output: Float32Array, sample: Float32Array, index: number): Float32Array {
    const { signal, noise } = this.levelAt(index);
    const type = this.predictionType;
    const mean = this.learnsVariance ? output.subarray(0, sample.length) : output;
    if (this.algorithm === 'dpmsolver') return predictedNoise(type, mean, sample, signal, noise);
    const original = originalSample(type, mean, sample, signal, noise);
    return this.threshold ? this.threshold(original) : original;
  }
}

/** DEIS configs become "dpmsolver++", as in diffusers. */
function readAlgorithm(config: SchedulerConfig): DpmAlgorithm {
  const algorithm = config.choice(
    'algorithm_type',
    ['dpmsolver++', 'dpmsolver', 'sde-dpmsolver++', 'deis' as const],
    'dpmsolver++',
  );
  return algorithm === 'deis' ? 'dpmsolver++' : algorithm;
}
