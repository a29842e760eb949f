import { deviceProfile, type AttentionKind, type DeviceName, type Precision } from '../devices';
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

/** What float16 is worth on a device. */
export interface HalfTrial {
  /** Whether a network in float16 computes what it computes in float32, but for rounding. */
  readonly half: boolean;
  /** Its speed in float16, as a multiple of that in float32; 0 where it is not right. */
  readonly halfSpeed: number;
  /** Why float16 is not right there; else empty. */
  readonly halfFault: string;
  /** The attention that is right in float16, and the faster one of two. Absent where the profile says it. */
  readonly halfAttention?: AttentionKind;
}

/** What the trials on this machine have shown. */
export interface PrecisionTrials {
  readonly devices: readonly ({ readonly device: DeviceName } & HalfTrial)[];
  /** What the processor's products of bytes are worth. */
  readonly integers: IntegerTrial;
}

/**
 * The trial of float16 is short, so small differences of speed say nothing. Where it is about as fast as float32, it
 * still halves the memory of the card.
 */
const SLOWER = 0.8;

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
 * Why `auto` stays exact for a model, on every device.
 * @param weightCount the denoiser's weights; undefined where they are fixed in an exported graph
 * @returns undefined where the trials decide (`precisionByHalf`, `precisionByIntegers`)
 */
export function exactReason(weightCount: number | undefined): string | undefined {
  if (weightCount === undefined) return 'an exported graph is fixed';
  return isSmall(weightCount) ? 'a small model' : undefined;
}

/** What `auto` takes for a large model on a device that has half. */
export function precisionByHalf({ half, halfSpeed, halfFault }: HalfTrial): PrecisionDecision {
  if (!half) return { precision: 'full', reason: `float16 does not work here: ${halfFault}` };
  return halfSpeed < SLOWER
    ? { precision: 'full', reason: 'float16 is slower than float32 here' }
    : { precision: 'half', reason: 'float16 is right here and not slower than float32' };
}

/** What `auto` takes for a large model on a device that has int8. */
export function precisionByIntegers({ exact, fast }: IntegerTrial): PrecisionDecision {
  if (!exact) return { precision: 'full', reason: 'products of bytes are not exact here' };
  return fast
    ? { precision: 'int8', reason: 'products of bytes are fast here' }
    : { precision: 'full', reason: 'products of bytes are not fast here' };
}

/**
 * What can be asked for on a device: what its profile has, without what its trial has shown to be wrong.
 * @param trials undefined while they are not known
 */
export function precisionsOf(
  device: DeviceName,
  trials: PrecisionTrials | undefined,
): readonly Precision[] {
  const trial = trials?.devices.find((one) => one.device === device);
  return deviceProfile(device).precisions.filter(
    (precision) => precision !== 'half' || !trial || trial.half,
  );
}

/** The precision that `auto` takes, for estimates. */
export function autoPrecision(
  device: DeviceName,
  weightCount: number | undefined,
  { devices, integers }: PrecisionTrials,
): Precision {
  if (exactReason(weightCount) !== undefined) return 'full';
  const { precisions } = deviceProfile(device);
  if (precisions.includes('int8')) return precisionByIntegers(integers).precision;
  const trial = devices.find((one) => one.device === device);
  return trial ? precisionByHalf(trial).precision : 'full';
}

/**
 * The precision that differs a little from an exact image, where nobody has asked for it: only then is the
 * exact image offered.
 */
export function unaskedPrecision({ precision, reason }: PrecisionDecision): Precision | undefined {
  return precision === 'full' || reason === ASKED_FOR ? undefined : precision;
}
