import { type SchedulerConfig, unsupported } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { EdmScheduler } from './base/edm-scheduler';
import { readThresholding, type SampleLimit } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { StepCursor } from './base/step-cursor';
import { readSolverOrder, readSolverType } from './dpm-solver';
import {
  type DpmStep,
  FEW_STEPS,
  multistepOrder,
  multistepUpdate,
} from './math/dpm-solver-updates';
import type { NoiseLevel } from './math/noise-level';

const f32 = Math.fround;

export const EDM_DPM_SOLVER_MULTISTEP = {
  name: 'EDMDPMSolverMultistepScheduler',
  label: 'DPM++ 2M EDM',
  aliases: [{ names: ['edm-dpm++', 'dpm++-edm'], samplers: ['dpm++2medm', 'edmdpm++2m'] }],
  isEdm: true,
} as const satisfies SchedulerDefinition;

/**
 * DPM-Solver++ (arXiv 2211.01095), multistep, for EDM models such as Playground v2.5; diffusers'
 * scheduling_edm_dpmsolver_multistep.py.
 */
export class EDMDPMSolverMultistepScheduler extends EdmScheduler {
  private readonly solverOrder: number;
  private readonly isStochastic: boolean;
  private readonly solverType: 'midpoint' | 'heun';
  private readonly lowerOrderFinal: boolean;
  private readonly eulerAtFinal: boolean;
  private readonly threshold: SampleLimit | undefined;
  /** Latest first. */
  private outputs: Float32Array[] = [];

  constructor(config: SchedulerConfig) {
    super(config, new StepCursor('lenient'), 'float32');
    this.solverOrder = readSolverOrder(config);
    this.isStochastic = readIsStochastic(config);
    this.solverType = readSolverType(config);
    this.lowerOrderFinal = config.boolean('lower_order_final', true);
    this.eulerAtFinal = config.boolean('euler_at_final', false);
    this.threshold = readThresholding(config);
    if (this.isStochastic && this.solverOrder === 3) {
      throw unsupported('solver_order', 3, 'algorithm_type "sde-dpmsolver++" has no third order');
    }
  }

  override setTimesteps(numInferenceSteps: number): void {
    super.setTimesteps(numInferenceSteps);
    this.outputs = [];
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    noise: NoiseSource,
  ): Float32Array {
    const index = this.cursor.enter(timestep);
    const predicted = this.predictOriginal(modelOutput, sample, this.sigmaAt(index));
    const original = this.threshold ? this.threshold(predicted) : predicted;
    this.outputs = [original, ...this.outputs.slice(0, this.solverOrder - 1)];
    const step: DpmStep = {
      algorithm: this.isStochastic ? 'sde-dpmsolver++' : 'dpmsolver++',
      solverType: this.solverType,
      sample,
      outputs: this.outputs,
      noise: this.isStochastic ? noise() : undefined,
      next: levelOf(this.sigmaAt(index + 1)),
      levels: this.outputs.map((_, i) => levelOf(this.sigmaAt(index - i))),
    };
    const order = multistepOrder({
      known: this.outputs.length,
      remaining: this.timesteps.length - index,
      few: this.lowerOrderFinal && this.timesteps.length < FEW_STEPS,
      endsInOrderOne: this.eulerAtFinal || this.finalSigmas === 'zero',
    });
    this.cursor.advance();
    // The last step has no length with final_sigmas_type "sigma_min".
    if (this.sigmaAt(index + 1) === this.sigmaAt(index)) return sample;
    return multistepUpdate(step, order);
  }

  protected override lastSigma(): number {
    return this.sigmaMin;
  }
}

/** The signal is not scaled: the network's input is. */
function levelOf(sigma: number): NoiseLevel {
  return { signal: 1, noise: sigma, lambda: -f32(Math.log(sigma)) };
}

/** DEIS configs become "dpmsolver++", as in diffusers. */
function readIsStochastic(config: SchedulerConfig): boolean {
  const choices = ['dpmsolver++', 'sde-dpmsolver++', 'deis'] as const;
  return config.choice('algorithm_type', choices, 'dpmsolver++') === 'sde-dpmsolver++';
}
