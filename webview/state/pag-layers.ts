import { REQUEST_FIELDS } from '../../src/core/request/fields';
import { LIMITS } from '../../src/core/request/fields/limits';
import * as v from 'valibot';

const { schema, default: USUAL } = REQUEST_FIELDS.pagAppliedLayers;

/**
 * The names and patterns in a text, between commas or spaces; what is too long is left out, and none are the usual one.
 * A comma in braces belongs to a pattern.
 */
export function readLayers(text: string): string[] {
  const names = text.split(/(?:[\s;]|,(?![^{}]*\}))+/).filter((name) => v.is(schema, [name]));
  const distinct = [...new Set(names)].slice(0, LIMITS.pagLayers);
  return distinct.length > 0 ? distinct : [...USUAL];
}
