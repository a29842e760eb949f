import { EaselError } from '../../core/errors';
import type { Size } from '../../core/image/resize';
import type { GenerationRequest } from '../../core/request/request';
import type { Model, ModelUpscaling } from '../model/model';

/** What a model that makes an image larger does not take, and what does the same. */
const NOT_TAKEN = {
  mask: 'Leave it out, or fill masks with an inpainting model first.',
  outpaint: 'Leave it out, or grow the image with an inpainting model first.',
  hires: 'Leave it out: the model draws at its final size at once.',
} as const;

type AskedUpscaling = Pick<
  GenerationRequest,
  'initImage' | 'noiseLevel' | 'strength' | keyof typeof NOT_TAKEN
>;

type UpscalingModel = Pick<Model, 'id' | 'upscaling'>;

/**
 * Refuses a request without an image where the model makes one larger, and what such models do not take; elsewhere
 * what only they take.
 * @throws EaselError `bad-request`, with the field
 */
export function checkSuperResolution(
  asked: AskedUpscaling,
  { id, upscaling }: UpscalingModel,
): void {
  const refuse = (field: string, message: string) =>
    new EaselError('bad-request', message, { field, model: id });
  const levels = upscaling?.noiseLevel;
  if (!levels && asked.noiseLevel !== undefined) {
    throw refuse(
      'noiseLevel',
      `noiseLevel is for models that add noise to an image which they make larger, such as Stable Diffusion x4 Upscaler, and ${id} is not one. Leave it out, or choose such a model.`,
    );
  }
  if (!upscaling) return;
  if (!asked.initImage) {
    throw refuse(
      'initImage',
      `${id} makes an image ${upscaling.factor} times as large: it needs an initial image. Give one, or use another model to draw a new image.`,
    );
  }
  for (const [field, advice] of Object.entries(NOT_TAKEN)) {
    if (asked[field as keyof typeof NOT_TAKEN] === undefined) continue;
    throw refuse(field, `${id} makes a whole image larger, and does not take ${field}. ${advice}`);
  }
  if (levels && asked.noiseLevel !== undefined && asked.noiseLevel > levels.largest) {
    throw refuse(
      'noiseLevel',
      `noiseLevel ${asked.noiseLevel} is too large for ${id}: at most ${levels.largest}.`,
    );
  }
}

/** What of the request a model that makes images larger does not use. */
export function superResolutionNotes(
  { strength }: Pick<GenerationRequest, 'strength'>,
  { upscaling }: Pick<Model, 'upscaling'>,
): string[] {
  if (!upscaling || strength === undefined) return [];
  const instead = upscaling.noiseLevel
    ? 'How much it may change of the image is noiseLevel.'
    : 'It keeps the image as far as it can.';
  return [`This model makes images larger and has no strength: it is not used. ${instead}`];
}

/** The size of the image that becomes one of this size, in pixels. */
export function smallSize(
  { upscaling }: { readonly upscaling: ModelUpscaling | undefined },
  { width, height }: Size,
): Size {
  const factor = upscaling?.factor ?? 1;
  return { width: width / factor, height: height / factor };
}
