import { rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { cancelled, toEaselError } from '../../core/errors';
import type { VerifiedFile, VerifyEvent, VerifyReport } from '../../protocol/store';
import { openModel } from '../model/open';
import { readSafetensorsHeader } from '../weights/safetensors';
import {
  readCachedRepo,
  uniqueBytes,
  type CachedFile,
  type CachedRevision,
} from '../store/cached-repo';
import { beginHash, hashFile } from '../store/download/content-hasher';
import { describeModel } from './describe';
import { hubCacheFolder, repoIdOfSnapshot } from '../store/hub-cache';
import { resolveModel, type ModelLocation } from '../store/resolve';

export interface VerifyContext {
  readonly signal: AbortSignal;
  readonly emit: (event: VerifyEvent) => void;
  readonly env?: NodeJS.ProcessEnv;
}

const PROGRESS_BYTES = 64e6;

/**
 * Reads every byte of a model in the cache and compares it with the checksum that names it, then opens
 * the model as the drawing engine does. Where the system has no links there are no names to compare with:
 * such files are `unchecked`, but a safetensors file that is cut off is found by its header.
 * @param repair deletes what is damaged, so that a download fetches it again
 */
export async function verifyModel(
  id: string,
  repair: boolean,
  { signal, emit, env = process.env }: VerifyContext,
): Promise<VerifyReport> {
  const location = await resolveModel(id, env);
  const revision = await cachedRevision(location, env);
  const files: VerifiedFile[] = [];
  const totalBytes = uniqueBytes(revision?.files ?? []);
  let bytes = 0;
  let reported = 0;
  const onRead = (read: number) => {
    bytes += read;
    if (bytes - reported < PROGRESS_BYTES) return;
    reported = bytes;
    emit({ event: 'progress', id, bytes, totalBytes });
  };
  const seen = new Map<string, VerifiedFile>();
  for (const file of revision?.files ?? []) {
    if (signal.aborted) throw cancelled();
    const known = seen.get(file.blob);
    const result = known ? { ...known, path: file.path } : await verifyFile(file, signal, onRead);
    seen.set(file.blob, result);
    files.push(result);
    const bad = result.state === 'damaged' || result.state === 'missing';
    if (revision && repair && bad) await discard(file, revision);
  }
  const bad = files.some(({ state }) => state === 'damaged' || state === 'missing');
  const reason = await judge(location);
  return { id, path: location.folder, ok: !bad && reason === '', files, bytes, reason };
}

async function cachedRevision(
  { folder }: ModelLocation,
  env: NodeJS.ProcessEnv,
): Promise<CachedRevision | undefined> {
  const repoId = repoIdOfSnapshot(folder);
  if (repoId === undefined) return undefined;
  const repo = await readCachedRepo(hubCacheFolder(env), repoId);
  return repo.revisions.find((revision) => revision.folder === folder);
}

async function verifyFile(
  file: CachedFile,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<VerifiedFile> {
  const { path: name, blob, bytes } = file;
  if (bytes === undefined) {
    return { path: name, state: 'missing', detail: `its blob ${path.basename(blob)} is missing` };
  }
  const expected = path.basename(blob);
  const kind = /^[0-9a-f]{64}$/.test(expected)
    ? 'sha256'
    : /^[0-9a-f]{40}$/.test(expected)
      ? 'git-sha1'
      : undefined;
  if (kind === undefined) return verifyRealFile(file);
  const hash = beginHash(kind, bytes);
  try {
    await hashFile(hash, blob, bytes, signal, onRead);
  } catch (thrown) {
    if (signal.aborted) throw cancelled();
    return { path: name, state: 'damaged', detail: `it cannot be read: ${String(thrown)}` };
  }
  return hash.digest('hex') === expected
    ? { path: name, state: 'ok', detail: '' }
    : {
        path: name,
        state: 'damaged',
        detail: `its content does not have the checksum ${expected}`,
      };
}

async function verifyRealFile({ path: name, pointer }: CachedFile): Promise<VerifiedFile> {
  if (name.endsWith('.safetensors')) {
    try {
      await readSafetensorsHeader(pointer);
    } catch (thrown) {
      return { path: name, state: 'damaged', detail: toEaselError(thrown).message };
    }
  }
  return { path: name, state: 'unchecked', detail: 'the cache keeps no checksum of it' };
}

/**
 * Deletes the bytes of a file. Its name stays in the snapshot, so that the next download knows what was here; of a link
 * out of the repository, only the name is deleted.
 */
async function discard({ pointer, blob }: CachedFile, { folder }: CachedRevision): Promise<void> {
  const repo = path.dirname(path.dirname(folder));
  if (pointer === blob) await truncate(pointer);
  else if (blob.startsWith(path.join(repo, 'blobs') + path.sep)) await rm(blob, { force: true });
  else await rm(pointer, { force: true });
}

async function judge(location: ModelLocation): Promise<string> {
  const { kind } = await describeModel(location, 'cache');
  if (kind !== 'pipeline') return '';
  try {
    await openModel(location);
    return '';
  } catch (thrown) {
    const { code, message } = toEaselError(thrown);
    // What Easel cannot draw with may be perfectly whole.
    const isWhole = code === 'unsupported-model' || code === 'unsupported-config';
    return isWhole ? '' : message;
  }
}
