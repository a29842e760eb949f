import { requireRunnable } from '../runnable-model';
import { oneLine } from '../shown-text';
import type { ListedModel } from './model-list';

/**
 * The model that an agent names. Only what `list_image_models` shows can be named: never a path, of which an
 * answer would tell whether it exists and what is in it.
 * @throws EaselError `model-not-found` in the same words for every other name; `unsupported-model` where it does
 *   not run
 */
export function chooseListedModel<T extends ListedModel>(models: readonly T[], name: string): T {
  const found = models.find(({ id, kind }) => id === name && kind === 'pipeline');
  const missing = `"${oneLine(name, 100)}" is not an id that list_image_models gives.`;
  return requireRunnable(found, name, missing);
}
