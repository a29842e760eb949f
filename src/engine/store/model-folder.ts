import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { EaselError } from '../../core/errors';
import { parseConfigJson, shortJson, type JsonObject } from '../../core/json';
import { requireInside } from '../io/containment';
import { FileReader } from '../io/file-reader';

/** More than the largest tokenizer.json. */
const MAX_TEXT_BYTES = 64_000_000;

/**
 * Reads a JSON object.
 * @param root the model's folder: a link out of it is refused (see `requireInside`)
 * @throws EaselError `model-incomplete` (no such file), `bad-file` (damaged, not a file, too large)
 */
export async function readJsonObject(file: string, root?: string): Promise<JsonObject> {
  const value = await readOptionalJsonObject(file, root);
  if (value) return value;
  const message = `The model lacks ${file}. Download the model again.`;
  throw new EaselError('model-incomplete', message, { file });
}

/** As readJsonObject, but undefined where the file does not exist. */
export async function readOptionalJsonObject(
  file: string,
  root?: string,
): Promise<JsonObject | undefined> {
  const text = await readOptionalText(file, root);
  return text === undefined ? undefined : parseConfigJson(text, file);
}

/** The text of a model's file in UTF-8; undefined where it does not exist. Throws as readJsonObject. */
export async function readOptionalText(file: string, root?: string): Promise<string | undefined> {
  // A link that leads nowhere is no missing file: diffusers fails too.
  if (await isMissing(file)) return undefined;
  if (root !== undefined) await requireInside(file, root);
  const bytes = await FileReader.use(file, (reader) => {
    if (reader.size > MAX_TEXT_BYTES) throw reader.damaged(`it has ${reader.size} bytes`);
    return reader.read(0, reader.size);
  });
  if (bytes.toString('latin1', 0, 23) === 'version https://git-lfs') {
    const message = `${file} is only a Git LFS pointer. Run "git lfs pull" in the model's folder.`;
    throw new EaselError('model-incomplete', message, { file });
  }
  return bytes.toString('utf8');
}

async function isMissing(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return false;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR';
  }
}

/** The prefixes of diffusers' and optimum's classes that run exported ONNX graphs. */
export const EXPORT_PREFIX = /^(Onnx|ORT)/;

/** A component as model_index.json names it: the library's class, by folder. */
export interface ModelIndex {
  /** The pipeline's class in diffusers, without the prefix of exports. */
  readonly pipeline: string;
  /** Folder to class name; components that are null in the index are absent. */
  readonly components: Readonly<Record<string, string | undefined>>;
  readonly raw: JsonObject;
}

/**
 * Reads a diffusers folder's model_index.json as `DiffusionPipeline.from_pretrained` does: a part that is null or
 * `[null, null]` is absent, and metadata and flags are no parts.
 * @throws EaselError as readJsonObject; `bad-file` where no pipeline or class is named; `unsupported-model` where the
 *   pipeline is code that comes with the model
 */
export async function readModelIndex(folder: string): Promise<ModelIndex> {
  const file = path.join(folder, 'model_index.json');
  const raw = await readJsonObject(file, folder);
  const pipeline = raw._class_name;
  if (Array.isArray(pipeline)) {
    const message = `${file} asks for a pipeline that is code in the model's repository. Easel does not run it.`;
    throw new EaselError('unsupported-model', message, { file });
  }
  if (!isClassName(pipeline)) {
    throw new EaselError('bad-file', `${file} does not name its pipeline (_class_name).`, { file });
  }
  const components = new Map<string, string>();
  for (const [name, value] of Object.entries(raw)) {
    if (name.startsWith('_') || !Array.isArray(value) || value.length !== 2) continue;
    const className: unknown = value[1];
    if (typeof className !== 'string') continue;
    if (!isClassName(className)) {
      const message = `${file} names no class for ${shortJson(name)}. Download the model again.`;
      throw new EaselError('bad-file', message, { file });
    }
    components.set(name, className);
  }
  const named = Object.fromEntries(components);
  return { pipeline: pipeline.replace(EXPORT_PREFIX, ''), components: named, raw };
}

/** Whether a text of a model's file is the name of a class, which messages and lists may show. */
export function isClassName(text: unknown): text is string {
  return typeof text === 'string' && /^\w{1,100}$/.test(text);
}
