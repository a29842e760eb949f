import path from 'node:path';
import type { JsonObject } from '../../../core/json';
import { readJsonObject, type ModelIndex } from '../../store/model-folder';

/**
 * The scheduler config of a folder, with the class that model_index.json names. As in diffusers'
 * `from_pretrained`, that class reads the file, whatever class the file itself names, or none.
 * @param name of the component
 * @throws EaselError `model-incomplete`, `bad-file`
 */
export async function readSchedulerConfig(
  folder: string,
  index: ModelIndex,
  name = 'scheduler',
): Promise<JsonObject> {
  const file = path.join(folder, name, 'scheduler_config.json');
  const config = await readJsonObject(file, folder);
  const own = index.components[name];
  return own === undefined ? config : { ...config, _class_name: own };
}
