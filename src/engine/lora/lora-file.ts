import { DTYPE_BYTES, decodeElement } from '../weights/dtype';
import { FileReader } from '../io/file-reader';
import { readSafetensorsHeader, type TensorRef } from '../weights/safetensors';
import { readTorchCheckpoint, stateDictTensors } from '../weights/torch-checkpoint';
import { type LoraComponent, type LoraKey, parseLoraKey, moduleKey } from './lora-names';
import { EaselError } from '../../core/errors';
import { isRecord } from '../../core/json';

/** The change of one module: `factor · up · (mid ·) down` is added to its weight. */
export interface LoraModule {
  readonly component: LoraComponent;
  /** See `LoraKey.module`. */
  readonly module: string;
  /** [rank, inputs] or [rank, inputs, k, k]. */
  readonly down: TensorRef;
  /** [outputs, rank] or [outputs, rank, 1, 1]. */
  readonly up: TensorRef;
  /** [rank, rank, k, k] between `up` and `down`, in LoCon files with a decomposed kernel. */
  readonly mid: TensorRef | undefined;
  /** alpha / rank; 1 if the file has no alpha. */
  readonly factor: number;
}

export interface LoraFile {
  readonly path: string;
  readonly modules: readonly LoraModule[];
  /** Names of tensors of unsupported kinds (LoHa, LoKr, full differences). */
  readonly unsupported: readonly string[];
}

interface Parts {
  readonly key: LoraKey;
  down?: TensorRef;
  up?: TensorRef;
  mid?: TensorRef;
  alpha?: TensorRef;
}

/**
 * Reads the names, shapes and alphas of a LoRA file, in diffusers' formats (PEFT and older) or kohya's, from
 * safetensors or a PyTorch checkpoint. The matrices are not loaded.
 *
 * @throws EaselError `model-incomplete` (no such file), `bad-file`, `unsafe-file`, `unsupported-model` (not a
 *   LoRA, or an unsupported kind)
 */
export async function readLoraFile(path: string): Promise<LoraFile> {
  const { tensors, metadata } = await readTensors(path);
  const modules = new Map<string, Parts>();
  const unsupported: string[] = [];
  for (const [name, tensor] of tensors) {
    const key = parseLoraKey(name);
    const id = `${key.component} ${key.module}`;
    const parts = modules.get(id) ?? { key };
    if (key.role === 'unsupported') unsupported.push(name);
    else if (key.role !== 'ignored') {
      modules.set(id, parts);
      parts[key.role] ??= tensor;
    }
  }
  const alphas = await readAlphas(path, [...modules.values()]);
  const adapter = readAdapterAlphas(metadata.get('lora_adapter_metadata'), path);
  const complete: LoraModule[] = [];
  for (const { key, down, up, mid } of modules.values()) {
    if (down === undefined || up === undefined) throw incomplete(path, key);
    const rank = down.shape[0] ?? 0;
    if (rank === 0 || up.shape[1] !== rank) throw incomplete(path, key);
    const alpha = alphas.get(key);
    const factor = alpha === undefined ? adapter(key.component, key.module, rank) : alpha / rank;
    complete.push({ component: key.component, module: key.module, down, up, mid, factor });
  }
  if (complete.length === 0) throw noLora(path, unsupported);
  return { path, modules: complete, unsupported };
}

async function readTensors(path: string): Promise<{
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly metadata: ReadonlyMap<string, string>;
}> {
  if (path.endsWith('.safetensors')) return readSafetensorsHeader(path);
  const tensors = stateDictTensors(await readTorchCheckpoint(path));
  return { tensors, metadata: new Map() };
}

/** Reads the alphas; each is a tensor of one element. */
async function readAlphas(
  path: string,
  modules: readonly Parts[],
): Promise<ReadonlyMap<LoraKey, number>> {
  return FileReader.use(path, async (reader) => {
    const alphas = new Map<LoraKey, number>();
    for (const { key, alpha } of modules) {
      if (alpha === undefined) continue;
      if (alpha.length !== DTYPE_BYTES[alpha.dtype])
        throw reader.damaged(`the alpha of ${key.module} is no number`);
      const value = decodeElement(await reader.read(alpha.offset, alpha.length), alpha.dtype);
      if (!Number.isFinite(value)) throw reader.damaged(`the alpha of ${key.module} is no number`);
      alphas.set(key, value);
    }
    return alphas;
  });
}

function incomplete(path: string, { module }: LoraKey): EaselError {
  const message = `${path} is damaged: it has only a part of the matrices for ${module.slice(0, 120)}. Download it again.`;
  return new EaselError('bad-file', message, { path, module });
}

function noLora(path: string, unsupported: readonly string[]): EaselError {
  const example = unsupported[0]?.slice(0, 120);
  const message =
    `${path} is no LoRA in a supported format. Supported: files of diffusers and of kohya's scripts.` +
    (example === undefined ? '' : ` It has a tensor ${JSON.stringify(example)}.`) +
    (unsupported.some((name) => /\.(hada|lokr|oft|ia3|diff)/.test(name))
      ? ' LoHa, LoKr and similar kinds are not supported.'
      : '');
  return new EaselError('unsupported-model', message, { path });
}

/** Returns alpha / rank of a module, from the metadata of a LoRA file. */
export type AdapterFactor = (component: LoraComponent, module: string, rank: number) => number;

/**
 * Reads `lora_adapter_metadata` of a safetensors header: PEFT's LoraConfig for each component, as diffusers
 * saves it (loaders/lora_base.py). Without this entry, alpha is the rank in every module.
 *
 * @throws EaselError `bad-file` (the metadata is not a JSON object), `unsupported-model` (DoRA)
 */
function readAdapterAlphas(text: string | undefined, path: string): AdapterFactor {
  if (text === undefined || text === '') return () => 1;
  const config = parse(text, path);
  if (Object.entries(config).some(([key, value]) => key.endsWith('use_dora') && value === true)) {
    const message = `${path} is a DoRA, which Easel does not support. Use a LoRA.`;
    throw new EaselError('unsupported-model', message, { path });
  }
  return (component, module, rank) => {
    const field = (name: string): unknown => config[`${component}.${name}`];
    const alpha = patternAlpha(field('alpha_pattern'), module) ?? field('lora_alpha');
    if (typeof alpha !== 'number') return 1;
    return alpha / (field('use_rslora') === true ? Math.sqrt(rank) : rank);
  };
}

/** The alpha of the pattern that matches the end of a module's path (PEFT, utils/other.py, `get_pattern_key`). */
function patternAlpha(patterns: unknown, module: string): unknown {
  if (!isRecord(patterns)) return undefined;
  const found = Object.entries(patterns).find(([pattern]) => {
    const key = moduleKey(pattern.replace(/^\^/, ''));
    return module === key || module.endsWith(`_${key}`);
  });
  return found?.[1];
}

function parse(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Reported below.
  }
  throw new EaselError(
    'bad-file',
    `${path} is damaged: its metadata is not a JSON object. Download it again.`,
    { path },
  );
}
