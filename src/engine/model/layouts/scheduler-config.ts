import path from 'node:path';
import type { JsonObject } from '../../../core/json';
import { readJsonObject, type ModelIndex } from '../../store/model-folder';

/**
 * The scheduler config of a folder, with the class that model_index.json names. As in diffusers'
 * `from_pretrained`, that class reads the file, whatever class the file itself names, or none.
 * @throws EaselError `model-incomplete`, `bad-file`
 */
export async function readSchedulerConfig(folder: string, index: ModelIndex): Promise<JsonObject> {
  const file = path.join(folder, 'scheduler', 'scheduler_config.json');
  const config = await readJsonObject(file, folder);
  const { scheduler } = index.components;
  return scheduler === undefined ? config : { ...config, _class_name: scheduler };
}
