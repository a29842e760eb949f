import { decodeElement, elementBytes } from '../weights/dtype';
import { FileReader } from '../io/file-reader';
import type { TensorRef } from '../weights/source';
import { stateDictTensors } from '../weights/torch-checkpoint';
import { readAdapterFile } from '../weights/weight-file';
import {
  type LoraComponent,
  type LoraKey,
  type LoraRole,
  type OtherKind,
  parseLoraKey,
  moduleKey,
} from './lora-names';
import { loraFamily, type LoraFamily } from './lora-family';
import { noLora, otherKinds, type KindCounts } from './lora-refusals';
import { EaselError } from '../../core/errors';
import { isRecord } from '../../core/json';

/** `factor · up · (mid ·) down` is added to the weight. */
export interface LowRankChange {
  /** [rank, inputs] or [rank, inputs, k, k]. */
  readonly down: TensorRef;
  /** [outputs, rank] or [outputs, rank, 1, 1]. */
  readonly up: TensorRef;
  /** [rank, rank, k, k] between `up` and `down`, in LoCon files with a decomposed kernel. */
  readonly mid: TensorRef | undefined;
  /** alpha / rank; 1 if the file has no alpha. */
  readonly factor: number;
}

/** `factor · difference` is added to the weight; the shape is the weight's. */
export interface FullChange {
  readonly difference: TensorRef;
  readonly factor: number;
}

/** The change of one parameter. */
export interface LoraModule {
  readonly component: LoraComponent;
  /** See `LoraKey.module`. */
  readonly module: string;
  readonly parameter: 'weight' | 'bias';
  readonly change: LowRankChange | FullChange;
}

export interface LoraFile {
  readonly path: string;
  /** Never empty. */
  readonly modules: readonly LoraModule[];
  /** Names of tensors that are not read: of an unknown role, or textual inversions in the same file. */
  readonly unknown: readonly string[];
  /** The family of models that the file was made for, as far as its names and shapes tell. */
  readonly family: LoraFamily;
  /** Its name in the metadata of kohya's scripts and of others (Stability AI's ModelSpec). */
  readonly title: string | undefined;
}

type Parts = { readonly key: LoraKey } & Partial<Record<LoraRole, TensorRef>>;

/**
 * Reads the names, shapes and alphas of a LoRA file, in the formats of diffusers (PEFT and older), kohya,
 * LyCORIS (LoCon, full differences and norms), ComfyUI and OneTrainer, from safetensors or a PyTorch checkpoint.
 * The matrices are not loaded.
 *
 * @throws EaselError `model-incomplete` (no such file), `bad-file`, `unsafe-file`, `unsupported-model` (not a
 *   LoRA, or another kind of adapter; the message names it)
 */
export async function readLoraFile(path: string): Promise<LoraFile> {
  const { tensors, metadata } = await readTensors(path);
  const modules = new Map<string, Parts>();
  const unknown: string[] = [];
  const others: KindCounts = new Map();
  for (const [name, tensor] of tensors) {
    const key = parseLoraKey(name);
    const id = `${key.component} ${key.module}`;
    if (key.kind !== undefined) countKind(others, key.kind, tensor, id);
    else if (key.role === undefined) unknown.push(name);
    else {
      const parts = modules.get(id) ?? { key };
      modules.set(id, parts);
      parts[key.role] ??= tensor;
    }
  }
  if (others.size > 0) throw otherKinds(path, others, countLoras(modules, others));
  const numbers = await readNumbers(path, [...modules.values()]);
  const adapter = readAdapterAlphas(metadata.get('lora_adapter_metadata'), path);
  const changes = [...modules.values()].flatMap((parts) =>
    changesOf(parts, path, (rank) => {
      const { alpha, scalar = 1 } = numbers.get(parts.key) ?? {};
      const { component, module } = parts.key;
      return scalar * (alpha === undefined ? adapter(component, module, rank) : alpha / rank);
    }),
  );
  if (changes.length === 0) throw noLora(path, [...tensors.keys()]);
  const title = metadata.get('modelspec.title') ?? metadata.get('ss_output_name');
  return { path, modules: changes, unknown, family: loraFamily(tensors, metadata), title };
}

function countKind(counts: KindCounts, kind: OtherKind, tensor: TensorRef, module: string): void {
  // LyCORIS gives both kinds the same names; BOFT's blocks have one axis more.
  const name = kind === 'OFT' && tensor.shape.length === 4 ? 'BOFT' : kind;
  const known = counts.get(name) ?? new Set();
  counts.set(name, known.add(module));
}

/** The number of plain LoRA modules in a file that has other kinds too. */
function countLoras(modules: ReadonlyMap<string, Parts>, others: KindCounts): number {
  const taken = new Set([...others.values()].flatMap((ids) => [...ids]));
  return [...modules].filter(([id, { down }]) => down !== undefined && !taken.has(id)).length;
}

/** The changes of one module's weight and bias; none for a module of which there is only the alpha. */
function changesOf(
  { key, ...parts }: Parts,
  path: string,
  factorOf: (rank: number) => number,
): LoraModule[] {
  const { down, up, mid, bias, difference } = parts;
  const { component, module } = key;
  const place = { component, module };
  const changes: LoraModule[] = [];
  const full = (parameter: LoraModule['parameter'], tensor: TensorRef, factor: number) =>
    changes.push({ ...place, parameter, change: { difference: tensor, factor } });
  if (down !== undefined || up !== undefined || mid !== undefined) {
    if (down === undefined || up === undefined) throw incomplete(path, key);
    const rank = down.shape[0] ?? 0;
    if (rank === 0 || up.shape[1] !== rank) throw incomplete(path, key);
    const factor = factorOf(rank);
    changes.push({ ...place, parameter: 'weight', change: { down, up, mid, factor } });
    if (bias !== undefined) full('bias', bias, factor);
  }
  if (difference !== undefined) full('weight', difference, 1);
  const biasDifference = parts['bias-difference'];
  if (biasDifference !== undefined) full('bias', biasDifference, 1);
  return changes;
}

async function readTensors(path: string): Promise<{
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly metadata: ReadonlyMap<string, string>;
}> {
  const file = await readAdapterFile(path);
  return file.format === 'safetensors'
    ? file
    : { tensors: stateDictTensors(file.checkpoint), metadata: new Map() };
}

interface Numbers {
  readonly alpha?: number;
  readonly scalar?: number;
}

/** Reads the alphas and scalars; each is a tensor of one element. */
async function readNumbers(
  path: string,
  modules: readonly Parts[],
): Promise<ReadonlyMap<LoraKey, Numbers>> {
  return FileReader.use(path, async (reader) => {
    const read = async (role: 'alpha' | 'scalar', { key, ...parts }: Parts) => {
      const tensor = parts[role];
      if (tensor === undefined) return {};
      const isNumber = tensor.length === elementBytes(tensor.dtype);
      const bytes = isNumber ? await reader.read(tensor.offset, tensor.length) : undefined;
      const value = bytes === undefined ? NaN : decodeElement(bytes, tensor.dtype);
      if (Number.isFinite(value)) return { [role]: value };
      throw reader.damaged(`the ${role} of ${key.module.slice(0, 120)} is no number`);
    };
    const numbers = new Map<LoraKey, Numbers>();
    for (const parts of modules) {
      numbers.set(parts.key, { ...(await read('alpha', parts)), ...(await read('scalar', parts)) });
    }
    return numbers;
  });
}

function incomplete(path: string, { module }: LoraKey): EaselError {
  const message = `${path} is damaged: it has only a part of the matrices for ${module.slice(0, 120)}. Download it again.`;
  return new EaselError('bad-file', message, { path, module });
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
    throw otherKinds(path, new Map([['DoRA', new Set()]]), 0);
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
