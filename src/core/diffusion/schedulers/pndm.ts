import { EaselError } from '../../errors';
import { AlphasScheduler } from './base/alphas-scheduler';
import type { SchedulerConfig } from './base/config';
import type { SchedulerDefinition } from './base/definition';
import { predictedNoise } from './base/original-sample';
import { checkStepCount, readSpacing, type Spacing, wholeTimesteps } from './base/timesteps';
import { divide, scale, weightedSum } from './math/vectors';

const f32 = Math.fround;
const PNDM_ORDER = 4;
/** Runge-Kutta takes four network calls a step, and three such steps start the multistep method. */
const CALLS_PER_PRK_STEP = 4;

export const PNDM = {
  name: 'PNDMScheduler',
  label: 'PLMS',
  title: 'PNDM',
  aliases: [{ names: ['pndm'], samplers: ['plms', 'pndm'] }],
  configFields: ['skip_prk_steps'],
} as const satisfies SchedulerDefinition;

/**
 * PNDM (arXiv 2202.09778): linear multistep (PLMS), after Runge-Kutta (PRK) start-up steps unless
 * `skip_prk_steps`; diffusers' scheduling_pndm.py.
 */
export class PNDMScheduler extends AlphasScheduler {
  private readonly spacing: Spacing;
  private readonly skipPrkSteps: boolean;
  private readonly finalAlpha: number;
  private prkTimesteps: readonly number[] = [];
  private counter = 0;
  private outputs: Float32Array[] = [];
  private startSample: Float32Array | undefined;
  private outputSum: Float32Array | undefined;

  constructor(config: SchedulerConfig) {
    super(config, config.predictionType(['epsilon', 'v_prediction']), {});
    this.spacing = readSpacing(config, 'leading');
    this.skipPrkSteps = config.boolean('skip_prk_steps', false);
    this.finalAlpha = config.boolean('set_alpha_to_one', false) ? 1 : this.alphaAt(0);
  }

  override setTimesteps(numInferenceSteps: number): void {
    checkStepCount(numInferenceSteps, this.numTrainTimesteps);
    const plain = wholeTimesteps(this.spacing, numInferenceSteps);
    if (!this.skipPrkSteps && plain.length < PNDM_ORDER) {
      throw new EaselError(
        'bad-request',
        `PNDM with Runge-Kutta steps (skip_prk_steps is false) needs at least ${PNDM_ORDER} steps, ` +
          `not ${numInferenceSteps}.`,
        { field: 'num_inference_steps', value: numInferenceSteps, minimum: PNDM_ORDER },
      );
    }
    this.numInferenceSteps = numInferenceSteps;
    this.counter = 0;
    this.outputs = [];
    this.startSample = undefined;
    this.outputSum = undefined;
    if (this.skipPrkSteps) {
      this.prkTimesteps = [];
      // The second timestep comes twice: PLMS begins with a correction of its first step, like Heun's.
      this.timesteps = [...plain.slice(0, 1), ...plain.slice(1, 2), ...plain.slice(1)];
    } else {
      this.prkTimesteps = prkTimesteps(plain, Math.floor(this.stride / 2));
      this.timesteps = [...this.prkTimesteps, ...plain.slice(3)];
    }
  }

  override step(modelOutput: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const previous =
      this.counter < this.prkTimesteps.length
        ? this.stepPrk(modelOutput, timestep, sample)
        : this.stepPlms(modelOutput, timestep, sample);
    this.counter++;
    return previous;
  }

  private get stride(): number {
    return Math.floor(this.numTrainTimesteps / this.numInferenceSteps);
  }

  private stepPrk(output: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    const call = this.counter % CALLS_PER_PRK_STEP;
    const previous = timestep - (this.counter % 2 === 0 ? Math.floor(this.stride / 2) : 0);
    const start = this.prkTimesteps[this.counter - call]!;
    let direction = output;
    if (call === 0) {
      this.outputSum = scale(1 / 6, output);
      this.outputs.push(output);
      this.startSample = sample;
    } else if (call < CALLS_PER_PRK_STEP - 1) {
      this.outputSum = weightedSum([1, this.outputSum ?? output], [1 / 3, output]);
    } else {
      direction = weightedSum([1, this.outputSum ?? output], [1 / 6, output]);
    }
    return this.previousSample(this.startSample ?? sample, start, previous, direction);
  }

  private stepPlms(output: Float32Array, timestep: number, sample: Float32Array): Float32Array {
    if (this.skipPrkSteps && this.counter === 1) {
      // The second call repeats the first step with the mean of both outputs.
      const first = this.outputs[this.outputs.length - 1] ?? output;
      const mean = divide(weightedSum([1, output], [1, first]), 2);
      const start = this.startSample ?? sample;
      this.startSample = undefined;
      return this.previousSample(start, timestep + this.stride, timestep, mean);
    }
    this.outputs = [...this.outputs.slice(-3), output];
    if (this.counter === 0) this.startSample = sample;
    return this.previousSample(
      sample,
      timestep,
      timestep - this.stride,
      adamsBashforth(this.outputs),
    );
  }

  /** Formula 9 of the paper. */
  private previousSample(
    sample: Float32Array,
    timestep: number,
    previous: number,
    output: Float32Array,
  ): Float32Array {
    const alpha = this.alphaAt(timestep);
    const previousAlpha = previous >= 0 ? this.alphaAt(previous) : this.finalAlpha;
    const beta = f32(1 - alpha);
    const previousBeta = f32(1 - previousAlpha);
    const epsilon = predictedNoise(
      this.predictionType,
      output,
      sample,
      f32(Math.sqrt(alpha)),
      f32(Math.sqrt(beta)),
    );
    const sampleWeight = Math.sqrt(f32(previousAlpha / alpha));
    const denominator = f32(
      f32(alpha * f32(Math.sqrt(previousBeta))) +
        f32(Math.sqrt(f32(f32(alpha * beta) * previousAlpha))),
    );
    const move = divide(scale(f32(previousAlpha - alpha), epsilon), denominator);
    return weightedSum([sampleWeight, sample], [-1, move]);
  }
}

/** The Runge-Kutta timesteps of the first three steps: each with its half-way point, twice. */
function prkTimesteps(plain: readonly number[], half: number): number[] {
  const ascending = plain.slice(0, PNDM_ORDER).reverse();
  const withHalves = ascending.flatMap((timestep) => [timestep, timestep + half]).slice(0, -1);
  return withHalves
    .flatMap((timestep) => [timestep, timestep])
    .slice(1, -1)
    .reverse();
}

/** The linear multistep combination of the latest one to four outputs, oldest first. */
function adamsBashforth(outputs: readonly Float32Array[]): Float32Array {
  const [a, b, c, d] = [...outputs].reverse();
  if (!a) throw new EaselError('internal', 'The multistep method has no network output.');
  if (!b) return a;
  if (!c) return divide(weightedSum([3, a], [-1, b]), 2);
  if (!d) return divide(weightedSum([23, a], [-16, b], [5, c]), 12);
  return scale(1 / 24, weightedSum([55, a], [-59, b], [37, c], [-9, d]));
}
