import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { toEaselError } from '../../core/errors';
import type { ModelEntry } from '../../protocol/engine';
import { openModel, type Model } from '../pipeline/model';
import { resolveSize } from '../pipeline/settings';
import { cachedRepoIds, findSnapshot, hubCacheFolder, isFile } from './hub-cache';
import { readOptionalJsonObject } from './model-folder';
import { starterFolder, type ModelLocation } from './resolve';

/** The starter model and every diffusers pipeline in the shared cache, each judged runnable or not. */
export async function listModels(env: NodeJS.ProcessEnv = process.env): Promise<ModelEntry[]> {
  const locations: ModelLocation[] = [];
  if (await isFile(path.join(starterFolder(), 'model_index.json'))) {
    locations.push({ id: 'starter', folder: starterFolder() });
  }
  const cache = hubCacheFolder(env);
  for (const id of await cachedRepoIds(cache)) {
    const folder = await findSnapshot(cache, id);
    // Repositories of other kinds (language models, data sets) share the cache.
    if (folder && (await isFile(path.join(folder, 'model_index.json')))) {
      locations.push({ id, folder });
    }
  }
  return Promise.all(locations.map(describe));
}

async function describe(location: ModelLocation): Promise<ModelEntry> {
  const { id, folder } = location;
  const sizeBytes = await folderBytes(folder);
  const index = await readOptionalJsonObject(path.join(folder, 'model_index.json')).catch(
    () => undefined,
  );
  const pipeline = typeof index?._class_name === 'string' ? index._class_name : 'unknown';
  try {
    const defaults = describeDefaults(await openModel(location));
    return { id, path: folder, pipeline, sizeBytes, runnable: true, reason: '', defaults };
  } catch (thrown) {
    const reason = toEaselError(thrown).message;
    return { id, path: folder, pipeline, sizeBytes, runnable: false, reason };
  }
}

function describeDefaults(model: Model): ModelEntry['defaults'] {
  const multiple = model.vae.config.spatialFactor;
  const { sampleSize } = model.unet.config;
  const { width, height } = resolveSize(model.defaults, { factor: multiple, sampleSize });
  const { steps, guidanceScale } = model.defaults;
  const name = model.schedulerConfig._class_name;
  const scheduler = typeof name === 'string' ? name : '';
  return { steps, guidanceScale, width, height, multiple, scheduler };
}

/** Bytes of all files below a folder, through links. */
async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    const info = await stat(full).catch(() => undefined);
    if (info?.isDirectory()) bytes += await folderBytes(full);
    else bytes += info?.size ?? 0;
  }
  return bytes;
}
