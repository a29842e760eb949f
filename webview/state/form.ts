import * as v from 'valibot';
import { canBeTransparent } from '../../src/core/image/formats';
import type { RecipeRequest } from '../../src/core/recipe/index';
import { DEVICE_CHOICES } from '../../src/core/devices';
import {
  GenerationRequestSchema,
  LIMITS,
  type GenerationRequestInput,
} from '../../src/core/request/request';
import { applyStyle, StyleSchema } from '../../src/core/request/styles';
import type { ModelEntry } from '../../src/protocol/engine';
import type { RequestSummary, StudioSettings } from '../../src/protocol/studio';

const whole = (limits: { readonly min: number; readonly max: number }) =>
  v.pipe(v.number(), v.integer(), v.minValue(limits.min), v.maxValue(limits.max));

/** What a restored recipe can ask for that the page has no control for. */
const KEPT_FIELDS = [
  'promptSyntax',
  'wildcards',
  'guidanceRescale',
  'fit',
  'hires',
  'vaeTiling',
  'loras',
  'embeddings',
  'vae',
  'format',
] as const;
const AskedSchema = v.pick(GenerationRequestSchema, KEPT_FIELDS);
const KeptSchema = v.partial(AskedSchema);
export type Kept = Partial<Pick<GenerationRequestInput, (typeof KEPT_FIELDS)[number]>>;

/** What the person has set; what is absent is the model's own choice. */
const FormSchema = v.object({
  prompt: v.fallback(v.string(), ''),
  negativePrompt: v.fallback(v.string(), ''),
  /** Empty until the settings have said which. */
  model: v.fallback(v.string(), ''),
  width: v.fallback(v.optional(whole(LIMITS.size)), undefined),
  height: v.fallback(v.optional(whole(LIMITS.size)), undefined),
  steps: v.fallback(v.optional(whole(LIMITS.steps)), undefined),
  guidanceScale: v.fallback(v.optional(v.number()), undefined),
  seed: v.fallback(v.optional(whole(LIMITS.seed)), undefined),
  seedLocked: v.fallback(v.boolean(), false),
  numImages: v.fallback(whole({ min: 1, max: 100 }), 1),
  scheduler: v.fallback(v.string(), ''),
  device: v.fallback(v.picklist(DEVICE_CHOICES), 'auto'),
  strength: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.7),
  useSketch: v.fallback(v.boolean(), true),
  style: v.fallback(v.optional(StyleSchema), undefined),
  transparent: v.fallback(v.boolean(), false),
  kept: v.fallback(v.optional(KeptSchema), undefined),
  /** Whether the fold with the rarer settings is open. */
  more: v.fallback(v.boolean(), false),
});

export type Form = v.InferOutput<typeof FormSchema>;

/** A form from the page's saved state, field by field: what does not fit is left out. */
export function restoreForm(saved: unknown): Form {
  return v.parse(FormSchema, typeof saved === 'object' && saved !== null ? saved : {});
}

/** Takes the settings where the person has not chosen otherwise. */
export function withSettings(form: Form, settings: StudioSettings): Form {
  const device = DEVICE_CHOICES.find((choice) => choice === settings.device) ?? 'auto';
  return {
    ...form,
    model: settings.model,
    device,
    steps: settings.steps,
    guidanceScale: settings.guidanceScale,
    width: settings.width,
    height: settings.height,
    style: settings.styles.find(({ name }) => name === settings.style),
    transparent: settings.transparent,
  };
}

/** Follows the settings that were changed while the page was open, and no other. */
export function followSettings(form: Form, before: StudioSettings, settings: StudioSettings): Form {
  const next = withSettings(form, settings);
  if (settings.model !== before.model) return next;
  const fields = (['device', 'style', 'transparent'] as const).filter(
    (field) => settings[field] !== before[field],
  );
  if (fields.length === 0) return form;
  return { ...form, ...Object.fromEntries(fields.map((field) => [field, next[field]])) };
}

/** The form with every setting of a recipe, of whatever tool; what has no control is kept beside. */
export function withRequest(
  form: Form,
  request: RecipeRequest,
  { format: usual }: Pick<StudioSettings, 'format'>,
): Form {
  const { seed, scheduler = '', strength = form.strength, model = form.model } = request;
  const { steps, guidanceScale, width, height, style } = request;
  const defaults: Record<string, unknown> = { ...v.getDefaults(AskedSchema), format: usual };
  const kept = KEPT_FIELDS.filter((field) => {
    const value = request[field];
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(defaults[field]);
  }).map((field) => [field, request[field]] as const);
  return {
    ...form,
    prompt: request.prompt,
    negativePrompt: request.negativePrompt ?? '',
    ...{ model, seed, steps, guidanceScale, width, height, scheduler, strength, style },
    seedLocked: seed !== undefined,
    numImages: 1,
    transparent: request.transparent ?? false,
    kept: kept.length > 0 ? v.parse(KeptSchema, Object.fromEntries(kept)) : undefined,
  };
}

/** The form that draws a picture's recipe again, seed and all. */
export function withRecipe(form: Form, recipe: RequestSummary): Form {
  return {
    ...form,
    prompt: recipe.prompt,
    negativePrompt: recipe.negativePrompt,
    model: recipe.model || form.model,
    seed: recipe.seed,
    seedLocked: true,
    numImages: 1,
    steps: recipe.steps,
    guidanceScale: recipe.guidanceScale,
    width: recipe.width,
    height: recipe.height,
    scheduler: recipe.scheduler ?? '',
    strength: recipe.strength ?? form.strength,
    style: undefined,
    kept: undefined,
  };
}

export type Defaults = NonNullable<ModelEntry['defaults']>;

/** What is drawn with: the form over the model's own. Undefined where neither says. */
export function effective(form: Form, defaults: Defaults | undefined) {
  return {
    steps: form.steps ?? form.style?.steps ?? defaults?.steps,
    guidanceScale: form.guidanceScale ?? form.style?.guidanceScale ?? defaults?.guidanceScale,
    width: form.width ?? form.style?.width ?? defaults?.width,
    height: form.height ?? form.style?.height ?? defaults?.height,
  };
}

export interface SketchInput {
  readonly image: Uint8Array;
  readonly mask?: Uint8Array;
}

/** The request that the form stands for. An unlocked seed is drawn afresh by the host. */
export function toRequest(
  form: Form,
  sketch: SketchInput | undefined,
  { format: usual, metadata }: Pick<StudioSettings, 'format' | 'metadata'>,
): GenerationRequestInput {
  const format = form.kept?.format ?? usual;
  const request: GenerationRequestInput = {
    ...form.kept,
    prompt: form.prompt.trim(),
    negativePrompt: form.negativePrompt.trim(),
    model: form.model || 'starter',
    numImages: form.numImages,
    device: form.device,
    preview: true,
    ...{ format, metadata, transparent: form.transparent && canBeTransparent(format) },
    ...(form.steps !== undefined && { steps: form.steps }),
    ...(form.guidanceScale !== undefined && { guidanceScale: form.guidanceScale }),
    ...(form.width !== undefined && { width: form.width }),
    ...(form.height !== undefined && { height: form.height }),
    ...(form.scheduler && { scheduler: form.scheduler }),
    ...(form.seedLocked && form.seed !== undefined && { seed: form.seed }),
    ...(sketch && {
      initImage: sketch.image,
      strength: form.strength,
      ...(sketch.mask && { mask: sketch.mask }),
    }),
  };
  return form.style ? applyStyle(form.style, request) : request;
}
