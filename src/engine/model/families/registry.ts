import { EaselError } from '../../../core/errors';
import type { ModelLayout } from '../layouts/layout';
import type { ModelFamily } from '../model';
import { latentConsistency } from './latent-consistency';
import { stableDiffusion } from './stable-diffusion';
import { stableDiffusionXl } from './stable-diffusion-xl';

/** All families. */
const FAMILIES: readonly ModelFamily[] = [stableDiffusion, stableDiffusionXl, latentConsistency];

/** Models of other architectures, by the beginning of their pipeline's class. */
const OTHER_FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^StableDiffusion3/, 'SD 3'],
  [/^Flux/, 'FLUX'],
  [/^PixArt/, 'PixArt'],
  [/^Kandinsky/, 'Kandinsky'],
  [/^StableCascade|^Wuerstchen/, 'Stable Cascade'],
  [/^Sana/, 'Sana'],
  [/^QwenImage/, 'Qwen-Image'],
];

/** The usual name of an architecture that Easel does not draw; undefined where it is not known. */
export function otherFamily(pipeline: string): string | undefined {
  return OTHER_FAMILIES.find(([pattern]) => pattern.test(pipeline))?.[1];
}

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
    `Easel draws Stable Diffusion 1, 2, XL, Turbo and LCM; ${otherFamily(pipeline) ?? named} is not one of them. ` +
      `${id} needs the ${named} of diffusers.`,
    { pipeline: named },
  );
}
