import { EaselError } from '../errors';
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
    limit('size', side, limits.maxSize, 'pixels a side', '--max-size'),
    limit('n', numImages, limits.maxImages, 'images', '--max-images'),
    limit('steps', Math.max(steps, hires?.steps ?? 0), limits.maxSteps, 'steps', '--max-steps'),
  ].find((error) => error !== undefined);
  if (wrong) throw wrong;
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
