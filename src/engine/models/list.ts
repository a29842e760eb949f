import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { findInCatalogue } from '../../core/catalogue/catalogue';
import { toEaselError } from '../../core/errors';
import type { ModelEntry } from '../../protocol/engine';
import { readCachedRepo, type CachedRepo, type CachedRevision } from '../store/cached-repo';
import { describeModel } from './describe';
import { isUpscalerName } from '../store/upscaler-names';
import {
  cachedRepoIds,
  findSnapshot,
  hubCacheFolder,
  isFile,
  isFolder,
  listFolder,
  repoFolder,
} from '../store/hub-cache';
import { starterFolder } from '../store/packaged-files';
import { onlyWeightFile, type ModelLocation } from '../store/resolve';
import { partOfFolder } from './traits';

/**
 * The models of this machine, each judged runnable or not: the starter, every revision of every image
 * model in the shared cache, and what lies at the paths given (model folders, single files, or folders of
 * those), and the LoRAs at other paths. Nothing is downloaded.
 */
export async function listModels(
  env: NodeJS.ProcessEnv = process.env,
  paths: readonly string[] = [],
  loraPaths: readonly string[] = [],
): Promise<ModelEntry[]> {
  const entries: ModelEntry[] = [];
  if (await isFile(path.join(starterFolder(), 'model_index.json'))) {
    entries.push(await describeModel({ id: 'starter', folder: starterFolder() }, 'starter'));
  }
  const cache = hubCacheFolder(env);
  for (const id of await cachedRepoIds(cache)) {
    entries.push(...(await listOne(id, cache)));
  }
  for (const place of paths) {
    for (const location of await locationsAt(path.resolve(place))) {
      entries.push(await describeModel(location, 'path'));
    }
  }
  entries.push(...(await listLoras(loraPaths, new Set(entries.map((entry) => entry.path)))));
  return entries;
}

/** Files in all folders of LoRAs that are looked into. */
const MOST_LORAS = 2000;

/** LoRA files, and those in folders and their sub-folders, by name. @param known paths that are listed already */
async function listLoras(
  places: readonly string[],
  known: ReadonlySet<string>,
): Promise<ModelEntry[]> {
  const files = new Set<string>();
  for (const place of places.map((one) => path.resolve(one))) {
    for (const name of (await isFile(place)) ? [''] : await safetensorsBelow(place)) {
      files.add(path.join(place, name));
    }
  }
  const entries: ModelEntry[] = [];
  for (const file of [...files].filter((one) => !known.has(one)).slice(0, MOST_LORAS)) {
    const entry = await describeModel({ id: file, folder: path.dirname(file), file }, 'path');
    if (entry.kind === 'lora') entries.push(entry);
  }
  return entries;
}

async function safetensorsBelow(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.safetensors')).sort();
}

/** The entries of a repository. One that cannot be read is one entry with the reason, not the end of the list. */
async function listOne(id: string, cache: string): Promise<readonly ModelEntry[]> {
  let reason: string | undefined;
  try {
    const repo = await readCachedRepo(cache, id);
    const entries = await listRepo(cache, repo);
    if (entries.length > 0) return entries;
    [reason] = repo.problems;
  } catch (thrown) {
    reason = toEaselError(thrown).message;
  }
  return reason === undefined ? [] : [unreadable(id, repoFolder(cache, id), reason)];
}

function unreadable(id: string, folder: string, reason: string): ModelEntry {
  return {
    ...{ id, path: folder, origin: 'cache', kind: 'pipeline', pipeline: '', family: '' },
    ...{ precision: '', sizeBytes: 0, lastUsedMs: 0, runnable: false },
    reason: `${reason} Remove the model, and download it again.`,
  };
}

async function listRepo(cache: string, repo: CachedRepo): Promise<ModelEntry[]> {
  const usual = await findSnapshot(cache, repo.id);
  const entries: ModelEntry[] = [];
  for (const revision of repo.revisions) {
    const { folder, commit, refs } = revision;
    const isUsual = folder === usual;
    if (!isImageModel(revision) && !(isUsual && findInCatalogue(repo.id))) continue;
    const id = isUsual ? repo.id : `${repo.id}@${refs[0] ?? commit}`;
    const described = await describeModel(locate(id, revision), 'cache', revision);
    const entry = unfinished(described, repo) ?? described;
    if (isUsual) entries.unshift(entry);
    else entries.push(entry);
  }
  return entries;
}

/** A model that lacks files because its download was interrupted, with that as its reason. */
function unfinished(entry: ModelEntry, repo: CachedRepo): ModelEntry | undefined {
  if (entry.runnable || entry.kind !== 'pipeline' || repo.partials.length === 0) return undefined;
  const reason = `Its download is not finished; download it again to resume. ${entry.reason}`;
  return { ...entry, unfinished: true, reason };
}

/** Repositories of other kinds (language models, data sets) share the cache. */
function isImageModel({ files }: CachedRevision): boolean {
  return files.some(
    ({ path: name }) =>
      name === 'model_index.json' ||
      /^(unet|vae_decoder)\//.test(name) ||
      /^(diffusion_pytorch_model|pytorch_lora_weights)[^/]*\.(safetensors|bin)$/.test(name) ||
      isCheckpointName(name) ||
      (!name.includes('/') && isUpscalerName(name)),
  );
}

function locate(id: string, { folder, files }: CachedRevision): ModelLocation {
  const only = onlyWeightFile(files.map((file) => file.path));
  return only === undefined ? { id, folder } : { id, folder, file: path.join(folder, only) };
}

/** Names that say "a Stable Diffusion model in one file", or something for one, among a cache's language models. */
function isCheckpointName(name: string): boolean {
  return /^[^/]*(sd|xl|diffusion|turbo|lcm|lora|taesd|esrgan|upscal)[^/]*\.(safetensors|gguf|ckpt)$/i.test(
    name,
  );
}

/** A model folder, a single file, or all models one level below a folder. */
async function locationsAt(place: string): Promise<ModelLocation[]> {
  if (await isFile(place)) return [{ id: place, folder: path.dirname(place), file: place }];
  if (await isFile(path.join(place, 'model_index.json'))) return [{ id: place, folder: place }];
  const names = await listFolder(place);
  if (names.includes('config.json')) return [{ id: place, folder: place }];
  const locations: ModelLocation[] = [];
  for (const name of names) {
    const child = path.join(place, name);
    const isWeights = /\.(safetensors|gguf|ckpt)$/.test(name) || isUpscalerName(child);
    if (isWeights && (await isFile(child))) {
      locations.push({ id: child, folder: place, file: child });
    } else if (await isModelFolder(child)) {
      locations.push({ id: child, folder: child });
    }
  }
  // A folder that was named is shown even where it holds nothing, with the reason.
  return locations.length > 0 ? locations : [{ id: place, folder: place }];
}

/** Whether a folder is a model in diffusers' layout, or a part for one. */
async function isModelFolder(folder: string): Promise<boolean> {
  if (!(await isFolder(folder))) return false;
  const signs = ['model_index.json', path.join('unet', 'config.json')];
  const found = await Promise.all(signs.map((sign) => isFile(path.join(folder, sign))));
  return found.includes(true) || (await partOfFolder(folder)) !== undefined;
}
