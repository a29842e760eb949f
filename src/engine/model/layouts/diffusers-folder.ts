import path from 'node:path';
import { EaselError } from '../../../core/errors';
import type { JsonObject } from '../../../core/json';
import { readJsonObject, type ModelIndex } from '../../store/model-folder';
import { openComponentWeights } from '../../weights/source';
import type { ModelLayout, OpenOptions } from './layout';

/**
 * A folder as diffusers' `save_pretrained` writes it: model_index.json, and a folder for each component.
 * @throws EaselError see `ModelLayout.component`
 */
export function diffusersFolder(
  { id, folder }: { readonly id: string; readonly folder: string },
  index: ModelIndex,
  { skipPickles = false }: OpenOptions = {},
): ModelLayout {
  const classOf = (component: string, known: readonly string[]): string => {
    const found = index.components.get(component);
    if (found === undefined) {
      throw new EaselError(
        'model-incomplete',
        `${id}: model_index.json has no ${component}, which the model needs to draw. Download the model again.`,
      );
    }
    if (known.includes(found)) return found;
    throw new EaselError(
      'unsupported-model',
      `${id} has a ${found} as its ${component}, which Easel does not support. Supported: ${known.join(', ')}.`,
      { component, found },
    );
  };
  return {
    id,
    folder,
    place: folder,
    pipeline: index.pipeline,
    index: index.raw,
    schedulerConfig: () => readSchedulerConfig(folder, index),
    component: async (name, kind) => {
      const className = classOf(name, kind.classes);
      const own = path.join(folder, name);
      const where = path.join(own, 'config.json');
      const config = await readJsonObject(where, folder);
      const openWeights = () => openComponentWeights(own, { root: folder, skipPickles });
      return kind.read({ name, className, config, where, openWeights, folder: own });
    },
    tokenizer: (name, kind) => {
      classOf(name, kind.classes);
      return kind.read(path.join(folder, name), folder);
    },
  };
}

/**
 * The scheduler's config. Its class is that of model_index.json, as in `from_pretrained`; the class that the
 * config names counts only where the index names none.
 */
export async function readSchedulerConfig(folder: string, index: ModelIndex): Promise<JsonObject> {
  const file = path.join(folder, 'scheduler', 'scheduler_config.json');
  const config = await readJsonObject(file, folder);
  const named = index.components.get('scheduler');
  return named === undefined ? config : { ...config, _class_name: named };
}
