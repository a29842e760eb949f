import { EaselError } from '../../../core/errors';
import type { ModelLayout } from '../layouts/layout';
import type { ModelFamily } from '../model';
import { DRAWS, familyOfClass } from '../other-families';
import { latentConsistency } from './latent-consistency';
import { stableDiffusion } from './stable-diffusion';
import { stableDiffusionLatentUpscale } from './stable-diffusion-latent-upscale';
import { stableDiffusionUpscale } from './stable-diffusion-upscale';
import { stableDiffusionXl } from './stable-diffusion-xl';

/** All families. */
const FAMILIES: readonly ModelFamily[] = [
  stableDiffusion,
  stableDiffusionXl,
  latentConsistency,
  stableDiffusionUpscale,
  stableDiffusionLatentUpscale,
];

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

/** What does the same with what Easel has, by diffusers' pipelines whose UNets are of other kinds. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /^StableDiffusionDepth2ImgPipeline$/,
    'To keep the depths of an image, use a ControlNet or a T2I-Adapter for depth with another model: --controlnet MODEL --control-image FILE.',
  ],
  [
    /^(StableUnCLIP(Img2Img)?|UnCLIP(ImageVariation)?|StableDiffusionImageVariation)Pipeline$/,
    'To draw images like another one, use an IP-Adapter with another model: --ip-adapter MODEL --ip-adapter-image FILE.',
  ],
];

function adviceFor(pipeline: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(pipeline))?.[1];
  return advice === undefined ? '' : ` ${advice}`;
}
