import { EaselError } from '../../../errors';
import { linspace, roundHalfEven } from '../math/numpy';
import { type SchedulerConfig, unsupported } from './config';

/** Table 2 of arXiv 2305.08891, diffusers' `timestep_spacing`. */
const SPACINGS = ['linspace', 'leading', 'trailing'] as const;

export type TimestepSpacing = (typeof SPACINGS)[number];

/** The fields that place the timesteps, which every diffusion scheduler but LCM reads. */
export interface Spacing {
  readonly kind: TimestepSpacing;
  readonly stepsOffset: number;
  readonly numTrainTimesteps: number;
}

export function readSpacing(config: SchedulerConfig, fallback: TimestepSpacing): Spacing {
  return {
    kind: config.choice('timestep_spacing', SPACINGS, fallback),
    stepsOffset: config.integer('steps_offset', 0, 0),
    numTrainTimesteps: config.trainTimesteps(),
  };
}

/** @throws EaselError `bad-request` unless it is a whole number of at least 1 (and at most `maximum`). */
export function checkStepCount(numInferenceSteps: number, maximum = Infinity): void {
  if (!Number.isInteger(numInferenceSteps) || numInferenceSteps < 1) {
    throw new EaselError(
      'bad-request',
      `The number of steps must be a whole number of at least 1, not ${numInferenceSteps}.`,
      { field: 'num_inference_steps', value: numInferenceSteps },
    );
  }
  if (numInferenceSteps > maximum) {
    throw new EaselError(
      'bad-request',
      `This scheduler takes at most ${maximum} steps, not ${numInferenceSteps}.`,
      { field: 'num_inference_steps', value: numInferenceSteps, maximum },
    );
  }
}

/** Whole timesteps, descending, as DDIM, DDPM and PNDM place them. */
export function wholeTimesteps(spacing: Spacing, count: number): number[] {
  const { kind, numTrainTimesteps, stepsOffset } = spacing;
  switch (kind) {
    case 'linspace':
      return linspace(0, numTrainTimesteps - 1, count)
        .map(roundHalfEven)
        .reverse();
    case 'leading':
      return leading(Math.floor(numTrainTimesteps / count), count, stepsOffset);
    case 'trailing':
      return trailing(numTrainTimesteps, numTrainTimesteps / count);
  }
}

/**
 * Timesteps, descending, that linspace leaves fractional: Euler, LMS, Heun, DPM2.
 * @param type in which diffusers keeps them
 */
export function fractionalTimesteps(
  spacing: Spacing,
  count: number,
  type: 'float32' | 'float64' = 'float32',
): number[] {
  if (spacing.kind !== 'linspace') return wholeTimesteps(spacing, count);
  const timesteps = linspace(0, spacing.numTrainTimesteps - 1, count).reverse();
  return type === 'float32' ? timesteps.map(Math.fround) : timesteps;
}

/**
 * Whole timesteps, descending, as DPM-Solver and UniPC place them: one more than asked for, the last dropped.
 * @param lastTimestep how many of the training timesteps are used, from 0 up
 */
export function solverTimesteps(spacing: Spacing, count: number, lastTimestep: number): number[] {
  switch (spacing.kind) {
    case 'linspace':
      return linspace(0, lastTimestep - 1, count + 1)
        .map(roundHalfEven)
        .reverse()
        .slice(0, -1);
    case 'leading': {
      const ratio = Math.floor(lastTimestep / (count + 1));
      return leading(ratio, count + 1, spacing.stepsOffset).slice(0, -1);
    }
    case 'trailing':
      return trailing(lastTimestep, spacing.numTrainTimesteps / count);
  }
}

/** The schedule that a model was distilled on, evenly spaced in the training timesteps: LCM and TCD. */
export interface Distillation {
  readonly numTrainTimesteps: number;
  readonly originalSteps: number;
}

/** Reads `original_inference_steps`. */
export function readDistillation(config: SchedulerConfig, numTrainTimesteps: number): Distillation {
  const originalSteps = config.integer('original_inference_steps', 50, 1);
  if (originalSteps > numTrainTimesteps) {
    const why = `num_train_timesteps is ${numTrainTimesteps}`;
    throw unsupported('original_inference_steps', originalSteps, why);
  }
  return { numTrainTimesteps, originalSteps };
}

/**
 * `count` of the timesteps that the model was distilled on, the largest first.
 * @param strength the share of them that image to image uses, 0 to 1
 * @throws EaselError `bad-request` if there are not as many
 */
export function distilledTimesteps(
  { numTrainTimesteps, originalSteps }: Distillation,
  count: number,
  strength = 1,
): number[] {
  const available = Math.floor(originalSteps * strength);
  checkStepCount(count);
  if (count > available || available > numTrainTimesteps) {
    throw new EaselError(
      'bad-request',
      `This scheduler has ${available} distillation steps at strength ${strength}, so it takes at most ` +
        `that many steps, not ${count}.`,
      { field: 'num_inference_steps', value: count, maximum: available },
    );
  }
  const stride = Math.floor(numTrainTimesteps / originalSteps);
  const skip = available / count;
  return Array.from({ length: count }, (_, i) => (available - Math.floor(i * skip)) * stride - 1);
}

function leading(ratio: number, count: number, offset: number): number[] {
  return Array.from({ length: count }, (_, i) => (count - 1 - i) * ratio + offset);
}

/** `np.arange(start, 0, -ratio).round() - 1`, with numpy's length (which may be one too long) and steps. */
function trailing(start: number, ratio: number): number[] {
  const step = start - ratio - start;
  return Array.from(
    { length: Math.ceil(start / ratio) },
    (_, i) => roundHalfEven(start + i * step) - 1,
  );
}
