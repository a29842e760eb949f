import { EaselError } from '../../../core/errors';
import type { AskedConditions, Model } from '../model';

/** What Stable Diffusion XL alone can do, and why another model cannot. */
const OF_XL = {
  originalSize: 'is not told it',
  targetSize: 'is not told it',
  cropTopLeft: 'is not told it',
  negativeOriginalSize: 'is not told it',
  negativeTargetSize: 'is not told it',
  negativeCropTopLeft: 'is not told it',
  denoisingStart: 'has no pipeline in diffusers that does it',
  denoisingEnd: 'has no pipeline in diffusers that does it',
} as const;

/**
 * Refuses what only Stable Diffusion XL or its refiner can do, for another model.
 * @throws EaselError `bad-request`, naming the field and the model
 */
export function refuseUnknownConditions(
  { id, isXl, refines }: Pick<Model, 'id' | 'isXl' | 'refines'>,
  asked: Omit<AskedConditions, 'clipSkip'>,
): void {
  const refuse = (field: keyof typeof asked, message: string) => {
    throw new EaselError('bad-request', `${field} is for ${message}`, { field, model: id });
  };
  for (const [field, why] of Object.entries(OF_XL)) {
    const name = field as keyof typeof OF_XL;
    if (isXl || asked[name] === undefined) continue;
    refuse(name, `Stable Diffusion XL, and ${id} ${why}. Leave it out, or choose an SDXL model.`);
  }
  for (const field of ['aestheticScore', 'negativeAestheticScore'] as const) {
    if (refines || asked[field] === undefined) continue;
    refuse(
      field,
      `refiners, and ${id} is not told it. Leave it out, or give a refiner (--refiner).`,
    );
  }
}
