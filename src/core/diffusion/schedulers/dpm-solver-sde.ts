import { BrownianTree } from '../brownian-tree';
import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { MidpointScheduler, type MidpointStage } from './base/midpoint-scheduler';
import { originalSampleAtSigma } from './base/original-sample';
import { ancestralStep } from './math/ancestral';
import { divide, weightedSum } from './math/vectors';

const f32 = Math.fround;
const exp32 = (x: number): number => f32(Math.exp(x));
const log32 = (x: number): number => f32(Math.log(x));

export const DPM_SOLVER_SDE = {
  name: 'DPMSolverSDEScheduler',
  label: 'DPM++ SDE',
  aliases: [
    {
      names: ['dpm-sde', 'dpmsolver-sde'],
      samplers: ['dpm++sde', 'dpmsolversde'],
      karras: 'automatic',
    },
  ],
  configFields: ['noise_sampler_seed'],
} as const satisfies SchedulerDefinition;

/**
 * The stochastic DPM-Solver++ of k-diffusion (`sample_dpmpp_sde`; arXiv 2211.01095), singlestep of order 2;
 * diffusers' scheduling_dpmsolver_sde.py. Its noise is not drawn from the image's generator but is a Brownian
 * motion of its own, so that two numbers of steps have noise in common. diffusers takes a random seed for it
 * where `noise_sampler_seed` is not given; here it is the image's.
 */
export class DPMSolverSDEScheduler extends MidpointScheduler<MidpointStage> {
  private readonly seed: number;
  private motion: BrownianTree | undefined;

  constructor(config: SchedulerConfig) {
    super(config, 'dpm++sde');
    this.seed = config.given('noise_sampler_seed')
      ? config.integer('noise_sampler_seed', 0, 0, Number.MAX_SAFE_INTEGER)
      : config.seed;
  }

  override setTimesteps(numInferenceSteps: number): void {
    super.setTimesteps(numInferenceSteps);
    this.motion = undefined;
  }

  protected override stageBetween(from: number, to: number): MidpointStage {
    const middleTime = (Math.log(from) + Math.log(to)) / 2;
    return {
      from: f32(from),
      middle: to === 0 ? 0 : exp32(middleTime32(f32(from), f32(to))),
      middleTimestep: this.table.toTimestep(Math.exp(middleTime)),
      to: f32(to),
    };
  }

  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const stage = this.enterStage(timestep);
    const { from, middle, to } = stage;
    const sigma = this.inputSigma(stage);
    const original = originalSampleAtSigma(this.predictionType, modelOutput, sample, sigma);
    const start = this.startSample;
    this.cursor.advance();
    if (to === 0) {
      const derivative = divide(weightedSum([1, sample], [-1, original]), from);
      return weightedSum([1, sample], [-from, derivative]);
    }
    this.startSample = start ? undefined : sample;
    return this.move(start ?? sample, original, from, start ? exp32(log32(to)) : middle);
  }

  /** From one noise level to a smaller one, with the clean sample as the network predicts it. */
  private move(
    sample: Float32Array,
    original: Float32Array,
    sigma: number,
    to: number,
  ): Float32Array {
    // diffusers goes from sigma to time and back, which changes the last bit. Where torch's exponential rounds
    // another way than this one (about 1 of 100 values, by its build), the noise is that of another millionth of
    // sigma: latents then differ by up to 5e-4 of their largest value.
    const time = -log32(sigma);
    const from = exp32(-time);
    const { up, down } = ancestralStep(from, to);
    const downTime = -log32(down);
    const kept = f32(exp32(-downTime) / from);
    const moved = weightedSum([kept, sample], [-f32(Math.expm1(f32(time - downTime))), original]);
    return weightedSum([1, moved], [up, this.noiseBetween(from, to, sample.length)]);
  }

  /** diffusers' `BrownianTreeNoiseSampler`: the motion's change, with deviation 1. */
  private noiseBetween(from: number, to: number, size: number): Float32Array {
    const levels = this.sigmas.filter((sigma) => sigma > 0);
    this.motion ??= new BrownianTree(Math.min(...levels), Math.max(...levels), size, this.seed);
    // It runs from the smallest sigma up, and the steps go down.
    return divide(this.motion.increment(to, from), -f32(Math.sqrt(f32(from - to))));
  }
}

/** The time of the middle of a step, where time is −log sigma: its negative. */
function middleTime32(from: number, to: number): number {
  const [time, next] = [-log32(from), -log32(to)];
  return -f32(time + f32(f32(next - time) * 0.5));
}
