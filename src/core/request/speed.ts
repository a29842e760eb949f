import * as v from 'valibot';
import { ForecastSchema } from '../diffusion/forecast';
import { REQUEST_FIELDS } from './fields';
import type { GenerationRequest } from './request';

/** The fields that a choice of speed fills. */
export type SpeedFields = Pick<
  GenerationRequest,
  'precision' | 'forecast' | 'guidanceInterval' | 'tokenDownsampling'
>;

type AskedSpeed = SpeedFields &
  Pick<GenerationRequest, 'speed'> &
  Partial<Pick<GenerationRequest, 'pagScale'>>;

/** Networks with fewer weights than this are fast in any way. */
const LARGE_NETWORK = 100_000_000;

/**
 * Whether a network is so small that it is computed as exactly as it can be where nothing else is asked for.
 * @param weightCount undefined for exported graphs
 */
export function isSmall(weightCount: number | undefined): boolean {
  return weightCount !== undefined && weightCount < LARGE_NETWORK;
}

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
export function applySpeed<Request extends AskedSpeed>(
  request: Request,
  weightCount: number | undefined,
): Request {
  const { speed, precision, forecast, guidanceInterval, tokenDownsampling, pagScale = 0 } = request;
  if (speed === 'exact') {
    return { ...request, precision: precision === 'auto' ? 'full' : precision };
  }
  if (speed !== 'fast' || isSmall(weightCount)) return request;
  const isOpen = tokenDownsampling === REQUEST_FIELDS.tokenDownsampling.default;
  return {
    ...request,
    forecast: forecast ?? FAST.forecast,
    // With perturbed-attention guidance, all steps are guided.
    guidanceInterval: guidanceInterval ?? (pagScale > 0 ? undefined : FAST.guidanceInterval),
    // The attention of an exported graph cannot be changed.
    ...(isOpen && weightCount !== undefined && { tokenDownsampling: FAST.tokenDownsampling }),
  };
}
