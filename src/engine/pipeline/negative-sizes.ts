import { EaselError } from '../../core/errors';
import type { Model, NegativeSizes } from '../model/model';

const FIELDS = ['negativeOriginalSize', 'negativeTargetSize', 'negativeCropTopLeft'] as const;

/**
 * Refuses what is to be told of the negative prompt's image where diffusers' pipeline does not tell it.
 * @param startsFromNoise whether there is no initial image
 * @throws EaselError `bad-request`, with the field
 */
export function checkNegativeSizes(
  asked: NegativeSizes,
  { id, takesImage }: Pick<Model, 'id' | 'takesImage'>,
  startsFromNoise: boolean,
): void {
  const field = FIELDS.find((name) => asked[name] !== undefined);
  if (field === undefined) return;
  if (takesImage) {
    throw new EaselError(
      'bad-request',
      `${id} edits an image by words, and is told the same sizes for both prompts. Leave ${field} out.`,
      { field, model: id },
    );
  }
  if (!startsFromNoise || (asked.negativeOriginalSize && asked.negativeTargetSize)) return;
  throw new EaselError(
    'bad-request',
    `Without an initial image, ${field} counts only where both negativeOriginalSize and negativeTargetSize are given, as in diffusers. Give both, or neither.`,
    { field },
  );
}
