import { readFile, stat } from 'node:fs/promises';

import { EaselError } from '../../core/errors';
import { isRecord } from '../../core/json';
import { damagedFile } from '../io/file-reader';

/** More than the index of any real model (about 100 bytes per tensor). */
const MAX_INDEX_BYTES = 100_000_000;

/**
 * Reads the index of a sharded model (`*.safetensors.index.json`, huggingface_hub's serialization):
 * tensor name → name of the shard in the same folder.
 *
 * @param ending of the shards' names: `.safetensors`, or `.bin` for an index of PyTorch files
 * @throws EaselError `bad-file` (damaged, or a shard outside of the folder), `unsafe-file` (a shard with
 *   another ending), `model-incomplete` (a Git LFS pointer)
 */
export async function readShardIndex(
  path: string,
  ending = '.safetensors',
): Promise<ReadonlyMap<string, string>> {
  const index = await readJson(path);
  const weightMap = isRecord(index) ? index.weight_map : undefined;
  if (!isRecord(weightMap)) throw damagedFile(path, 'it has no weight_map');
  const shards = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(weightMap)) {
    if (typeof shard !== 'string' || !isFileName(shard)) {
      throw damagedFile(
        path,
        `its shard ${JSON.stringify(shard).slice(0, 120)} is not a file name`,
      );
    }
    if (!shard.endsWith(ending)) {
      const message = `${path} refers to ${shard}, which is not a ${ending} file. Use the model as safetensors.`;
      throw new EaselError('unsafe-file', message, { path, shard });
    }
    shards.set(tensor, shard);
  }
  return shards;
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_INDEX_BYTES) throw damagedFile(path, `it has ${size} bytes`);
    text = await readFile(path, 'utf8');
  } catch (thrown) {
    if (thrown instanceof EaselError) throw thrown;
    throw damagedFile(path, thrown instanceof Error ? thrown.message : String(thrown));
  }
  if (text.startsWith('version https://git-lfs')) {
    const message = `${path} is only a Git LFS pointer. Run "git lfs pull" in the model's folder.`;
    throw new EaselError('model-incomplete', message, { path });
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw damagedFile(path, `it is not JSON (${thrown instanceof Error ? thrown.message : ''})`);
  }
}

/** Whether a name is only a file name: no path separator, no drive, no `..`. */
function isFileName(name: string): boolean {
  return /^[^/\\:\0]+$/.test(name) && name !== '.' && name !== '..';
}
