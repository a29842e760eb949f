import path from 'node:path';
import { EaselError } from '../../core/errors';
import { splitRepositoryFile, splitRepositoryId, WEIGHTS } from '../../core/repository-id';
import { IP_ADAPTER_FOLDERS } from './ip-adapter-repository';
import { UPSCALER_NAME } from './upscaler-names';
import { findSnapshot, hubCacheFolder, isFile, isFolder, listFolder } from './hub-cache';

/** What a file is wanted for, with the names that diffusers gives it in a repository, the best first. */
interface AdapterKind {
  readonly label: string;
  readonly option: string;
  /** `LORA_WEIGHT_NAME` and `TEXT_INVERSION_NAME` in diffusers' loaders. */
  readonly names: readonly string[];
  /** Among several files of weights, those of which the name says that they are of this kind. */
  readonly likely: RegExp;
  /** Files of other formats count beside safetensors of another name. Default: safetensors are taken alone. */
  readonly mixed?: boolean;
  /** Folders of a repository that hold such files besides its top. Default: none. */
  readonly folders?: readonly string[];
}

const LORA: AdapterKind = {
  label: 'LoRA',
  option: '--lora',
  names: [
    'pytorch_lora_weights.safetensors',
    'pytorch_lora_weights.bin',
    'adapter_model.safetensors',
  ],
  likely: /lora/i,
};
const EMBEDDING: AdapterKind = {
  label: 'textual inversion',
  option: '--embedding',
  names: ['learned_embeds.safetensors', 'learned_embeds.bin'],
  likely: /emb/i,
};

const DIFFUSERS_NAMES = ['', '.fp16', '.bf16', '.fp32'].flatMap((variant) => [
  `diffusion_pytorch_model${variant}.safetensors`,
  `diffusion_pytorch_model${variant}.bin`,
]);

const CONTROLNET: AdapterKind = {
  label: 'ControlNet or T2I-Adapter',
  option: '--controlnet',
  names: DIFFUSERS_NAMES,
  likely: /control|adapter/i,
};

const IP_ADAPTER: AdapterKind = {
  label: 'IP-Adapter',
  option: '--ip-adapter',
  names: [],
  likely: /ip[-_]adapter/i,
  folders: IP_ADAPTER_FOLDERS,
};

const UPSCALER: AdapterKind = {
  label: 'upscaler',
  option: '--upscale',
  names: [],
  likely: UPSCALER_NAME,
  // Other programs have one folder for all upscalers, in both formats.
  mixed: true,
};

const UNET: AdapterKind = {
  label: 'UNet',
  option: '--unet',
  names: DIFFUSERS_NAMES,
  likely: /unet/i,
};

const AUTOENCODER: AdapterKind = {
  label: 'autoencoder',
  option: '--vae',
  names: DIFFUSERS_NAMES,
  likely: /vae/i,
};

/** Endings of weight files. Safetensors are taken before the others. */
const SAFE = /\.safetensors$/i;
/** Training state, which diffusers does not take for a LoRA either (`_best_guess_weight_name`). */
const TRAINING_STATE = /scheduler|optimizer|checkpoint|random_states|training_args/i;

/**
 * Finds the file of a LoRA by what the user typed, like diffusers' `load_lora_weights`: a file, a folder, a
 * repository id in the shared cache (`org/name`, or `org/name@revision`), or a file of one (`org/name/file`).
 * Nothing is downloaded.
 * @returns the file's path; what was typed if it names neither a folder nor a repository
 * @throws EaselError `model-not-found` (not in the cache, or no such file in the repository), `bad-request` (several
 *   files to choose from)
 */
export function resolveLora(spec: string, env?: NodeJS.ProcessEnv): Promise<string> {
  return resolveAdapter(spec, LORA, env);
}

/** As {@link resolveLora}, like diffusers' `load_textual_inversion`. */
export function resolveEmbedding(spec: string, env?: NodeJS.ProcessEnv): Promise<string> {
  return resolveAdapter(spec, EMBEDDING, env);
}

/** As {@link resolveLora}, like `from_pretrained` of ControlNetModel and T2IAdapter, and `from_single_file`. */
export function resolveControlNet(spec: string, env?: NodeJS.ProcessEnv): Promise<string> {
  return resolveAdapter(spec, CONTROLNET, env);
}

/** As {@link resolveLora}, like `load_ip_adapter` of diffusers' pipelines. */
export function resolveIpAdapter(spec: string, env?: NodeJS.ProcessEnv): Promise<string> {
  return resolveAdapter(spec, IP_ADAPTER, env);
}

/** As {@link resolveLora}, for an upscaler. */
export function resolveUpscaler(spec: string, env?: NodeJS.ProcessEnv): Promise<string> {
  return resolveAdapter(spec, UPSCALER, env);
}

/** A network: a folder with its config and weights, or a file of weights. */
export type NetworkPlace = { readonly folder: string } | { readonly file: string };

/**
 * As {@link resolveLora}, like `UNet2DConditionModel.from_pretrained`: a folder or a repository with a config.json at
 * its top, or with a folder `unet` that has one, is found as that folder.
 */
export function resolveUNet(spec: string, env?: NodeJS.ProcessEnv): Promise<NetworkPlace> {
  return resolveNetwork(spec, UNET, 'unet', env);
}

/** As {@link resolveUNet}, like `AutoencoderKL.from_pretrained`, with a folder `vae`. */
export function resolveAutoencoder(spec: string, env?: NodeJS.ProcessEnv): Promise<NetworkPlace> {
  return resolveNetwork(spec, AUTOENCODER, 'vae', env);
}

async function resolveNetwork(
  spec: string,
  kind: AdapterKind,
  part: string,
  env?: NodeJS.ProcessEnv,
): Promise<NetworkPlace> {
  const found = await locate(spec, kind, env);
  if ('file' in found) return found;
  for (const folder of [path.join(found.folder, part), found.folder]) {
    if (await isFile(path.join(folder, 'config.json'))) return { folder };
  }
  return { file: await fileIn(found, kind) };
}

async function resolveAdapter(
  spec: string,
  kind: AdapterKind,
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  const found = await locate(spec, kind, env);
  return 'file' in found ? found.file : fileIn(found, kind);
}

/** A folder that a user means. */
interface FoundFolder {
  readonly folder: string;
  /** What the user calls it. */
  readonly shown: string;
  /** Of a file's name in the option's value. */
  readonly prefix: string;
}

async function locate(
  spec: string,
  kind: AdapterKind,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly file: string } | FoundFolder> {
  if (await isFile(spec)) return { file: spec };
  if (await isFolder(spec)) {
    return { folder: path.resolve(spec), shown: spec, prefix: spec + path.sep };
  }
  const named = splitRepositoryFile(spec);
  if (named === undefined) return { file: spec };
  const { repository, file } = named;
  const { repoId, revision } = splitRepositoryId(repository);
  const cache = hubCacheFolder(env);
  const folder = await findSnapshot(cache, repoId, revision);
  if (folder === undefined) throw notCached(spec, cache, kind);
  if (file === undefined) return { folder, shown: repository, prefix: `${repository}/` };
  const found = path.join(folder, file);
  if (await isFile(found)) return { file: found };
  throw noSuchFile(repository, file, await adapterFiles(folder, kind));
}

/** The one file of a folder that holds the adapter. */
async function fileIn({ folder, shown, prefix }: FoundFolder, kind: AdapterKind): Promise<string> {
  const names = await adapterFiles(folder, kind);
  const usual = kind.names.find((name) => names.includes(name));
  const likely = names.filter((name) => kind.likely.test(name));
  const candidates =
    usual !== undefined ? [usual] : names.length > 1 && likely.length === 1 ? likely : names;
  const [only] = candidates;
  if (kind === UPSCALER && (await isFile(path.join(folder, 'model_index.json')))) {
    throw wholeModel(shown);
  }
  if (only === undefined) {
    const message = `${shown} has no file of weights at its top, so there is no ${kind.label} in it.`;
    throw new EaselError('model-not-found', message, { path: shown });
  }
  if (candidates.length === 1) return path.join(folder, only);
  const message =
    `${shown} has several files of weights: ${listed(candidates)}. ` +
    `Name one of them, as in ${kind.option} ${prefix.replaceAll('\\', '/')}${only}.`;
  throw new EaselError('bad-request', message, { path: shown, files: candidates });
}

/** A model that draws by a prompt, given in the place of an upscaler. */
function wholeModel(shown: string): EaselError {
  const message =
    `${shown} is a whole model, and no upscaler alone. A model that makes images larger by a prompt, such as Stable ` +
    `Diffusion x4 Upscaler, is given with --model: easel generate "PROMPT" --model ${shown} --init-image FILE.`;
  return new EaselError('unsupported-model', message, { path: shown });
}

/** The weight files at the top of a folder, or in its folders for this kind, by their paths in it. */
async function adapterFiles(
  folder: string,
  { folders = [], mixed = false }: AdapterKind,
): Promise<string[]> {
  const names = await weightFiles(folder, mixed);
  for (const inner of folders) {
    const own = await weightFiles(path.join(folder, inner), mixed);
    names.push(...own.map((name) => `${inner}/${name}`));
  }
  return names;
}

/**
 * The weight files at the top of a folder: safetensors if there are any.
 * @param mixed as in `AdapterKind`
 */
async function weightFiles(folder: string, mixed: boolean): Promise<string[]> {
  const names = (await listFolder(folder)).filter(
    (name) => WEIGHTS.test(name) && !TRAINING_STATE.test(name),
  );
  const safe = names.filter((name) => SAFE.test(name));
  if (safe.length === 0) return names;
  if (!mixed) return safe;
  const safeNames = new Set(safe.map((name) => path.parse(name).name));
  return names.filter((name) => SAFE.test(name) || !safeNames.has(path.parse(name).name));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

function notCached(id: string, cache: string, { label }: AdapterKind): EaselError {
  const message =
    `The ${label} ${id} is neither a file or folder nor in the Hugging Face cache (${cache}). ` +
    `Fetch it once with "easel models download ${id}".`;
  return new EaselError('model-not-found', message, { model: id, cache });
}

function noSuchFile(id: string, file: string, names: readonly string[]): EaselError {
  const others = names.length > 0 ? `It has ${listed(names)}.` : 'It has no files of weights.';
  const message =
    `The copy of ${id} in the Hugging Face cache has no file ${file}. ${others} ` +
    `The name may be wrong, or the file was not downloaded: "easel models download ${id}/${file}" fetches it.`;
  return new EaselError('model-not-found', message, { model: id, file });
}
