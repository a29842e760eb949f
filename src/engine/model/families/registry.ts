import { EaselError } from '../../../core/errors';
import type { ModelLayout } from '../layouts/layout';
import type { ModelFamily } from '../model';
import { DRAWS, familyOfClass } from '../other-families';
import { latentConsistency } from './latent-consistency';
import { stableDiffusion } from './stable-diffusion';
import { stableDiffusionXl } from './stable-diffusion-xl';

/** All families. */
const FAMILIES: readonly ModelFamily[] = [stableDiffusion, stableDiffusionXl, latentConsistency];

/**
 * The family of a model.
 * @throws EaselError `unsupported-model`; the message names the supported models
 */
export function familyOf({ id, pipeline }: ModelLayout): ModelFamily {
  const family = FAMILIES.find(({ pipelines }) => pipelines.includes(pipeline));
  if (family) return family;
  // The class comes from a downloaded file.
  const named = /^\w{1,80}$/.test(pipeline) ? pipeline : 'unknown pipeline';
  throw new EaselError(
    'unsupported-model',
    `${DRAWS}; ${familyOfClass(pipeline) ?? named} is not one of them. ` +
      `${id} needs the ${named} of diffusers.`,
    { pipeline: named },
  );
}
