import { readFile, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * The shared Hugging Face cache's folder, found as huggingface_hub finds it (constants.py):
 * HF_HUB_CACHE, else HF_HOME/hub, else XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub.
 */
export function hubCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const expand = (folder: string) => folder.replace(/^~(?=$|[\\/])/, homedir());
  if (env.HF_HUB_CACHE) return expand(env.HF_HUB_CACHE);
  if (env.HF_HOME) return path.join(expand(env.HF_HOME), 'hub');
  const cache = env.XDG_CACHE_HOME ? expand(env.XDG_CACHE_HOME) : path.join(homedir(), '.cache');
  return path.join(cache, 'huggingface', 'hub');
}

/** `org/name`, or a name alone as the oldest repositories have it. */
export function isRepoId(text: string): boolean {
  return /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/.test(text) && !text.includes('..');
}

export function repoFolder(cache: string, repoId: string): string {
  return path.join(cache, `models--${repoId.replaceAll('/', '--')}`);
}

/**
 * The newest snapshot of a cached repository: the one `refs/<revision>` names, else (for `main` only)
 * the one written last, since a cache filled by other tools may lack refs.
 * @returns its folder, or undefined where the cache has none
 */
export async function findSnapshot(
  cache: string,
  repoId: string,
  revision = 'main',
): Promise<string | undefined> {
  const repo = repoFolder(cache, repoId);
  const snapshots = path.join(repo, 'snapshots');
  const commit = /^[0-9a-f]{40}$/.test(revision)
    ? revision
    : (await readText(path.join(repo, 'refs', ...revision.split('/'))))?.trim();
  if (commit && (await isFolder(path.join(snapshots, commit)))) return path.join(snapshots, commit);
  if (revision !== 'main') return undefined;
  const candidates = await Promise.all(
    (await listFolder(snapshots)).map(async (name) => {
      const folder = path.join(snapshots, name);
      return { folder, time: (await stat(folder)).mtimeMs };
    }),
  );
  candidates.sort((a, b) => b.time - a.time);
  return candidates[0]?.folder;
}

/** The repository ids that the cache holds, sorted. */
export async function cachedRepoIds(cache: string): Promise<string[]> {
  return (await listFolder(cache))
    .filter((name) => name.startsWith('models--'))
    .map((name) => name.slice('models--'.length).replaceAll('--', '/'))
    .sort();
}

export async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
}

export async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}

async function listFolder(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
