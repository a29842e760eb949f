import { ADAPTER_FIELDS } from './fields/adapters';
import { COMPOSING_FIELDS } from './fields/composing';
import { COMPUTING_FIELDS } from './fields/computing';
import { DENOISING_FIELDS } from './fields/denoising';
import type { RequestField } from './fields/field';
import { FILE_FIELDS } from './fields/file';
import { INITIAL_IMAGE_FIELDS } from './fields/initial-image';
import { PASS_FIELDS } from './fields/passes';
import { SAMPLING_FIELDS } from './fields/sampling';
import { SIZE_FIELDS } from './fields/size';
import { WORD_FIELDS } from './fields/words';

/**
 * The fields of a request: the one place to add one is the table of its kind. Names are those of diffusers' `__call__`,
 * in camel case. The order is that of the recipe in an image's file, so it must not change; it is also the order of the
 * command line's help.
 */
export const REQUEST_FIELDS = {
  ...WORD_FIELDS,
  ...DENOISING_FIELDS,
  ...SIZE_FIELDS,
  ...COMPOSING_FIELDS,
  ...SAMPLING_FIELDS,
  ...INITIAL_IMAGE_FIELDS,
  ...PASS_FIELDS,
  ...ADAPTER_FIELDS,
  ...COMPUTING_FIELDS,
  ...FILE_FIELDS,
} as const satisfies Readonly<Record<string, RequestField>>;

export type RequestFields = typeof REQUEST_FIELDS;
export type FieldName = keyof RequestFields;

/** The names of the fields whose row has these entries, such as `{ setting: true }`. */
export type FieldsWith<Entries> = {
  [Name in FieldName]: RequestFields[Name] extends Entries ? Name : never;
}[FieldName];

/** In the table's order. */
export const FIELD_NAMES = Object.keys(REQUEST_FIELDS) as readonly FieldName[];

/** The row of a field, with every entry that a row can have. */
export function requestField(name: FieldName): RequestField {
  return REQUEST_FIELDS[name];
}

/** Fields of an image's recipe: what it was drawn with. */
export type RecipeField = Exclude<FieldName, FieldsWith<{ recipe: false }>>;
export const RECIPE_FIELDS = FIELD_NAMES.filter(
  (name): name is RecipeField => requestField(name).recipe !== false,
);

/** Some fields of a request or of settings, by name. */
export function pickFields<Values extends object, Name extends keyof Values & string>(
  values: Values,
  names: readonly Name[],
): Pick<Values, Name> {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, Name>;
}
