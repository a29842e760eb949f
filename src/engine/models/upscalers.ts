import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { UpscalerEntry } from '../../protocol/store';
import { looksLikeUpscaler } from '../model/components/upscaler/upscaler-file';
import {
  cachedRepoIds,
  findSnapshot,
  hubCacheFolder,
  isFile,
  listFolder,
} from '../store/hub-cache';
import { isUpscalerName } from '../store/upscaler-names';
import { readSafetensorsHeader } from '../weights/safetensors';

/**
 * The upscalers of this machine: in the shared cache, and at the paths given (files, or folders with some). Of a
 * PyTorch file only the name is looked at, so that no file can harm the list; what is in it is judged when it is used.
 */
export async function listUpscalers(
  env: NodeJS.ProcessEnv = process.env,
  paths: readonly string[] = [],
): Promise<UpscalerEntry[]> {
  const found: UpscalerEntry[] = [];
  const cache = hubCacheFolder(env);
  for (const id of await cachedRepoIds(cache)) {
    const folder = await findSnapshot(cache, id);
    if (folder === undefined) continue;
    for (const name of await listFolder(folder)) {
      found.push(...(await entryOf(path.join(folder, name), `${id}/${name}`)));
    }
  }
  for (const place of paths.map((one) => path.resolve(one))) {
    const files = (await isFile(place))
      ? [place]
      : (await listFolder(place)).map((name) => path.join(place, name));
    for (const file of files) found.push(...(await entryOf(file, file)));
  }
  return found;
}

async function entryOf(file: string, id: string): Promise<readonly UpscalerEntry[]> {
  if (!isUpscalerName(id) && !(await hasUpscaler(file))) return [];
  const info = await stat(file).catch(() => undefined);
  return info?.isFile() ? [{ id, name: path.parse(file).name, sizeBytes: info.size }] : [];
}

/** Of files that cannot be read, which lists show elsewhere, nothing is said. */
async function hasUpscaler(file: string): Promise<boolean> {
  if (!/\.safetensors$/i.test(file)) return false;
  try {
    return looksLikeUpscaler((await readSafetensorsHeader(file)).tensors);
  } catch {
    return false;
  }
}
