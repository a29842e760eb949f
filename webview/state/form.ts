import * as v from 'valibot';
import { CompositionSchema } from '../../src/core/composition/composition';
import { isRecord } from '../../src/core/json';
import type { RecipeRequest } from '../../src/core/recipe/index';
import {
  FIELD_NAMES,
  pickFields,
  RECIPE_FIELDS,
  REQUEST_FIELDS,
  requestField,
  type FieldsWith,
  type RecipeField,
  type RequestFields,
} from '../../src/core/request/fields';
import type { FormControl } from '../../src/core/request/fields/field';
import { CONTROL_FIELDS, type ControlField } from '../../src/core/request/controls';
import type { GenerationRequest, GenerationRequestInput } from '../../src/core/request/request';
import { SETTING_FIELDS, type SettingField } from '../../src/core/request/settings';
import { StyleSchema } from '../../src/core/request/styles';
import type { ModelEntry } from '../../src/protocol/engine';
import type { RequestSummary, StudioSettings } from '../../src/protocol/studio';
import {
  additionOf,
  controlsOf,
  FIELD_ADDITION_NAMES,
  FIELD_ADDITIONS,
  fieldsOf,
  FIRST_VALUES,
  isDetail,
  type AddedDetail,
  type FieldAddition,
} from './field-additions';

/** A field of the request that the page has a control for. */
export type FormField = FieldsWith<{ form: FormControl }>;

export const FORM_FIELDS: readonly FormField[] = FIELD_NAMES.filter(
  (field): field is FormField => requestField(field).form !== undefined,
);

const isFormField = (field: string): field is FormField =>
  (FORM_FIELDS as readonly string[]).includes(field);

/**
 * A field of a recipe that the page has no control for, or whose control is in a card that the recipe does not add.
 * Those of the initial image and of control images are left out with them; the composition is the form's `changed`.
 */
type KeptField = Exclude<
  RecipeField,
  Exclude<FormField, AddedDetail> | 'composition' | ControlField | FieldsWith<{ ofInitImage: true }>
>;
export type Kept = Partial<Pick<GenerationRequestInput, KeptField>>;

const KEPT_FIELDS = RECIPE_FIELDS.filter(
  (field): field is KeptField =>
    (!isFormField(field) || isDetail(field)) &&
    field !== 'composition' &&
    !(CONTROL_FIELDS as readonly string[]).includes(field) &&
    !requestField(field).ofInitImage,
);

type KeptEntries = {
  readonly [Name in KeptField]: v.OptionalSchema<RequestFields[Name]['schema'], undefined>;
};
const KeptSchema = v.strictObject(
  Object.fromEntries(
    KEPT_FIELDS.map((field) => [field, v.optional(requestField(field).schema)]),
  ) as unknown as KeptEntries,
);

/** Each field's value in the form, where undefined is the model's own choice. */
type FieldEntries = {
  readonly [Name in FormField]: v.GenericSchema<unknown, GenerationRequest[Name]>;
};
const fieldEntries = Object.fromEntries(
  FORM_FIELDS.map((field) => {
    const { schema, default: usual } = requestField(field);
    return [field, v.fallback(v.optional(schema, usual), usual)];
  }),
) as unknown as FieldEntries;

/** What the menu *Add control* adds. */
const ADDITIONS = ['styleImage', 'loras', ...FIELD_ADDITION_NAMES] as const;
export type Addition = (typeof ADDITIONS)[number];

/** Characters of a kept image: one of 768 × 768 pixels has a fifth of them. */
const MOST_CHARACTERS = 2 ** 21;

/** An image to draw in the style of: the image prompt of an IP-Adapter. */
const StyleImageSchema = v.object({
  /** The image as a `data:` URL. */
  src: v.pipe(
    v.string(),
    v.maxLength(MOST_CHARACTERS),
    v.regex(/^data:image\/(webp|png|jpeg);base64,[A-Za-z0-9+/]+=*$/),
  ),
  /** Of its file, shown to the user. */
  name: v.string(),
});

/** What the user has set; what is absent is the model's own choice. */
const FormSchema = v.object({
  ...fieldEntries,
  prompt: v.fallback(v.string(), ''),
  /** Empty until the settings have said which. */
  model: v.fallback(v.string(), ''),
  /** With the settings that go with it. */
  style: v.fallback(v.optional(StyleSchema), undefined),
  seedLocked: v.fallback(v.boolean(), false),
  useSketch: v.fallback(v.boolean(), true),
  /** The image follows the lines of the sketch by a ControlNet; else it starts from the sketch. */
  followsLines: v.fallback(v.boolean(), false),
  /** The chosen ControlNet; absent: the one that suits a sketch best. */
  controlnet: v.fallback(v.optional(v.string()), undefined),
  /** How closely the lines are followed; absent: as `LINES_SCALE`. */
  linesScale: v.fallback(v.optional(v.number()), undefined),
  /** What is shown because the user has added it. */
  added: v.fallback(v.array(v.picklist(ADDITIONS)), []),
  /** The image is drawn in the style of this one, by an IP-Adapter. */
  styleImage: v.fallback(v.optional(StyleImageSchema), undefined),
  /** The chosen IP-Adapter; absent: the most general one. */
  ipAdapter: v.fallback(v.optional(v.string()), undefined),
  /** How much that image counts; absent: as `STYLE_SCALE`. */
  styleScale: v.fallback(v.optional(v.number()), undefined),
  /** The share of the denoising at which the refiner goes on; absent: as `BASE_SHARE`. */
  refinerFrom: v.fallback(v.optional(REQUEST_FIELDS.denoisingEnd.schema), undefined),
  /** What the user has changed of what the prompt says, and the prompt that they changed it for. */
  changed: v.fallback(
    v.optional(v.object({ composition: CompositionSchema, prompt: v.string() })),
    undefined,
  ),
  kept: v.fallback(v.optional(KeptSchema), undefined),
  /** Whether the fold with the rarer settings is open. */
  more: v.fallback(v.boolean(), false),
});

export type Form = v.InferOutput<typeof FormSchema>;

/** A form from the page's saved state, field by field: what does not fit is left out. */
export function restoreForm(saved: unknown): Form {
  return v.parse(FormSchema, isRecord(saved) ? saved : {});
}

export const NEW_FORM = restoreForm({});

/** Settings that have a control in the form, and those that have none. */
const SHOWN_SETTINGS = SETTING_FIELDS.filter((field): field is SettingField & FormField =>
  isFormField(field),
);
export const OTHER_SETTINGS = SETTING_FIELDS.filter((field) => !isFormField(field));

/** Takes the settings for the fields that the user has not changed. */
export function withSettings(form: Form, settings: StudioSettings): Form {
  return {
    ...form,
    ...pickFields(settings, SHOWN_SETTINGS),
    style: settings.styles.find(({ name }) => name === settings.style),
  };
}

/** Follows the settings that were changed while the page was open, and no other. */
export function followSettings(form: Form, before: StudioSettings, settings: StudioSettings): Form {
  const next = withSettings(form, settings);
  if (settings.model !== before.model) return next;
  // Steps, guidance and size go with the model, which is still the same.
  const own = SHOWN_SETTINGS.filter((field) => requestField(field).default !== undefined);
  const fields = [...own, 'style' as const].filter((field) => settings[field] !== before[field]);
  return fields.length === 0 ? form : { ...form, ...pickFields(next, fields) };
}

/** The form with every setting of a recipe, of whatever tool; what has no control is kept beside. */
export function withRequest(form: Form, request: RecipeRequest, settings: StudioSettings): Form {
  const { model = form.model, strength = form.strength, refiner, hires } = request;
  const shown = RECIPE_FIELDS.filter((field): field is RecipeField & FormField =>
    isFormField(field),
  );
  const given = shown.filter((field) => request[field] !== undefined);
  const next: Form = {
    ...form,
    ...pickFields(NEW_FORM, shown),
    // None of them is undefined.
    ...(pickFields(request, given) as Partial<Form>),
    hires: hires && v.parse(REQUEST_FIELDS.hires.schema, hires),
    refinerFrom: refiner === undefined ? undefined : request.denoisingEnd,
    model,
    strength,
    seedLocked: request.seed !== undefined,
    numImages: 1,
  };
  const more = addedBy(next, request);
  const usual: Readonly<Record<string, unknown>> = pickFields(settings, OTHER_SETTINGS);
  const kept = KEPT_FIELDS.filter((field) => {
    // The form has where the refiner begins, and what its card says.
    if (field === 'denoisingEnd' && refiner !== undefined) return false;
    if (isDetail(field) && more.added.some((one) => one === additionOf(field))) return false;
    const value = request[field];
    const otherwise = usual[field] ?? requestField(field).default;
    return value !== undefined && JSON.stringify(value) !== JSON.stringify(otherwise);
  });
  return {
    ...next,
    ...more,
    changed: request.composition && {
      composition: v.parse(CompositionSchema, request.composition),
      prompt: request.prompt,
    },
    kept: kept.length > 0 ? v.parse(KeptSchema, pickFields(request, kept)) : undefined,
  };
}

/** What a recipe adds to the form. The image of an IP-Adapter is not in it, and is to be chosen again. */
function addedBy(
  form: Form,
  { loras = [], ipAdapters = [], ipAdapterScale = [] }: RecipeRequest,
): Pick<Form, 'added' | 'loras' | 'styleImage' | 'ipAdapter' | 'styleScale'> {
  const styled = ipAdapters.length === 1;
  return {
    added: [
      ...(styled ? (['styleImage'] as const) : []),
      ...(loras.length > 0 ? (['loras'] as const) : []),
      ...FIELD_ADDITION_NAMES.filter((addition) => fieldsOf(addition).some((field) => JSON.stringify(form[field]) !== JSON.stringify(NEW_FORM[field]))), // prettier-ignore
    ],
    loras: v.parse(REQUEST_FIELDS.loras.schema, loras),
    styleImage: styled ? undefined : form.styleImage,
    ipAdapter: styled ? ipAdapters[0] : form.ipAdapter,
    styleScale: styled ? ipAdapterScale[0] : form.styleScale,
  };
}

/** The form that draws an image's recipe again, seed and all. */
export function withRecipe(form: Form, recipe: RequestSummary): Form {
  return {
    ...form,
    prompt: recipe.prompt,
    negativePrompt: recipe.negativePrompt,
    model: recipe.model || form.model,
    seed: recipe.seed,
    seedLocked: recipe.seed !== undefined,
    numImages: 1,
    steps: recipe.steps,
    guidanceScale: recipe.guidanceScale,
    width: recipe.width,
    height: recipe.height,
    scheduler: recipe.scheduler ?? '',
    strength: recipe.strength ?? form.strength,
    style: undefined,
    variation: recipe.variation ?? 0,
    ...withoutFields(form, FIELD_ADDITION_NAMES),
    added: [],
    loras: [],
    changed: undefined,
    kept: undefined,
  };
}

/** Shows the controls of an addition, with the values that they begin with; one that is shown keeps its own. */
export function withAddition(form: Form, addition: Addition): Partial<Form> {
  const added = [...form.added.filter((one) => one !== addition), addition];
  if (!isFieldAddition(addition) || form.added.includes(addition)) return { added };
  const first = { ...NEW_FORM, ...FIRST_VALUES, ...form.kept };
  return {
    ...pickFields(first, controlsOf(addition)),
    kept: keptWithout(form, [addition]),
    added,
  };
}

/** Removes additions that are fields of a request, with what of a recipe goes with them. */
export function withoutFields(form: Form, additions: readonly FieldAddition[]): Partial<Form> {
  return {
    ...pickFields(NEW_FORM, additions.flatMap(controlsOf)),
    added: form.added.filter((one) => !isFieldAddition(one) || !additions.includes(one)),
    kept: keptWithout(form, additions),
  };
}

/** What a recipe has brought, without what goes with these additions; undefined where nothing is left. */
function keptWithout(
  { kept }: Pick<Form, 'kept'>,
  additions: readonly FieldAddition[],
): Form['kept'] {
  const gone: readonly string[] = additions.flatMap(controlsOf);
  const left = Object.entries(kept ?? {}).filter(([field]) => !gone.includes(field));
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

function isFieldAddition(addition: Addition): addition is FieldAddition {
  return Object.hasOwn(FIELD_ADDITIONS, addition);
}

export type Defaults = NonNullable<ModelEntry['defaults']>;

/** What the sketch is for the next image. */
export interface SketchRole {
  /** Whether the image starts from it. */
  readonly isUsed: boolean;
  /** Whether a mask says which part of it is drawn anew. */
  readonly isMasked: boolean;
  /** The ControlNets that follow its lines. Absent: none. */
  readonly controlNets?: number;
}

/**
 * How much a drawing changes the sketch where the user has not said: what suits the model, unless a mask says
 * which part is to be drawn anew. At least one of few steps is left.
 */
export function usualStrength(
  form: Form,
  defaults: Defaults | undefined,
  isMasked: boolean,
): number {
  const { initial } = REQUEST_FIELDS.strength.form;
  // A model that composes draws the masked part as a thing of its own, from nothing.
  const masked = defaults?.composes === true ? 1 : initial;
  const usual = isMasked ? masked : (defaults?.sketchStrength ?? initial);
  const { steps } = effective(form, defaults);
  return steps === undefined ? usual : Math.max(usual, 1 / steps);
}

/** What is drawn with: the form over the model's own. Undefined where neither says. */
export function effective(form: Form, defaults: Defaults | undefined) {
  return {
    steps: form.steps ?? form.style?.steps ?? defaults?.steps,
    guidanceScale: form.guidanceScale ?? form.style?.guidanceScale ?? defaults?.guidanceScale,
    width: form.width ?? form.style?.width ?? defaults?.width,
    height: form.height ?? form.style?.height ?? defaults?.height,
  };
}

/** How closely the lines are followed where the user has not said: as diffusers does. */
export const LINES_SCALE = 1;
