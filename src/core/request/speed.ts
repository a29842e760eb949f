import { ForecastSchema } from '../diffusion/forecast';
import * as v from 'valibot';
import { REQUEST_FIELDS } from './fields';
import type { GenerationRequest } from './request';

/** The fields that a choice of speed fills. */
export type SpeedFields = Pick<
  GenerationRequest,
  'precision' | 'forecast' | 'guidanceInterval' | 'tokenDownsampling'
>;

/** Networks with fewer weights than this are fast in any way, and stay as exact as they can be. */
export const LARGE_NETWORK = 100_000_000;

/** What `fast` takes for large models; bench/README.md has the time and the difference of each. */
const FAST = {
  forecast: v.getDefaults(ForecastSchema) as v.InferOutput<typeof ForecastSchema>,
  guidanceInterval: { start: 0, end: 0.8 },
  tokenDownsampling: 2,
} as const;

/**
 * A request with the fields that its speed stands for, where they are at their defaults.
 * @param weightCount of the denoiser; undefined for exported graphs, which are as they are
 */
export function applySpeed<Request extends SpeedFields & Pick<GenerationRequest, 'speed'>>(
  request: Request,
  weightCount: number | undefined,
): Request {
  const { speed, precision, forecast, guidanceInterval, tokenDownsampling } = request;
  if (speed === 'exact') {
    return { ...request, precision: precision === 'auto' ? 'full' : precision };
  }
  if (speed !== 'fast' || (weightCount !== undefined && weightCount < LARGE_NETWORK))
    return request;
  const isOpen = tokenDownsampling === REQUEST_FIELDS.tokenDownsampling.default;
  return {
    ...request,
    forecast: forecast ?? FAST.forecast,
    guidanceInterval: guidanceInterval ?? FAST.guidanceInterval,
    // The attention of an exported graph cannot be changed.
    ...(isOpen && weightCount !== undefined && { tokenDownsampling: FAST.tokenDownsampling }),
  };
}
