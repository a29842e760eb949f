import { lstat, readlink, realpath, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { EaselError } from '../../core/errors';
import { parseRepositoryId, splitRepositoryId } from '../../core/repository-id';
import type { LeftoverReport, RemovalPlan } from '../../protocol/store';
import {
  PARTIAL,
  readCachedRepo,
  type CachedFile,
  type CachedRepo,
  type CachedRevision,
} from './cached-repo';
import { isHeld } from './file-lock';
import {
  cachedRepoIds,
  hubCacheFolder,
  isCommit,
  isFolder,
  listFolder,
  repoFolder,
} from './hub-cache';

type Environment = NodeJS.ProcessEnv;

interface Removal {
  readonly plan: RemovalPlan;
  readonly repo: CachedRepo;
  readonly revisions: readonly CachedRevision[];
  /** The repository itself, with all its revisions. */
  readonly whole: boolean;
  /** Blobs, and files that only these revisions need. */
  readonly files: readonly string[];
}

/**
 * What a removal would free: a repository with all its revisions, or one revision with the blobs that no
 * other revision needs (`org/name@revision`).
 * @throws EaselError `model-not-found`; `bad-request` for what does not lie in the cache
 */
export async function planRemoval(
  id: string,
  env: Environment = process.env,
): Promise<RemovalPlan> {
  return (await prepare(id, env)).plan;
}

/** The files that a removal deletes: their bytes, and not the links to them. */
export async function filesOfRemoval(
  id: string,
  env: Environment = process.env,
): Promise<readonly string[]> {
  return (await prepare(id, env)).files;
}

/** Removes what planRemoval says. A model that is being downloaded stays. */
export async function removeModel(
  id: string,
  env: Environment = process.env,
): Promise<RemovalPlan> {
  const { plan, repo, revisions, files, whole } = await prepare(id, env);
  const cache = hubCacheFolder(env);
  await requireIdle(cache, repo);
  try {
    // Links first: a snapshot must not link to blobs that are gone.
    for (const { folder } of revisions) await rm(folder, { recursive: true, force: true });
    for (const ref of revisions.flatMap(({ refs }) => refs)) {
      await rm(path.join(repo.folder, 'refs', ...ref.split('/')), { force: true });
    }
    for (const file of files) await removeBlob(cache, file);
    if (whole || revisions.length === repo.revisions.length) {
      await rm(repo.folder, { recursive: true, force: true });
      await rm(path.join(cache, '.locks', path.basename(repo.folder)), {
        recursive: true,
        force: true,
      });
    }
  } catch (thrown) {
    throw new EaselError(
      'write-failed',
      `${id} could not be removed completely: ${(thrown as Error).message}. Close what uses it, and try again.`,
      { id },
      { cause: thrown },
    );
  }
  return plan;
}

async function prepare(id: string, env: Environment): Promise<Removal> {
  if (id === 'starter' || path.isAbsolute(id) || (await isFolder(path.resolve(id)))) {
    throw new EaselError(
      'bad-request',
      `${id} is not in the Hugging Face cache; Easel deletes nothing elsewhere.`,
      { id },
    );
  }
  const { repoId, revision } = parseRepositoryId(id);
  const repo = await readCachedRepo(hubCacheFolder(env), repoId);
  if (!(await isFolder(repo.folder))) throw notCached(repoId);
  if ((await lstat(repo.folder)).isSymbolicLink()) {
    const target = await realpath(repo.folder);
    const message = `${repoId} is a link to ${target}. Remove that folder yourself if nothing else needs it.`;
    throw new EaselError('bad-request', message, { id, target });
  }
  const whole = splitRepositoryId(id).revision === undefined;
  const revisions = whole
    ? repo.revisions
    : repo.revisions.filter(({ commit, refs }) =>
        isCommit(revision) ? commit === revision : refs.includes(revision),
      );
  if (!whole && revisions.length === 0) throw notCached(id);
  // What an unreadable revision needs is not known, and must not be deleted with another one.
  if (!whole && repo.problems.length > 0) {
    const message = `${repoId} cannot be read completely, so only the whole repository can be removed. ${repo.problems[0]}`;
    throw new EaselError('bad-request', message, { id });
  }
  const all = whole || revisions.length === repo.revisions.length;
  const kept = new Set(
    repo.revisions.filter((r) => !revisions.includes(r)).flatMap((r) => r.files.map(blobOf)),
  );
  const going = revisions.flatMap(({ files }) => files);
  const orphans = all ? await unnamedBlobs(repo) : [];
  // A link out of the repository is removed; its target is not ours.
  const isOwn = (blob: string) => blob.startsWith(repo.folder + path.sep);
  const unneeded = going.map(blobOf).filter((blob) => !kept.has(blob) && isOwn(blob));
  const files = [...new Set([...unneeded, ...orphans])];
  const plan: RemovalPlan = {
    id,
    commits: revisions.map(({ commit }) => commit),
    freedBytes: await bytesOf(hubCacheFolder(env), files),
    preparedBytes: 0,
    keptBytes: await bytesOfFiles([...new Set(going.map(blobOf))].filter((blob) => kept.has(blob))),
  };
  return { plan, repo, revisions, files, whole };
}

function blobOf(file: CachedFile): string {
  return file.blob;
}

/** Blobs that no snapshot names, and unfinished downloads. */
async function unnamedBlobs(repo: CachedRepo): Promise<string[]> {
  const named = new Set(repo.revisions.flatMap(({ files }) => files.map(blobOf)));
  const folder = path.join(repo.folder, 'blobs');
  return (await listFolder(folder))
    .map((name) => path.join(folder, name))
    .filter((blob) => !named.has(blob));
}

async function requireIdle(cache: string, repo: CachedRepo): Promise<void> {
  const locks = path.join(cache, '.locks', path.basename(repo.folder));
  for (const name of await listFolder(locks)) {
    if (name.endsWith('.easel.lock') && (await isHeld(path.join(locks, name)))) {
      throw new EaselError('bad-request', `${repo.id} is being downloaded; pause that first.`);
    }
  }
}

/**
 * Deletes a blob. Newer versions of huggingface_hub keep large files once for all repositories, in
 * `<cache>/blobs`, and let blobs link there: such a file is removed with the last blob that links to it.
 */
async function removeBlob(cache: string, blob: string): Promise<void> {
  const shared = await sharedTarget(cache, blob);
  await rm(blob, { force: true });
  if (shared === undefined || (await sharers(cache, shared)).length > 0) return;
  for (const file of [shared, `${shared}.refs`]) await rm(file, { force: true });
}

async function sharedTarget(cache: string, blob: string): Promise<string | undefined> {
  const link = await readlink(blob).catch(() => undefined);
  if (link === undefined) return undefined;
  const target = path.resolve(path.dirname(blob), link);
  return target.startsWith(path.join(cache, 'blobs') + path.sep) ? target : undefined;
}

/** Blobs of all repositories that link to a shared file. */
async function sharers(cache: string, shared: string): Promise<string[]> {
  const found: string[] = [];
  for (const repo of await listFolder(cache)) {
    if (!/^(models|datasets|spaces|kernels)--/.test(repo)) continue;
    const folder = path.join(cache, repo, 'blobs');
    for (const name of await listFolder(folder)) {
      const blob = path.join(folder, name);
      if ((await sharedTarget(cache, blob)) === shared) found.push(blob);
    }
  }
  return found;
}

/** Bytes that deleting some blobs frees: a shared file counts only where all its blobs are removed. */
async function bytesOf(cache: string, blobs: readonly string[]): Promise<number> {
  const going = new Set(blobs);
  const freed = new Set<string>();
  for (const blob of blobs) {
    const shared = await sharedTarget(cache, blob);
    if (shared === undefined) freed.add(blob);
    else if ((await sharers(cache, shared)).every((other) => going.has(other))) freed.add(shared);
  }
  return bytesOfFiles([...freed]);
}

async function bytesOfFiles(files: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += (await stat(file).catch(() => undefined))?.size ?? 0;
  return bytes;
}

/** Space that no model needs: interrupted downloads, and blobs that no snapshot names. */
export async function findLeftovers(
  env: Environment = process.env,
  repoId?: string,
): Promise<LeftoverReport> {
  const files = await leftoverFiles(env, repoId);
  return { files: files.length, bytes: await bytesOf(hubCacheFolder(env), files) };
}

/** Deletes the leftovers, of one repository or of all; running downloads are kept. */
export async function cleanLeftovers(
  env: Environment = process.env,
  repoId?: string,
): Promise<LeftoverReport> {
  const files = await leftoverFiles(env, repoId);
  const report = { files: files.length, bytes: await bytesOf(hubCacheFolder(env), files) };
  for (const file of files) await removeBlob(hubCacheFolder(env), file);
  await removeDeadLocks(hubCacheFolder(env), repoId);
  if (repoId !== undefined) await removeEmptyRepo(hubCacheFolder(env), repoId);
  return report;
}

/** Python may be writing to a file without our lock; a file that changed more recently is left alone. */
const QUIET_MS = 10 * 60_000;

async function leftoverFiles(env: Environment, repoId?: string): Promise<string[]> {
  const cache = hubCacheFolder(env);
  const files: string[] = [];
  for (const id of repoId === undefined ? await cachedRepoIds(cache) : [repoId]) {
    const repo = await readCachedRepo(cache, id);
    // A revision that cannot be read may need any blob.
    if (repo.problems.length > 0) continue;
    for (const blob of await unnamedBlobs(repo)) {
      const name = path.basename(blob);
      const own = name.endsWith(`.easel${PARTIAL}`);
      const hash = name.split('.', 1)[0] ?? '';
      const lock = path.join(cache, '.locks', path.basename(repo.folder), `${hash}.easel.lock`);
      if (await isHeld(lock)) continue;
      const info = await lstat(blob).catch(() => undefined);
      if (!info) continue;
      if (own || Date.now() - info.mtimeMs > QUIET_MS) files.push(blob);
    }
  }
  return files;
}

/** A process that was killed leaves its lock file. */
async function removeDeadLocks(cache: string, repoId?: string): Promise<void> {
  const locks = path.join(cache, '.locks');
  const repos =
    repoId === undefined ? await listFolder(locks) : [path.basename(repoFolder(cache, repoId))];
  for (const repo of repos) {
    for (const name of await listFolder(path.join(locks, repo))) {
      const lock = path.join(locks, repo, name);
      if (name.endsWith('.easel.lock') && !(await isHeld(lock))) await rm(lock, { force: true });
    }
  }
}

/** A cancelled download may leave a repository without a single file. */
async function removeEmptyRepo(cache: string, repoId: string): Promise<void> {
  const repo = await readCachedRepo(cache, repoId);
  if (repo.revisions.some(({ files }) => files.length > 0) || repo.partials.length > 0) return;
  if ((await listFolder(path.join(repo.folder, 'blobs'))).length > 0) return;
  await rm(path.join(repo.folder, 'snapshots'), { recursive: true, force: true });
  await rmdir(path.join(repo.folder, 'blobs')).catch(() => undefined);
  await rmdir(repo.folder).catch(() => undefined);
}

/** A model that was named but is not in the cache. */
function notCached(id: string): EaselError {
  return new EaselError('model-not-found', `${id} is not in the Hugging Face cache.`, {
    model: id,
  });
}
