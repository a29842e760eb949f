import type { SchedulerDefinition } from './base/definition';
import { DistilledScheduler } from './base/distilled-scheduler';
import { predictedNoise } from './base/original-sample';
import { weightedSum } from './math/vectors';

const f32 = Math.fround;

export const TCD = {
  name: 'TCDScheduler',
  label: 'TCD',
  aliases: [{ names: ['tcd'], samplers: ['tcd'] }],
} as const satisfies SchedulerDefinition;

/**
 * Trajectory consistency distillation (arXiv 2402.19159), for the LoRAs and models of that method; diffusers'
 * scheduling_tcd.py. eta is 0, which the pipelines of Stable Diffusion pass unless told otherwise: no noise
 * is added.
 */
export class TCDScheduler extends DistilledScheduler {
  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const index = this.cursor.enter(timestep);
    const alpha = this.alphaAt(timestep);
    const nextAlpha = this.alphaAt(this.timesteps[index + 1] ?? 0);
    const signal = f32(Math.sqrt(alpha));
    const noise = f32(Math.sqrt(f32(1 - alpha)));
    const original = this.predictOriginal(modelOutput, timestep, sample, (values) => values);
    const epsilon = predictedNoise(this.predictionType, modelOutput, sample, signal, noise);
    this.cursor.advance();
    return weightedSum([Math.sqrt(nextAlpha), original], [Math.sqrt(f32(1 - nextAlpha)), epsilon]);
  }
}
