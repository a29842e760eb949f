import path from 'node:path';
import { ipAdapterFamily, isIpAdapterName } from '../../core/catalogue/ip-adapters';
import type { ModelEntry } from '../../protocol/engine';
import { listFolder } from '../store/hub-cache';
import { IP_ADAPTER_FOLDERS } from '../store/ip-adapter-repository';
import type { ModelLocation } from '../store/resolve';
import { fileTraits } from './traits';

/**
 * The IP-Adapters of a folder that is laid out as the repository of the authors, or as one of its folders. Of a file
 * that is there in both formats, only the one in safetensors is listed. Never throws.
 * @param origin a folder of the cache is named by its repository, others by their path
 */
export async function ipAdaptersOf(
  { id, folder }: ModelLocation,
  origin: ModelEntry['origin'],
): Promise<NonNullable<ModelEntry['ipAdapters']>> {
  const found: { readonly id: string; readonly family: string }[] = [];
  for (const inner of ['', ...IP_ADAPTER_FOLDERS]) {
    const names = (await listFolder(path.join(folder, inner))).filter(isIpAdapterName).sort();
    const safe = new Set(names.filter((name) => name.endsWith('.safetensors')));
    for (const name of names) {
      if (!safe.has(name) && safe.has(name.replace(/\.bin$/, '.safetensors'))) continue;
      const file = path.join(folder, inner, name);
      const inside = [inner, name].filter(Boolean).join('/');
      // What is in a pickle is not read for a list.
      const family = safe.has(name) ? (await fileTraits(file)).family : ipAdapterFamily(inside);
      found.push({ id: origin === 'cache' ? `${id}/${inside}` : file, family });
    }
  }
  return found;
}
