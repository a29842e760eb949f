import path from 'node:path';
import { EaselError } from '../../../core/errors';
import { readJsonObject, type ModelIndex } from '../../store/model-folder';
import { openComponentWeights } from '../../weights/source';
import type { ModelLayout, OpenOptions } from './layout';
import { readSchedulerConfig } from './scheduler-config';

/**
 * A folder as diffusers' `save_pretrained` writes it: model_index.json, and a folder for each component.
 * @throws EaselError see `ModelLayout.component`
 */
export function diffusersFolder(
  { id, folder }: { readonly id: string; readonly folder: string },
  index: ModelIndex,
  { skipPickles = false, variant }: OpenOptions = {},
): ModelLayout {
  const classOf = (component: string, known: readonly string[]): string => {
    const found = index.components[component];
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
    place: variant === undefined ? folder : `${folder}\nvariant ${variant}`,
    pipeline: index.pipeline,
    index: index.raw,
    schedulerConfig: (name) => readSchedulerConfig(folder, index, name),
    component: async (name, kind) => {
      const className = classOf(name, kind.classes);
      const own = path.join(folder, name);
      const where = path.join(own, 'config.json');
      const config = await readJsonObject(where, folder);
      const openWeights = () => openComponentWeights(own, { root: folder, skipPickles, variant });
      return kind.read({ name, className, config, where, openWeights, folder: own });
    },
    tokenizer: (name, kind) => {
      classOf(name, kind.classes);
      return kind.read(path.join(folder, name), folder);
    },
  };
}
