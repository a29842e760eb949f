import { type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { originalSample, predictedNoise } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import type { SigmaSpread } from './base/sigmas';
import { SolverScheduler } from './base/solver-scheduler';
import {
  type DpmAlgorithm,
  type DpmStep,
  FEW_STEPS,
  multistepOrder,
  multistepUpdate,
} from './math/dpm-solver-updates';

const ALGORITHMS = ['dpmsolver++', 'dpmsolver', 'sde-dpmsolver++', 'sde-dpmsolver'] as const;

export const DPM_SOLVER_MULTISTEP = {
  name: 'DPMSolverMultistepScheduler',
  label: 'DPM++ 2M',
  aliases: [
    {
      names: ['dpm++', 'dpmsolver++', 'dpmsolver-multistep'],
      samplers: ['dpm++2m', 'dpm++2mv2', 'dpm++2'],
      karras: 'automatic',
    },
    {
      names: ['dpm++-sde'],
      config: { algorithm_type: 'sde-dpmsolver++' },
      label: 'DPM++ 2M SDE',
      samplers: ['dpm++2msde'],
      karras: 'automatic',
    },
  ],
  configFields: ['algorithm_type', 'euler_at_final', 'lambda_min_clipped', 'use_lu_lambdas'],
  isExample: true,
} as const satisfies SchedulerDefinition;

/**
 * DPM-Solver (arXiv 2206.00927) and DPM-Solver++ (arXiv 2211.01095), multistep, of order 1 to 3, with their
 * SDE variants; diffusers' scheduling_dpmsolver_multistep.py.
 */
export class DPMSolverMultistepScheduler extends SolverScheduler {
  private readonly algorithm: DpmAlgorithm;
  private readonly solverType: 'midpoint' | 'heun';
  private readonly eulerAtFinal: boolean;
  private readonly spread: SigmaSpread;
  private readonly roundTimesteps: boolean;
  private readonly learnsVariance: boolean;
  private readonly lastTimestep: number;

  constructor(config: SchedulerConfig) {
    super(config, readSolverOrder(config));
    this.algorithm = readAlgorithm(config);
    this.solverType = readSolverType(config);
    this.eulerAtFinal = config.boolean('euler_at_final', false);
    const lu = config.boolean('use_lu_lambdas', false);
    // Karras comes before Lu, and Lu before the rest, in diffusers' set_timesteps.
    this.spread = lu && this.configSpread !== 'karras' ? 'lu' : this.configSpread;
    this.roundTimesteps = (this.spread === 'karras' || this.spread === 'lu') && !config.isCosine();
    this.learnsVariance = readLearnsVariance(config);
    this.lastTimestep = this.readLastTimestep(config);
    this.refuseWhatCannotEnd();
  }

  override setTimesteps(numInferenceSteps: number): void {
    const { sigmas, timesteps } = this.planSteps(numInferenceSteps, {
      spread: this.spread,
      lastTimestep: this.lastTimestep,
      isRounded: this.roundTimesteps,
    });
    this.outputs = [];
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
    const step: DpmStep = {
      algorithm: this.algorithm,
      solverType: this.solverType,
      sample,
      outputs: this.outputs,
      noise: this.algorithm.startsWith('sde') ? noise() : undefined,
      next: this.levelAt(index + 1),
      levels: this.outputs.map((_, i) => this.levelAt(index - i)),
    };
    const order = multistepOrder({
      known: this.outputs.length,
      remaining: this.timesteps.length - index,
      few: this.lowerOrderFinal && this.timesteps.length < FEW_STEPS,
      endsInOrderOne: this.eulerAtFinal || this.finalSigmas === 'zero',
    });
    this.cursor.advance();
    // The last step has no length with Karras sigmas and final_sigmas_type "sigma_min".
    if (this.sigmaAt(index + 1) === this.sigmaAt(index)) return sample;
    return multistepUpdate(step, order);
  }

  /** diffusers' `convert_model_output`: x0 for the ++ algorithms, the noise for the others. */
  private convertOutput(output: Float32Array, sample: Float32Array, index: number): Float32Array {
    const { signal, noise } = this.levelAt(index);
    const type = this.predictionType;
    const mean = this.learnsVariance ? output.subarray(0, sample.length) : output;
    if (this.algorithm.endsWith('++')) {
      const original = originalSample(type, mean, sample, signal, noise);
      return this.threshold ? this.threshold(original) : original;
    }
    const epsilon = predictedNoise(type, mean, sample, signal, noise);
    if (!this.threshold) return epsilon;
    const original = this.threshold(originalSample('epsilon', epsilon, sample, signal, noise));
    return predictedNoise('sample', original, sample, signal, noise);
  }

  private refuseWhatCannotEnd(): void {
    if (!this.algorithm.endsWith('++') && this.finalSigmas === 'zero') {
      throw unsupported(
        'final_sigmas_type',
        'zero',
        `algorithm_type "${this.algorithm}" cannot end at sigma zero; it needs "sigma_min"`,
      );
    }
    if (this.algorithm === 'sde-dpmsolver' && this.solverOrder === 3) {
      throw unsupported('solver_order', 3, 'algorithm_type "sde-dpmsolver" has no third order');
    }
  }
}

const LEARNED_OR_NOT = [
  'learned',
  'learned_range',
  'fixed_small',
  'fixed_small_log',
  'fixed_large',
  'fixed_large_log',
  '',
] as const;

/** Whether the network's output has a variance after the mean. */
export function readLearnsVariance(config: SchedulerConfig): boolean {
  return (
    config.given('variance_type') &&
    config.choice('variance_type', LEARNED_OR_NOT, '').startsWith('learned')
  );
}

/** @throws EaselError `unsupported-config` */
export function readSolverOrder(config: SchedulerConfig): number {
  const order = config.integer('solver_order', 2, 1);
  if (order > 3) throw unsupported('solver_order', order, 'DPM-Solver has orders 1, 2 and 3');
  return order;
}

/** "deis" is what a DEIS config says; diffusers takes it for "dpmsolver++". */
function readAlgorithm(config: SchedulerConfig): DpmAlgorithm {
  const algorithm = config.choice(
    'algorithm_type',
    [...ALGORITHMS, 'deis' as const],
    'dpmsolver++',
  );
  return algorithm === 'deis' ? 'dpmsolver++' : algorithm;
}

/** The solver types of DEIS and UniPC configs become "midpoint", as in diffusers. */
export function readSolverType(config: SchedulerConfig): 'midpoint' | 'heun' {
  const type = config.choice(
    'solver_type',
    ['midpoint', 'heun', 'logrho', 'bh1', 'bh2'],
    'midpoint',
  );
  return type === 'heun' ? 'heun' : 'midpoint';
}
