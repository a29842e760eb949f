import { existsSync, readdirSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { isRepoId, isRevision } from '../../core/repository-id';

type Environment = NodeJS.ProcessEnv;

const MODEL_PREFIX = 'models--';
const SEPARATOR = '--';

/**
 * The home folder of the Hugging Face tools, as huggingface_hub finds it (constants.py): HF_HOME, else
 * XDG_CACHE_HOME/huggingface, else ~/.cache/huggingface. The `easel.hfHome` setting, which arrives as
 * EASEL_HF_HOME, takes precedence.
 */
export function hubHome(env: Environment = process.env): string {
  const own = firstSet(env.EASEL_HF_HOME, env.HF_HOME);
  if (own) return expand(own, env);
  const cache = env.XDG_CACHE_HOME
    ? expand(env.XDG_CACHE_HOME, env)
    : path.join(homedir(), '.cache');
  return path.join(cache, 'huggingface');
}

/**
 * The shared cache's folder: HF_HUB_CACHE (or its old name HUGGINGFACE_HUB_CACHE), else `hub` in the
 * home of the tools. `easel.hfHome` may also name the cache itself.
 */
export function hubCacheFolder(env: Environment = process.env): string {
  if (env.EASEL_HF_HOME) {
    const folder = expand(env.EASEL_HF_HOME, env);
    const isCache = !existsSync(path.join(folder, 'hub')) && holdsRepositories(folder);
    return isCache ? folder : path.join(folder, 'hub');
  }
  const named = firstSet(env.HF_HUB_CACHE, env.HUGGINGFACE_HUB_CACHE);
  return named ? expand(named, env) : path.join(hubHome(env), 'hub');
}

/** The first value that is not empty: an empty variable counts as none. */
export function firstSet(...values: readonly (string | undefined)[]): string | undefined {
  return values.find((value) => value !== undefined && value !== '');
}

function holdsRepositories(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.startsWith(MODEL_PREFIX));
  } catch {
    return false;
  }
}

/** Python's expanduser and expandvars. */
function expand(folder: string, env: Environment): string {
  return folder
    .replace(/^~(?=$|[\\/])/, homedir())
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
      return env[braced ?? bare ?? ''] ?? whole;
    });
}

export function isCommit(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

export function repoFolder(cache: string, repoId: string): string {
  return path.join(cache, MODEL_PREFIX + repoId.replaceAll('/', SEPARATOR));
}

/** The repository id of a folder `models--org--name/snapshots/<commit>`; undefined for any other. */
export function repoIdOfSnapshot(folder: string): string | undefined {
  const [repo = '', snapshots, commit] = path.resolve(folder).split(path.sep).slice(-3);
  return snapshots === 'snapshots' && commit ? repoIdOfFolder(repo) : undefined;
}

/** The repository id of a folder `models--org--name`; undefined for any other. */
export function repoIdOfFolder(folder: string): string | undefined {
  const name = path.basename(path.resolve(folder));
  if (!name.startsWith(MODEL_PREFIX)) return undefined;
  return name.slice(MODEL_PREFIX.length).replaceAll(SEPARATOR, '/');
}

/**
 * The snapshot that a revision names: a commit itself, else what `refs/<revision>` says. For `main` alone,
 * where no ref names a snapshot that holds a model, the newest that holds one is taken: a cache filled by
 * other tools may lack refs, and asking the hub for a single file moves a ref to an almost empty snapshot.
 * @returns its folder, or undefined where the cache has none
 */
export async function findSnapshot(
  cache: string,
  repoId: string,
  revision = 'main',
): Promise<string | undefined> {
  const repo = repoFolder(cache, repoId);
  const snapshots = path.join(repo, 'snapshots');
  const commit = isCommit(revision) ? revision : await readRef(repo, revision);
  const named = commit === undefined ? undefined : path.join(snapshots, commit);
  const exists = named !== undefined && (await isFolder(named));
  if (revision !== 'main') return exists ? named : undefined;
  if (exists && (await holdsModel(named))) return named;
  const candidates: { folder: string; holds: boolean; time: number }[] = [];
  for (const name of await listFolder(snapshots)) {
    const folder = path.join(snapshots, name);
    // A link that leads nowhere is no snapshot.
    const info = await stat(folder).catch(() => undefined);
    if (!info?.isDirectory()) continue;
    candidates.push({ folder, holds: await holdsModel(folder), time: info.mtimeMs });
  }
  candidates.sort((a, b) => Number(b.holds) - Number(a.holds) || b.time - a.time);
  const best = candidates[0];
  return exists && !best?.holds ? named : best?.folder;
}

async function readRef(repo: string, revision: string): Promise<string | undefined> {
  if (!isRevision(revision)) return undefined;
  const text = await readText(path.join(repo, 'refs', ...revision.split('/')));
  const commit = text?.trim();
  return commit !== undefined && isCommit(commit) ? commit : undefined;
}

async function holdsModel(snapshot: string): Promise<boolean> {
  return isFile(path.join(snapshot, 'model_index.json'));
}

/** The repository ids of the models that the cache holds, sorted. */
export async function cachedRepoIds(cache: string): Promise<string[]> {
  return (await listFolder(cache))
    .filter((name) => name.startsWith(MODEL_PREFIX))
    .map((name) => name.slice(MODEL_PREFIX.length).replaceAll(SEPARATOR, '/'))
    .filter(isRepoId)
    .sort();
}

export async function isFolder(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
}

export async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}

/** Whether there is anything of this name. */
export async function isThere(place: string): Promise<boolean> {
  return (await stat(place).catch(() => undefined)) !== undefined;
}

/** Names in a folder, sorted; none where it does not exist. */
export async function listFolder(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

/** The text of a small file, such as a ref; undefined for anything else (a large file, a pipe, a folder). */
export async function readText(file: string): Promise<string | undefined> {
  const info = await stat(file).catch(() => undefined);
  if (!info?.isFile() || info.size > 65_536) return undefined;
  return readFile(file, 'utf8').catch(() => undefined);
}
