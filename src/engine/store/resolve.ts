import path from 'node:path';
import { EaselError } from '../../core/errors';
import { isRepoId, splitRepositoryId } from '../../core/repository-id';
import { findSnapshot, hubCacheFolder, isFile, isFolder, listFolder } from './hub-cache';
import { starterFolder } from './packaged-files';

export interface ModelLocation {
  /** What the user calls it. */
  readonly id: string;
  /** The diffusers folder; for a single file the folder that holds it. */
  readonly folder: string;
  /** The model in a single file of weights. */
  readonly file?: string;
}

/**
 * Finds a model by what the user typed: `starter`, a diffusers folder, a single file, or a repository id
 * in the shared cache (`org/name`, or `org/name@revision`). Nothing is downloaded.
 * @throws EaselError `model-not-found`
 */
export async function resolveModel(
  spec: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ModelLocation> {
  if (spec === 'starter') return resolveStarter();
  if (await isFolder(spec)) return { id: spec, folder: path.resolve(spec) };
  if (await isFile(spec)) {
    const file = path.resolve(spec);
    return { id: spec, folder: path.dirname(file), file };
  }
  const { repoId, revision } = splitRepositoryId(spec);
  if (!isRepoId(repoId)) {
    throw new EaselError('model-not-found', `There is no file or folder ${spec}.`, { model: spec });
  }
  const cache = hubCacheFolder(env);
  const folder = await findSnapshot(cache, repoId, revision);
  if (folder) {
    const only = onlyWeightFile(await listFolder(folder));
    return only === undefined
      ? { id: spec, folder }
      : { id: spec, folder, file: path.join(folder, only) };
  }
  throw new EaselError(
    'model-not-found',
    `${spec} is neither a folder nor in the Hugging Face cache (${cache}). ` +
      `Fetch it once with "easel models download ${spec}", or draw with --model starter.`,
    { model: spec, cache },
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
  const weights = names.filter((name) => /\.(safetensors|ckpt)$/.test(name));
  return weights.length === 1 ? weights[0] : undefined;
}
