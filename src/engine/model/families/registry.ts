import { EaselError } from '../../../core/errors';
import type { ModelLayout } from '../layouts/layout';
import type { ModelFamily } from '../model';
import { latentConsistency } from './latent-consistency';
import { stableDiffusion } from './stable-diffusion';
import { stableDiffusionXl } from './stable-diffusion-xl';

/** All families. */
const FAMILIES: readonly ModelFamily[] = [stableDiffusion, stableDiffusionXl, latentConsistency];

/**
 * The family of a model.
 * @throws EaselError `unsupported-model`; the message names the supported pipelines
 */
export function familyOf({ id, pipeline }: ModelLayout): ModelFamily {
  const family = FAMILIES.find(({ pipelines }) => pipelines.includes(pipeline));
  if (family) return family;
  const known = FAMILIES.flatMap(({ pipelines }) => pipelines).join(', ');
  throw new EaselError(
    'unsupported-model',
    `${id} is a ${pipeline}, which Easel does not support. Supported: ${known}.`,
    { pipeline },
  );
}
