import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EaselError } from '../../core/errors';
import { parseConfigJson, type JsonObject } from '../../core/json';

/** Reads a JSON object; a missing file is `model-incomplete`, a damaged one `bad-file`. */
export async function readJsonObject(file: string): Promise<JsonObject> {
  const value = await readOptionalJsonObject(file);
  if (!value) throw new EaselError('model-incomplete', `The model lacks ${file}.`, { file });
  return value;
}

/** As readJsonObject, but undefined where the file does not exist. */
export async function readOptionalJsonObject(file: string): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw new EaselError('bad-file', `${file} cannot be read: ${String(thrown)}`, { file });
  }
  return parseConfigJson(text, file);
}

function isMissing(thrown: unknown): boolean {
  const code = (thrown as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The prefixes of diffusers' and optimum's classes that run exported ONNX graphs. */
export const EXPORT_PREFIX = /^(Onnx|ORT)/;

/** A component as model_index.json names it: the library's class, by folder. */
export interface ModelIndex {
  /** The pipeline's class in diffusers, without the prefix of exports. */
  readonly pipeline: string;
  /** Folder to class name; components that are null in the index are absent. */
  readonly components: Readonly<Record<string, string>>;
  readonly raw: JsonObject;
}

/** Reads a diffusers folder's model_index.json. */
export async function readModelIndex(folder: string): Promise<ModelIndex> {
  const file = path.join(folder, 'model_index.json');
  const raw = await readJsonObject(file);
  const pipeline = raw._class_name;
  if (typeof pipeline !== 'string') {
    throw new EaselError('bad-file', `${file} does not name its pipeline (_class_name).`, { file });
  }
  const components: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (name.startsWith('_') || !Array.isArray(value)) continue;
    const className: unknown = value[1];
    if (typeof className === 'string') components[name] = className;
  }
  return { pipeline: pipeline.replace(EXPORT_PREFIX, ''), components, raw };
}
