import { EaselError } from '../../core/errors';
import type { GenerationRequest } from '../../core/request/request';
import type { Model } from '../model/model';

/** Fields that are about keeping or enlarging parts of an image, which a model that edits by words does not do. */
const NOT_FOR_EDITING = ['mask', 'outpaint', 'hires'] as const;

type AskedEdit = Pick<
  GenerationRequest,
  'initImage' | 'imageGuidanceScale' | (typeof NOT_FOR_EDITING)[number]
>;

/**
 * Refuses a request without an image where the model edits one, and what only such models take elsewhere.
 * @throws EaselError `bad-request`, with the field
 */
export function checkEditing(asked: AskedEdit, model: Pick<Model, 'id' | 'takesImage'>): void {
  if (!model.takesImage) {
    if (asked.imageGuidanceScale === undefined) return;
    throw refused(
      'imageGuidanceScale',
      `imageGuidanceScale is for models that edit an image by words, and ${model.id} is not one. ` +
        'Leave it out, or choose such a model.',
    );
  }
  if (!asked.initImage) {
    throw refused(
      'initImage',
      'This model edits an image by words: it needs an initial image. Give one, or use another model to draw a new image.',
    );
  }
  const field = NOT_FOR_EDITING.find((name) => asked[name] !== undefined);
  if (field === undefined) return;
  throw refused(
    field,
    `This model edits a whole image by words, and does not take ${field}. Leave it out, or use another model.`,
  );
}

/** What of the request a model that edits by words does not use. */
export function editingNotes(
  { strength }: Pick<GenerationRequest, 'strength'>,
  { takesImage }: Pick<Model, 'takesImage'>,
): string[] {
  if (!takesImage || strength === undefined) return [];
  return [
    'This model edits by words and has no strength: it is not used. How closely the image is followed is imageGuidanceScale.',
  ];
}

function refused(field: string, message: string): EaselError {
  return new EaselError('bad-request', message, { field });
}
