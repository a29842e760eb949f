import { canBeTransparent, type ImageFormat } from '../../core/image/formats';
import type { Precision } from '../../core/devices';
import type { Recipe } from '../../core/recipe';
import { pickFields } from '../../core/request/fields';
import { LIMITS } from '../../core/request/fields/limits';
import { type GenerationRequestInput, randomSeed } from '../../core/request/request';
import type { RequestSettings } from '../../core/request/settings';
import { LOCAL_FIELDS, recipeRequest } from '../drawing/recipe-request';

/** Settings that leave the choice to the model where they are not set, and so change a recipe only where they are. */
const CHOSEN_FIELDS = ['steps', 'guidanceScale', 'width', 'height'] as const;
/** How exactly an image is drawn belongs to the recipe as long as the model is the same. */
const EXACTNESS = ['precision', 'speed'] as const;

/**
 * The request of *Vary*: the recipe, with another seed and, for a model that composes, the next variation.
 * @param values the settings of this machine
 * @param format of the new file
 */
export function variedRequest(
  recipe: Recipe,
  values: RequestSettings,
  format: ImageFormat,
): GenerationRequestInput {
  const before = recipeRequest(recipe, values, format);
  const variation = ((before.variation ?? 0) + 1) % (LIMITS.variation.max + 1);
  return { ...before, seed: randomSeed(), variation };
}

/**
 * The request of *Draw Again*: the words and the seed of the recipe, with the model and the settings of
 * now. Steps, guidance, scheduler and adapters belong to the recipe's model: another one takes its own.
 */
export function drawAgainRequest(
  recipe: Recipe,
  values: RequestSettings,
  format: ImageFormat,
): GenerationRequestInput {
  const asked = recipeRequest(recipe, values, format);
  const chosen = CHOSEN_FIELDS.filter((field) => values[field] !== undefined);
  const now = {
    model: values.model,
    transparent: (asked.transparent === true || values.transparent) && canBeTransparent(format),
  };
  if (asked.model === values.model) {
    const size = asked.fit && { width: asked.width, height: asked.height };
    return { ...asked, ...pickFields(values, chosen), ...size, ...now };
  }
  const { prompt, negativePrompt, style, promptSyntax, wildcards, seed, width, height } = asked;
  const words = { prompt, negativePrompt, style, promptSyntax, wildcards, seed };
  const fit = asked.fit ?? (width && height ? { width, height } : undefined);
  const settings = chosen.filter((field) => field !== 'width' && field !== 'height');
  return {
    ...words,
    ...pickFields(values, LOCAL_FIELDS),
    ...pickFields(values, EXACTNESS),
    ...pickFields(values, settings),
    ...(fit && { fit }),
    format,
    ...now,
  };
}

/**
 * The precision that differs a little from an exact image, where the recipe asks for it and the settings do not: it
 * can be what was taken to be faster when the recipe was written.
 */
export function precisionOfRecipe(
  { precision = 'auto' }: GenerationRequestInput,
  values: RequestSettings,
): Precision | undefined {
  const isExact = precision === 'auto' || precision === 'full';
  return isExact || precision === values.precision ? undefined : precision;
}

/** Whether *Draw Again* can give another image: the model or a setting is another one than the recipe's. */
export function isOutdated(recipe: Recipe, values: RequestSettings, format: ImageFormat): boolean {
  // A recipe of another tool names no model of this machine.
  if (recipe.request.model === undefined) return true;
  const before = recipeRequest(recipe, values, format);
  const after = drawAgainRequest(recipe, values, format);
  return (['model', 'transparent', ...CHOSEN_FIELDS] as const).some(
    (field) => before[field] !== after[field],
  );
}
