import * as v from 'valibot';
import { EaselError } from '../errors';

/** A value that clients also send as null, or leave out. */
export const maybe = v.nullish;

/** An image file in the text of a request. */
export const base64 = v.pipe(
  v.string(),
  v.description('An image file in base64, with or without data:…;base64, before it.'),
);

/** An error of a field of a request. */
export function bad(field: string, message: string): EaselError {
  return new EaselError('bad-request', `${field}: ${message}`, { field });
}
