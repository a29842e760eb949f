import { EaselError } from '../../core/errors';
import { findSampler, samplerLabel } from '../../core/recipe/samplers';
import { oneLine } from '../../core/shown-text';

export interface RemoteSampler {
  /** As the server writes it. */
  readonly sampler: string;
  readonly karras: boolean;
}

/**
 * A server's sampler for a scheduler as Easel names it, or as the server itself does.
 * @param samplers the server's
 * @throws EaselError `unknown-scheduler`, listing the server's
 */
export function chooseSampler(scheduler: string, samplers: readonly string[]): RemoteSampler {
  const same = samplers.find((name) => name.toLowerCase() === scheduler.toLowerCase());
  if (same !== undefined) return { sampler: same, karras: false };
  const { sampler, schedule } = samplerLabel(scheduler);
  const wanted = findSampler(sampler).scheduler;
  const found =
    wanted === undefined
      ? undefined
      : samplers.find((name) => findSampler(name).scheduler === wanted);
  if (found !== undefined) return { sampler: found, karras: schedule === 'Karras' };
  throw new EaselError(
    'unknown-scheduler',
    `The endpoint has no scheduler like ${oneLine(scheduler, 100)}. It has ${oneLine(samplers.join(', '), 500)}.`,
    { scheduler },
  );
}
