import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { DistilledScheduler } from './base/distilled-scheduler';
import { predictedNoise } from './base/original-sample';
import type { NoiseSource } from './base/scheduler';
import { weightedSum } from './math/vectors';

const f32 = Math.fround;

export const TCD = {
  name: 'TCDScheduler',
  label: 'TCD',
  aliases: [{ names: ['tcd'], samplers: ['tcd'] }],
  takesEta: true,
} as const satisfies SchedulerDefinition;

/**
 * Trajectory consistency distillation (arXiv 2402.19159), for the LoRAs and models of that method; diffusers'
 * scheduling_tcd.py. Its eta is the paper's gamma: how far a step goes beyond its end, to come back with new noise.
 * It is 0 unless a request has another, as in diffusers' pipelines.
 */
export class TCDScheduler extends DistilledScheduler {
  private readonly eta: number;

  constructor(config: SchedulerConfig) {
    super(config);
    this.eta = config.eta;
  }

  override step(
    modelOutput: Float32Array,
    timestep: number,
    sample: Float32Array,
    newNoise: NoiseSource,
  ): Float32Array {
    const index = this.cursor.enter(timestep);
    const alpha = this.alphaAt(timestep);
    const next = this.timesteps[index + 1] ?? 0;
    const targetAlpha = this.alphaAt(Math.floor(f32(f32(1 - this.eta) * next)));
    const signal = f32(Math.sqrt(alpha));
    const noise = f32(Math.sqrt(f32(1 - alpha)));
    const original = this.predictOriginal(modelOutput, timestep, sample, (values) => values);
    const epsilon = predictedNoise(this.predictionType, modelOutput, sample, signal, noise);
    this.cursor.advance();
    const moved = weightedSum(
      [Math.sqrt(targetAlpha), original],
      [Math.sqrt(f32(1 - targetAlpha)), epsilon],
    );
    if (this.eta === 0 || index === this.timesteps.length - 1) return moved;
    const kept = f32(this.alphaAt(next) / targetAlpha);
    return weightedSum([Math.sqrt(kept), moved], [Math.sqrt(f32(1 - kept)), newNoise()]);
  }
}
