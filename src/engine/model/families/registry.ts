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
      `${id} needs the ${named} of diffusers.${adviceFor(pipeline)}`,
    { pipeline: named },
  );
}

/** What does the same with what Easel has: diffusers' pipelines that make images larger have UNets of other kinds. */
function adviceFor(pipeline: string): string {
  if (!/^StableDiffusion(Latent)?UpscalePipeline$/.test(pipeline)) return '';
  return ' To make images larger, use an upscaler of the ESRGAN family: --upscale MODEL, or easel upscale FILE.';
}
