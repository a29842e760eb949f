import path from 'node:path';
import { EaselError } from '../../core/errors';
import { findSnapshot, hubCacheFolder, isFile, isFolder, isRepoId } from './hub-cache';

export interface ModelLocation {
  /** What people call it. */
  readonly id: string;
  /** The diffusers folder. */
  readonly folder: string;
}

/** Where the starter model lies: beside the bundles' folder, in the checkout as in the package. */
export function starterFolder(): string {
  return process.env.EASEL_STARTER_MODEL ?? path.join(__dirname, '..', 'models', 'starter');
}

/**
 * Finds a model by what a person typed: `starter`, a diffusers folder, or a repository id in the
 * shared cache (`org/name`, or `org/name@revision`). Nothing is downloaded.
 * @throws EaselError `model-not-found` or `unsupported-model`
 */
export async function resolveModel(
  spec: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ModelLocation> {
  if (spec === 'starter') return resolveStarter();
  if (await isFolder(spec)) return { id: spec, folder: path.resolve(spec) };
  if (await isFile(spec)) {
    throw new EaselError(
      'unsupported-model',
      `${spec} is a single file; give a diffusers folder (the one that holds model_index.json).`,
    );
  }
  const [repoId = '', revision] = spec.split('@', 2);
  if (!isRepoId(repoId)) {
    throw new EaselError('model-not-found', `There is no folder ${spec}.`, { model: spec });
  }
  const cache = hubCacheFolder(env);
  const folder = await findSnapshot(cache, repoId, revision);
  if (folder) return { id: spec, folder };
  throw new EaselError(
    'model-not-found',
    `${spec} is neither a folder nor in the Hugging Face cache (${cache}). ` +
      `Fetch it once with "hf download ${repoId}", or draw with --model starter.`,
    { model: spec, cache },
  );
}

async function resolveStarter(): Promise<ModelLocation> {
  const folder = starterFolder();
  if (await isFile(path.join(folder, 'model_index.json'))) return { id: 'starter', folder };
  throw new EaselError('model-not-found', `The starter model is missing from ${folder}.`);
}
