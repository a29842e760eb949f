import path from 'node:path';
import { EaselError } from '../../core/errors';
import { isRepoId, splitRepositoryId } from '../../core/repository-id';
import { findSnapshot, hubCacheFolder, isFile, isFolder, isThere, listFolder } from './hub-cache';
import { starterFolder } from './packaged-files';

export interface ModelLocation {
  /** What the user calls it. */
  readonly id: string;
  /** The diffusers folder; for a single file the folder that holds it. */
  readonly folder: string;
  /** The model in a single file of weights. */
  readonly file?: string;
  /** For the user: another model has this name too. */
  readonly warning?: string;
}

export interface ResolveOptions {
  /**
   * Whether a path relative to the working folder is a model (default). Only the command line's user means that
   * folder: elsewhere a cloned repository with a folder `org/name` would take the place of the model of that
   * name in the cache.
   */
  readonly relativePaths?: boolean;
}

/**
 * Finds a model by what the user typed: `starter`, a diffusers folder, a single file, or a repository id
 * in the shared cache (`org/name`, or `org/name@revision`). Nothing is downloaded. As in diffusers, a folder has
 * priority over a repository of the same name; `warning` then says so.
 * @throws EaselError `model-not-found`
 */
export async function resolveModel(
  spec: string,
  env: NodeJS.ProcessEnv = process.env,
  { relativePaths = true }: ResolveOptions = {},
): Promise<ModelLocation> {
  if (spec === 'starter') return resolveStarter();
  const found = relativePaths || path.isAbsolute(spec) ? await resolvePath(spec) : undefined;
  const { repoId, revision } = splitRepositoryId(spec);
  if (!isRepoId(repoId)) {
    if (found) return found;
    throw new EaselError('model-not-found', notFound(spec, relativePaths), { model: spec });
  }
  const cache = hubCacheFolder(env);
  const folder = await findSnapshot(cache, repoId, revision);
  if (found) return folder === undefined ? found : { ...found, warning: bothExist(spec) };
  if (folder) {
    const only = onlyWeightFile(await listFolder(folder));
    return only === undefined
      ? { id: spec, folder }
      : { id: spec, folder, file: path.join(folder, only) };
  }
  const place = relativePaths ? 'neither a folder nor in' : 'not in';
  throw new EaselError(
    'model-not-found',
    `${spec} is ${place} the Hugging Face cache (${cache}). ` +
      `Fetch it once with "easel models download ${spec}", or draw with --model starter.`,
    { model: spec, cache },
  );
}

/** The id that means the model in every folder: paths are whole. */
export function wholeId({ id, folder, file }: ModelLocation): string {
  const place = file ?? folder;
  return absolutePath(id) === place ? place : id;
}

async function resolvePath(spec: string): Promise<ModelLocation | undefined> {
  // Node has no absolute path in a working folder that was deleted.
  const place = absolutePath(spec);
  if (place === undefined) return undefined;
  if (await isFolder(place)) return { id: spec, folder: place };
  if (await isFile(place)) return { id: spec, folder: path.dirname(place), file: place };
  if (!(await isThere(place))) return undefined;
  const message = `${spec} is neither a file nor a folder, but a pipe, a device or a socket.`;
  throw new EaselError('bad-file', message, { path: spec });
}

function absolutePath(spec: string): string | undefined {
  try {
    return path.resolve(spec);
  } catch {
    return undefined;
  }
}

function notFound(spec: string, relativePaths: boolean): string {
  if (relativePaths || path.isAbsolute(spec)) return `There is no file or folder ${spec}.`;
  return `There is no model ${spec}. Give an id of "easel models", or an absolute path.`;
}

function bothExist(spec: string): string {
  return (
    `The folder ${spec} of the working folder is taken, as in diffusers, not the model of that name in the Hugging ` +
    `Face cache. Draw in another folder to use that one, or give ./${spec} to say that the folder is meant.`
  );
}

async function resolveStarter(): Promise<ModelLocation> {
  const folder = starterFolder();
  if (await isFile(path.join(folder, 'model_index.json'))) return { id: 'starter', folder };
  throw new EaselError('model-not-found', `The starter model is missing from ${folder}.`);
}

/** The weight file of a repository without configs: a model in a single file. */
export function onlyWeightFile(names: readonly string[]): string | undefined {
  const configs = new Set(['model_index.json', 'config.json', 'unet']);
  if (names.some((name) => name.includes('/') || configs.has(name))) return undefined;
  const weights = names.filter((name) => /\.(safetensors|gguf|ckpt)$/.test(name));
  return weights.length === 1 ? weights[0] : undefined;
}
