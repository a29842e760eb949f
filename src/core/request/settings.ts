import * as v from 'valibot';
import { FIELD_NAMES, requestField, type FieldsWith } from './fields';
import type { GenerationRequest } from './request';

/** A field that the setting `easel.<field>` fills. */
export type SettingField = FieldsWith<{ setting: true }>;

export const SETTING_FIELDS: readonly SettingField[] = FIELD_NAMES.filter(
  (field): field is SettingField => requestField(field).setting === true,
);

/** What a user's settings ask of every request. What is absent is the model's own choice. */
export type RequestSettings = Readonly<Pick<GenerationRequest, SettingField>>;

/**
 * Reads the settings that fill a request. A value that the field cannot hold counts as not set.
 * @param read gives the value of the setting `easel.<field>`; anything, since users edit it by hand
 */
export function readRequestSettings(read: (field: SettingField) => unknown): RequestSettings {
  const values = SETTING_FIELDS.map((field) => {
    const { schema, default: usual } = requestField(field);
    const value = read(field);
    const result = v.safeParse(schema, typeof value === 'string' ? value.trim() : value);
    return [field, result.success ? result.output : usual] as const;
  });
  return Object.fromEntries(values) as unknown as RequestSettings;
}

export const DEFAULT_REQUEST_SETTINGS = readRequestSettings(() => undefined);
