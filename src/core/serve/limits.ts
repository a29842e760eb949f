import { EaselError } from '../errors';
import type { Size } from '../image/resize';
import type { GenerationRequestInput } from '../request/request';

/** Where a server is, unless its user says otherwise. The port is AUTOMATIC1111's, where its clients look first. */
export const DEFAULT_ADDRESS = { host: '127.0.0.1', port: 7860 } as const;

/** What one request of a client may ask for at most. */
export interface ServeLimits {
  /** Pixels of the longer side of an image. */
  readonly maxSize: number;
  /** Images of one request. */
  readonly maxImages: number;
  /** Denoising steps. */
  readonly maxSteps: number;
  /** Requests that draw or wait. */
  readonly maxQueue: number;
  /** Bytes of a request's body. */
  readonly maxBodyBytes: number;
}

export const DEFAULT_LIMITS: ServeLimits = {
  maxSize: 2048,
  maxImages: 10,
  maxSteps: 150,
  maxQueue: 32,
  maxBodyBytes: 32 * 2 ** 20,
};

/**
 * Refuses what the server's owner does not allow.
 * @throws EaselError `bad-request` that names the limit, and the option that sets it
 */
export function requireWithinLimits(request: GenerationRequestInput, limits: ServeLimits): void {
  const { width, height, fit, hires, numImages = 1, steps = 0 } = request;
  const scale = hires ? (hires.scale ?? 2) : 1;
  const drawn = Math.max(width ?? 0, height ?? 0) * scale;
  const side = Math.ceil(Math.max(drawn, fit?.width ?? 0, fit?.height ?? 0));
  const wrong = [
    sizeLimit(side, limits),
    countLimit(numImages, limits),
    limit('steps', Math.max(steps, hires?.steps ?? 0), limits.maxSteps, 'steps', '--max-steps'),
  ].find((error) => error !== undefined);
  if (wrong) throw wrong;
}

/**
 * Refuses to make images larger than the server's owner allows, or too many.
 * @param sizes of the results, in pixels
 * @throws EaselError as `requireWithinLimits`
 */
export function requireSizesWithinLimits(sizes: readonly Size[], limits: ServeLimits): void {
  const side = Math.max(...sizes.flatMap(({ width, height }) => [width, height]));
  const wrong = countLimit(sizes.length, limits) ?? sizeLimit(Math.ceil(side), limits);
  if (wrong) throw wrong;
}

/**
 * Refuses to make more control images than images, or any that has more pixels than a square of the longest side.
 * @param field for the message: what says how large they are
 * @throws EaselError as `requireWithinLimits`
 */
export function requireAreasWithinLimits(
  field: string,
  sizes: readonly Size[],
  limits: ServeLimits,
): void {
  const { maxSize } = limits;
  const wrong = countLimit(sizes.length, limits);
  if (wrong) throw wrong;
  const large = sizes.find(({ width, height }) => width * height > maxSize ** 2);
  if (!large) return;
  throw new EaselError(
    'bad-request',
    `${field}: a control image would have ${large.width} × ${large.height} pixels, and this server makes at most ${maxSize} × ${maxSize}. Its owner can change that with --max-size.`,
    { field, limit: maxSize },
  );
}

function countLimit(count: number, { maxImages }: ServeLimits): EaselError | undefined {
  return limit('n', count, maxImages, 'images', '--max-images');
}

function sizeLimit(side: number, { maxSize }: ServeLimits): EaselError | undefined {
  return limit('size', side, maxSize, 'pixels a side', '--max-size');
}

function limit(
  field: string,
  asked: number,
  most: number,
  unit: string,
  option: string,
): EaselError | undefined {
  if (asked <= most) return undefined;
  return new EaselError(
    'bad-request',
    `${field}: this server takes at most ${most} ${unit}, not ${asked}. Its owner can change that with ${option}.`,
    { field, limit: most },
  );
}
