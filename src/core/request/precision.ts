import { deviceLabel, deviceProfile, type DeviceName, type Precision } from '../devices';
import type { GenerationRequestInput } from './request';
import { isSmall } from './speed';

/** How a job is computed, and why. */
export interface PrecisionDecision {
  readonly precision: Precision;
  readonly reason: string;
}

/** What a processor's products of bytes are worth. */
export interface IntegerTrial {
  /** Whether the products are exact, also where sums of two products need 17 bits. */
  readonly exact: boolean;
  /** Whether they are much faster than float32. */
  readonly fast: boolean;
}

/** What draws the image of a request as diffusers does, without what was taken to be faster. */
export const EXACTLY = {
  precision: 'full',
  speed: 'exact',
  forecast: undefined,
  guidanceInterval: undefined,
  tokenDownsampling: undefined,
} as const satisfies Partial<GenerationRequestInput>;

/** The reason of a precision that the request names. */
export const ASKED_FOR = 'asked for';

/**
 * Why `auto` stays exact on a device, whatever its products of bytes are worth.
 * @param weightCount the denoiser's weights; undefined where they are fixed in an exported graph
 * @returns undefined where the products decide (`precisionByTrial`)
 */
export function exactReason(
  device: DeviceName,
  weightCount: number | undefined,
): string | undefined {
  if (!deviceProfile(device).precisions.includes('int8')) {
    return `the ${deviceLabel(device)} computes in float32`;
  }
  if (weightCount === undefined) return 'an exported graph is fixed';
  return isSmall(weightCount) ? 'a small model' : undefined;
}

/** What `auto` takes for a large model on a device that has int8. */
export function precisionByTrial({ exact, fast }: IntegerTrial): PrecisionDecision {
  if (!exact) return { precision: 'full', reason: 'products of bytes are not exact here' };
  return fast
    ? { precision: 'int8', reason: 'products of bytes are fast here' }
    : { precision: 'full', reason: 'products of bytes are not fast here' };
}

/** The precision that `auto` takes, for estimates. */
export function autoPrecision(
  device: DeviceName,
  weightCount: number | undefined,
  trial: IntegerTrial,
): Precision {
  return exactReason(device, weightCount) === undefined
    ? precisionByTrial(trial).precision
    : 'full';
}

/**
 * The precision that differs a little from an exact image, where nobody has asked for it: only then is the
 * exact image offered.
 */
export function unaskedPrecision({ precision, reason }: PrecisionDecision): Precision | undefined {
  return precision === 'full' || reason === ASKED_FOR ? undefined : precision;
}
