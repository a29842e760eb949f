import {
  FIELD_NAMES,
  requestField,
  type FieldName,
  type FieldsWith,
} from '../../src/core/request/fields';

/**
 * What *Add control* adds that are fields of a request, in the order of the menu: the fields of the form that make up
 * each, and those that say more about it and mean nothing without it.
 */
export const FIELD_ADDITIONS = {
  hires: { fields: ['hires'], details: ['hiresUpscaler'] },
  seamless: { fields: ['seamless'], details: [] },
  variations: { fields: ['variationStrength', 'variationSeed'], details: [] },
  refiner: {
    fields: ['refiner', 'refinerFrom'],
    details: ['aestheticScore', 'negativeAestheticScore'],
  },
  secondPrompts: { fields: ['prompt2', 'negativePrompt2'], details: [] },
  pag: { fields: ['pagScale', 'pagAdaptiveScale'], details: ['pagAppliedLayers'] },
  freeu: { fields: ['freeu'], details: [] },
  guidanceRescale: { fields: ['guidanceRescale'], details: [] },
  clipSkip: { fields: ['clipSkip'], details: [] },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly fields: readonly (FieldName | 'refinerFrom')[];
      readonly details: readonly FieldName[];
    }
  >
>;

export type FieldAddition = keyof typeof FIELD_ADDITIONS;
export type AddedDetail = (typeof FIELD_ADDITIONS)[FieldAddition]['details'][number];
export type AddedField = (typeof FIELD_ADDITIONS)[FieldAddition]['fields'][number] | AddedDetail;

export const FIELD_ADDITION_NAMES = Object.keys(FIELD_ADDITIONS) as readonly FieldAddition[];

const ADDED_FIELDS: ReadonlySet<string> = new Set(FIELD_ADDITION_NAMES.flatMap(controlsOf));
const DETAILS: ReadonlySet<string> = new Set(FIELD_ADDITION_NAMES.flatMap(detailsOf));

/** Whether a field of a request has its control in such a card. */
export function isAddedField(field: FieldName): boolean {
  return ADDED_FIELDS.has(field);
}

/** Whether a field says more about an addition, and means nothing without it. */
export function isDetail(field: FieldName): field is AddedDetail {
  return DETAILS.has(field);
}

/** The fields of the form that make up an addition. */
export function fieldsOf(addition: FieldAddition): readonly AddedField[] {
  return FIELD_ADDITIONS[addition].fields;
}

function detailsOf(addition: FieldAddition): readonly AddedDetail[] {
  return FIELD_ADDITIONS[addition].details;
}

/** All fields of the form that the card of an addition has controls for. */
export function controlsOf(addition: FieldAddition): readonly AddedField[] {
  return [...fieldsOf(addition), ...detailsOf(addition)];
}

/** The addition that a field of a request belongs to; undefined for others. */
export function additionOf(field: unknown): FieldAddition | undefined {
  return FIELD_ADDITION_NAMES.find((addition) => controlsOf(addition).some((one) => one === field));
}

/** A field whose card has a slider. */
export type AddedSlider = FieldsWith<{ form: { control: 'slider'; added: true } }>;

/** The values of the sliders that are added, as they begin: other fields have theirs in the request. */
export const FIRST_VALUES = Object.fromEntries(
  FIELD_NAMES.flatMap((field) => {
    const { form } = requestField(field);
    return form?.control === 'slider' && form.added ? [[field, form.initial]] : [];
  }),
) as Readonly<Record<AddedSlider, number>>;
