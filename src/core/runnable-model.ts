import { EaselError } from './errors';
import { oneLine } from './shown-text';

/**
 * A model that was looked up by a name.
 * @param missing the message where there is none; it says where the names are listed
 * @param field that has the name, for the message
 * @throws EaselError `model-not-found`, or `unsupported-model` where it does not run
 */
export function requireRunnable<T extends { readonly runnable: boolean; readonly reason: string }>(
  found: T | undefined,
  name: string,
  missing: string,
  field = 'model',
): T {
  if (!found) {
    throw new EaselError('model-not-found', `${field}: ${missing}`, { field });
  }
  if (!found.runnable) {
    throw new EaselError(
      'unsupported-model',
      `${field}: ${oneLine(name, 200)} cannot be used: ${oneLine(found.reason)}`,
      { field },
    );
  }
  return found;
}
