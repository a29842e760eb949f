import path from 'node:path';
import { EaselError, toEaselError } from '../../../core/errors';
import type { JsonObject } from '../../../core/json';
import { isFile, listFolder, repoIdOfFolder } from '../../store/hub-cache';
import { isClassName, readOptionalJsonObject } from '../../store/model-folder';
import { isPartialName, weightFormat } from '../../weights/file-kind';
import { readWeightTensors } from '../../weights/weight-file';
import { DRAWS, familyOfClass, familyOfUNet } from '../other-families';
import { partOfModel } from './single-file/other-file';

/**
 * The error for a folder without model_index.json: what it is, and what to give instead.
 * @returns EaselError `unsupported-model` if it is known what the folder is, else `model-incomplete`
 */
export async function otherFolder(folder: string): Promise<EaselError> {
  const names = await listFolder(folder);
  const known =
    (await partFolder(folder, names)) ??
    adapterFolder(folder, names) ??
    (await outerFolder(folder, names)) ??
    (await folderOfFiles(folder, names)) ??
    (await splitFiles(folder, names));
  if (known !== undefined) {
    return new EaselError('unsupported-model', `${folder} is ${known}`, { folder });
  }
  return new EaselError('model-incomplete', incomplete(folder, names), { folder });
}

function incomplete(folder: string, names: readonly string[]): string {
  if (names.length === 0) {
    return `${folder} is an empty folder: there is no model_index.json in it. Download the model again.`;
  }
  if (names.some(isPartialName)) {
    return `${folder} lacks model_index.json, and a download in it is not finished. Wait for it, or download the model again.`;
  }
  if (COMPONENTS.some((name) => names.includes(name))) {
    return `The model lacks ${path.join(folder, 'model_index.json')}. Download the model again.`;
  }
  return (
    `${folder} is not a model: there is no model_index.json in it, and no file of weights. Give the folder of a ` +
    'diffusers model, or one file (.safetensors, .gguf, .ckpt).'
  );
}

const COMPONENTS = ['unet', 'vae', 'vae_decoder', 'text_encoder', 'transformer'];

const ADAPTERS: readonly (readonly [RegExp, string])[] = [
  [/^ControlNetModel$/, 'a ControlNet: give it with --controlnet, together with a model'],
  [/^ControlNet|^MultiControlNet|^SparseControlNet/, 'a ControlNet, which Easel does not support'],
  [/^T2IAdapter$/, 'a T2I-Adapter: give it with --controlnet, together with a model'],
  [/^MotionAdapter/, 'a motion module (AnimateDiff), which Easel does not support'],
  [/^CLIPVision/, 'an image encoder, as IP-Adapters use it. It cannot draw by itself'],
  [/^StableDiffusionSafetyChecker/, 'a safety checker. It cannot draw'],
  [/^Autoencoder|^VQModel|^Asymmetric/, 'an autoencoder (VAE). It cannot draw by itself'],
  [/^(UNet2DConditionModel|CLIPTextModel|T5Encoder)/, 'one part of a model'],
  [/Transformer\w*Model$|^UNet/, 'one part of a model'],
];

/** The folder of one part: its config names the class. */
async function partFolder(folder: string, names: readonly string[]): Promise<string | undefined> {
  const config = await readConfig(path.join(folder, 'config.json'));
  const architectures: unknown = config?.architectures;
  const listed: readonly unknown[] = Array.isArray(architectures) ? architectures : [];
  const named = [config?._class_name, listed[0]].find(isClassName);
  const whole = await wholeModel(folder);
  if (named !== undefined) {
    const family = familyOfClass(named) ?? (config && familyOfUNet(config));
    if (family !== undefined) {
      return `one part of ${family} (${named}), which Easel does not support. ${DRAWS}.`;
    }
    const known = ADAPTERS.find(([pattern]) => pattern.test(named))?.[1];
    const isPart = known === 'one part of a model' || whole !== undefined;
    const what = known ?? (isPart ? 'one part of a model' : 'a model of another kind');
    const next = isPart ? give(whole) : 'Give the folder of a whole model.';
    return `${what} (${named}). ${next}`;
  }
  if (names.includes('scheduler_config.json')) return `the scheduler of a model. ${give(whole)}`;
  if (names.some((name) => /^(tokenizer|vocab|tokenizer_config)\.json$/.test(name))) {
    return `a tokenizer, one part of a model. ${give(whole)}`;
  }
  if (names.some((name) => name.endsWith('.onnx')) && whole !== undefined) {
    return `one part of a model (an ONNX graph). ${give(whole)}`;
  }
  return undefined;
}

async function readConfig(file: string): Promise<JsonObject | undefined> {
  return readOptionalJsonObject(file, path.dirname(file)).catch(() => undefined);
}

/** The folder above, if it is a model. */
async function wholeModel(folder: string): Promise<string | undefined> {
  const parent = path.dirname(path.resolve(folder));
  return (await isFile(path.join(parent, 'model_index.json'))) ? parent : undefined;
}

function give(whole: string | undefined): string {
  if (whole === undefined) return 'Give the folder that holds model_index.json.';
  return `Give the whole model: ${whole}.`;
}

function adapterFolder(folder: string, names: readonly string[]): string | undefined {
  const first = (pattern: RegExp) => names.find((name) => pattern.test(name));
  const lora = first(/^(pytorch_lora_weights|adapter_model)\.(safetensors|bin)$/);
  if (lora !== undefined) {
    const file = path.join(folder, lora);
    return `a LoRA, which changes how a model draws. Give it with --lora ${file}, together with a model.`;
  }
  const embedding = first(/^learned_embeds[^/]*\.(safetensors|bin)$/);
  if (embedding !== undefined) {
    const file = path.join(folder, embedding);
    return `a textual inversion. Give it with --embedding ${file}, together with a model.`;
  }
  const ipAdapter = first(/^ip-?adapter[^/]*\.(safetensors|bin)$/i);
  if (ipAdapter !== undefined) {
    const file = path.join(folder, ipAdapter);
    return `an IP-Adapter. Give it with --ip-adapter ${file}, together with a model.`;
  }
  return undefined;
}

/** A folder that holds models in folders: a repository of the Hugging Face cache, or a folder of models. */
async function outerFolder(folder: string, names: readonly string[]): Promise<string | undefined> {
  const repoId = repoIdOfFolder(folder);
  if (repoId !== undefined && names.includes('snapshots')) {
    return `a repository of the Hugging Face cache. Give its name: --model ${repoId}.`;
  }
  const inner: string[] = [];
  for (const name of names.slice(0, 200)) {
    if (await isFile(path.join(folder, name, 'model_index.json'))) inner.push(name);
  }
  if (inner.length === 0) return undefined;
  return `a folder of models, not a model. Give one of them: ${listed(folder, inner)}.`;
}

/** A folder of files of weights: which of them can be given, and how. */
async function folderOfFiles(
  folder: string,
  names: readonly string[],
): Promise<string | undefined> {
  const files = names.filter((name) => /\.(safetensors|ckpt|pt|pth|bin|gguf|onnx)$/i.test(name));
  if (files.length === 0) return undefined;
  const isFolderOfParts = COMPONENTS.some((name) => names.includes(name));
  if (isFolderOfParts) return undefined;
  const models: string[] = [];
  const others: string[] = [];
  for (const name of files.slice(0, 50)) {
    const refusal = await refusalOf(path.join(folder, name));
    if (refusal === undefined) models.push(name);
    else others.push(refusal);
  }
  const start = 'not a diffusers model: there is no model_index.json in it.';
  if (models.length > 0) return `${start} Give the file of a model: ${listed(folder, models)}.`;
  return [start, ...others.slice(0, 3)].join(' ');
}

/** Where ComfyUI has the files of models, and networks that it loads one by one. */
const COMFY_FOLDERS = ['diffusion_models', 'checkpoints', 'unet'];

/** A folder of ComfyUI, or a repository of files for it: what is in its folder of diffusion models. */
async function splitFiles(folder: string, names: readonly string[]): Promise<string | undefined> {
  if (names.includes('split_files')) {
    const inner = path.join(folder, 'split_files');
    return splitFiles(inner, await listFolder(inner));
  }
  for (const name of COMFY_FOLDERS.filter((one) => names.includes(one))) {
    const inner = path.join(folder, name);
    const files = await listFolder(inner);
    const isComponent = files.some((file) => file === 'config.json' || file.endsWith('.onnx'));
    const found = isComponent ? undefined : await folderOfFiles(inner, files);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why a file is no model; undefined for a checkpoint of a whole model, and for pickles, which are not read. */
async function refusalOf(file: string): Promise<string | undefined> {
  try {
    if ((await weightFormat(file)) === 'torch') return undefined;
    const what = partOfModel(await readWeightTensors(file));
    return what === undefined ? undefined : `${file} is ${what}.`;
  } catch (thrown) {
    return toEaselError(thrown).message;
  }
}

function listed(folder: string, names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => path.join(folder, name));
  return shown.join(', ') + (names.length > shown.length ? ', …' : '');
}
