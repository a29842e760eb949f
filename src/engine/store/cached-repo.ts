import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import { requireInside } from '../io/containment';
import { isThere, readText, repoFolder } from './hub-cache';

/** A file of a snapshot, and where its bytes are. */
export interface CachedFile {
  /** Relative to the snapshot, with `/`. */
  readonly path: string;
  /** The link in the snapshot, or the real file where the system has no links. */
  readonly pointer: string;
  /** What the link names (one hop: a blob may itself link to a store shared by repositories). */
  readonly blob: string;
  /** Bytes; undefined where the blob is missing. */
  readonly bytes: number | undefined;
  readonly accessedMs: number;
}

/** One commit of a repository, as far as it was downloaded. */
export interface CachedRevision {
  readonly commit: string;
  readonly folder: string;
  /** Branches, tags and pull requests that point to it. */
  readonly refs: readonly string[];
  readonly files: readonly CachedFile[];
}

export interface CachedRepo {
  readonly id: string;
  readonly folder: string;
  readonly revisions: readonly CachedRevision[];
  /** Paths of unfinished downloads. */
  readonly partials: readonly string[];
  /** What could not be read, in sentences. Then not all files of the repository are known. */
  readonly problems: readonly string[];
}

/** The ending of a file that is being downloaded, in huggingface_hub's layout. */
export const PARTIAL = '.incomplete';

/**
 * Reads what the cache holds of a repository, in the layout of hub-docs' local-cache.md, with links or,
 * as on Windows, with real files in the snapshots. Only refs are opened.
 */
export async function readCachedRepo(cache: string, id: string): Promise<CachedRepo> {
  const folder = repoFolder(cache, id);
  const refs = await readRefs(await ownFolder(folder, 'refs'));
  const revisions: CachedRevision[] = [];
  const problems: string[] = [];
  const snapshots = await ownFolder(folder, 'snapshots');
  for (const commit of await namesIn(snapshots, problems)) {
    const snapshot = path.join(folder, 'snapshots', commit);
    try {
      if (!(await lstat(snapshot)).isDirectory()) {
        if (!(await isThere(snapshot))) problems.push(`${snapshot} is a link to nothing.`);
        continue;
      }
      const names = refs.filter((ref) => ref.commit === commit).map((ref) => ref.name);
      revisions.push({ commit, folder: snapshot, refs: names, files: await readFiles(snapshot) });
    } catch (thrown) {
      problems.push(`${snapshot} cannot be read: ${(thrown as Error).message}.`);
    }
  }
  const blobs = await ownFolder(folder, 'blobs');
  const partials = (await namesIn(blobs, problems))
    .filter((name) => name.endsWith(PARTIAL))
    .map((name) => path.join(folder, 'blobs', name));
  return { id, folder, revisions, partials, problems };
}

/** A folder of a repository; undefined where it is a link out of it, which could lead to the whole disk. */
async function ownFolder(repo: string, name: string): Promise<string | undefined> {
  const folder = path.join(repo, name);
  try {
    await requireInside(folder, repo);
    return folder;
  } catch {
    return undefined;
  }
}

/** Names in a folder, sorted; none where it does not exist. */
async function namesIn(folder: string | undefined, problems: string[]): Promise<readonly string[]> {
  if (folder === undefined) return [];
  try {
    return (await readdir(folder)).sort();
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      problems.push(`${folder} cannot be read: ${message}.`);
    return [];
  }
}

/** Bytes on disk of some files; a blob that several files share counts once. */
export function uniqueBytes(files: Iterable<CachedFile>): number {
  const sizes = new Map<string, number>();
  for (const { blob, bytes } of files) sizes.set(blob, bytes ?? 0);
  let total = 0;
  for (const bytes of sizes.values()) total += bytes;
  return total;
}

async function readRefs(folder: string | undefined): Promise<{ name: string; commit: string }[]> {
  if (folder === undefined) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const refs: { name: string; commit: string }[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const commit = (await readText(file))?.trim();
    if (commit) refs.push({ name: path.relative(folder, file).split(path.sep).join('/'), commit });
  }
  return refs.sort((a, b) => a.name.localeCompare(b.name));
}

async function readFiles(snapshot: string): Promise<CachedFile[]> {
  const files: CachedFile[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const pointer = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        await visit(pointer);
        continue;
      }
      const blob = entry.isSymbolicLink() ? path.resolve(folder, await readlink(pointer)) : pointer;
      const info = await stat(pointer).catch(() => undefined);
      // A folder behind a link, or a pipe, which could never be read to its end.
      if (info && !info.isFile()) continue;
      files.push({
        path: path.relative(snapshot, pointer).split(path.sep).join('/'),
        pointer,
        blob,
        bytes: info?.size,
        accessedMs: info?.atimeMs ?? 0,
      });
    }
  };
  await visit(snapshot);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
