import { EaselError } from './errors';
import { oneLine } from './shown-text';

/**
 * A model that was looked up by a name.
 * @param missing the message where there is none; it says where the names are listed
 * @throws EaselError `model-not-found`, or `unsupported-model` where it does not run
 */
export function requireRunnable<T extends { readonly runnable: boolean; readonly reason: string }>(
  found: T | undefined,
  name: string,
  missing: string,
): T {
  if (!found) {
    throw new EaselError('model-not-found', `model: ${missing}`, { field: 'model' });
  }
  if (!found.runnable) {
    throw new EaselError(
      'unsupported-model',
      `model: ${oneLine(name, 200)} cannot be used: ${oneLine(found.reason)}`,
      { field: 'model' },
    );
  }
  return found;
}
