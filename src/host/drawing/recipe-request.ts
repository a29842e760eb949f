import { canBeTransparent, type ImageFormat } from '../../core/image/formats';
import type { Recipe } from '../../core/recipe';
import { CONTROL_FIELDS } from '../../core/request/controls';
import { pickFields, requestField } from '../../core/request/fields';
import type { GenerationRequestInput } from '../../core/request/request';
import { type RequestSettings, SETTING_FIELDS } from '../../core/request/settings';

/** How an image is drawn and delivered here, which no recipe tells. */
export const LOCAL_FIELDS = SETTING_FIELDS.filter((field) => requestField(field).recipe === false);

/** The recipe's request as far as this machine and the file's format allow. */
export function recipeRequest(
  { request }: Recipe,
  values: RequestSettings,
  format: ImageFormat,
): GenerationRequestInput {
  return {
    ...request,
    ...pickFields(values, LOCAL_FIELDS),
    // What it was drawn from is not in the file, so it is drawn from its words.
    strength: undefined,
    imageGuidanceScale: undefined,
    noiseLevel: undefined,
    outpaint: undefined,
    ...Object.fromEntries(CONTROL_FIELDS.map((field) => [field, undefined])),
    model: request.model ?? values.model,
    format,
    transparent: request.transparent === true && canBeTransparent(format),
  };
}
