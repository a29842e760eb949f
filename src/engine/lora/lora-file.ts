import { loraFacts, type LoraFacts } from '../../core/catalogue/lora-facts';
import { EaselError } from '../../core/errors';
import { FileReader } from '../io/file-reader';
import { bundledWordOf, bundledWords, type LearnedWord } from '../weights/bundled-words';
import { readNumber } from '../weights/read-number';
import type { TensorRef } from '../weights/source';
import { stateDictTensors } from '../weights/torch-checkpoint';
import { readPartFile } from '../weights/weight-file';
import { readAdapterConfig } from './lora-config';
import { loraFamily, type LoraFamily } from './lora-family';
import { changesOf, type ParameterChange } from './lora-modules';
import {
  type LoraComponent,
  type LoraKey,
  type LoraRole,
  type OtherKind,
  parseLoraKey,
} from './lora-names';
import { noLora, otherKinds, type KindCounts } from './lora-refusals';

/** The change of one parameter. */
export interface LoraModule extends ParameterChange {
  readonly component: LoraComponent;
  /** See `LoraKey.module`. */
  readonly module: string;
}

export interface LoraFile {
  readonly path: string;
  /** Never empty. */
  readonly modules: readonly LoraModule[];
  /** Names of tensors that are not read: of an unknown role. */
  readonly unknown: readonly string[];
  /** Textual inversions in the same file. */
  readonly words: readonly LearnedWord[];
  /** The family of models that the file was made for, as far as its names and shapes tell. */
  readonly family: LoraFamily;
  /** What its metadata says for users. */
  readonly facts: LoraFacts;
}

interface Module {
  readonly key: LoraKey;
  readonly tensors: Partial<Record<LoraRole, TensorRef>>;
}

/**
 * Reads the names, shapes and alphas of a LoRA file, in the formats of diffusers (PEFT and older), kohya,
 * LyCORIS (LoCon, LoHa, LoKr, GLoRA, (IA)³, DoRA, full differences and norms), ComfyUI and OneTrainer, from
 * safetensors or a PyTorch checkpoint. The matrices are not loaded.
 *
 * @throws EaselError `model-incomplete` (no such file), `bad-file`, `unsafe-file`, `unsupported-model` (not a
 *   LoRA, or another kind of adapter; the message names it)
 */
export async function readLoraFile(path: string): Promise<LoraFile> {
  const { tensors, metadata } = await readTensors(path);
  const { modules, unknown, others } = sortTensors(tensors);
  if (others.size > 0) throw otherKinds(path, others, countLoras(modules, others));
  const numbers = await readNumbers(path, [...modules.values()]);
  const config = await readAdapterConfig(path, metadata);
  const changes = [...modules.values()].flatMap(({ key, tensors: parts }) => {
    const { component, module } = key;
    const { alpha, scalar = 1, onInput = 0 } = numbers.get(key) ?? {};
    const found = changesOf(parts, {
      factor: (rank) => {
        if (alpha === undefined) return scalar * config.factor(component, module, rank);
        return rank === undefined ? scalar : (scalar * alpha) / rank;
      },
      isOnInput: onInput !== 0,
      isFeedForward: config.isFeedForward(module),
    });
    if (found === undefined) throw incomplete(path, key);
    return found.map((change) => ({ component, module, ...change }));
  });
  if (changes.length === 0) throw noLora(path, [...tensors.keys()]);
  const family = loraFamily(tensors.keys(), changes, metadata);
  const words = bundledWords(tensors.values());
  return { path, modules: changes, unknown, words, family, facts: loraFacts(metadata) };
}

/** The family of a LoRA by its header alone, for lists: parts that are missing do not matter. */
export function familyOfLora(
  tensors: ReadonlyMap<string, TensorRef>,
  metadata: ReadonlyMap<string, string>,
): LoraFamily {
  const numbers = { factor: () => 1, isOnInput: false, isFeedForward: undefined };
  const changes = [...sortTensors(tensors).modules.values()].flatMap(
    ({ key: { component, module }, tensors: parts }) =>
      (changesOf(parts, numbers) ?? []).map((change) => ({ component, module, ...change })),
  );
  return loraFamily(tensors.keys(), changes, metadata);
}

/** The tensors by module and role, those of unknown roles, and the modules of other kinds of adapters. */
function sortTensors(tensors: ReadonlyMap<string, TensorRef>): {
  readonly modules: ReadonlyMap<string, Module>;
  readonly unknown: readonly string[];
  readonly others: KindCounts;
} {
  const modules = new Map<string, Module>();
  const unknown: string[] = [];
  const others: KindCounts = new Map();
  const vectors: { readonly id: string; readonly name: string }[] = [];
  for (const [name, tensor] of tensors) {
    if (bundledWordOf(tensor) !== undefined) continue;
    const key = parseLoraKey(name);
    const id = `${key.component} ${key.module}`;
    if (key.kind !== undefined) countKind(others, key.kind, tensor, id);
    else if (key.role === undefined) unknown.push(name);
    else {
      const parts = modules.get(id) ?? { key, tensors: {} };
      modules.set(id, parts);
      parts.tensors[key.role] ??= tensor;
      if (key.role === 'ia3-vector') vectors.push({ id, name });
    }
  }
  // Any tensor may be called `weight`.
  const isVector = ({ id }: { readonly id: string }) =>
    modules.get(id)?.tensors['ia3-on-input'] !== undefined;
  unknown.push(...vectors.filter((one) => !isVector(one)).map(({ name }) => name));
  return { modules, unknown, others };
}

function countKind(counts: KindCounts, kind: OtherKind, tensor: TensorRef, module: string): void {
  // LyCORIS gives both kinds the same names; BOFT's blocks have one axis more.
  const name = kind === 'OFT' && tensor.shape.length === 4 ? 'BOFT' : kind;
  const known = counts.get(name) ?? new Set();
  counts.set(name, known.add(module));
}

/** The number of plain LoRA modules in a file that has other kinds too. */
function countLoras(modules: ReadonlyMap<string, Module>, others: KindCounts): number {
  const taken = new Set([...others.values()].flatMap((ids) => [...ids]));
  return [...modules].filter(([id, { tensors }]) => tensors.down !== undefined && !taken.has(id))
    .length;
}

async function readTensors(path: string): Promise<{
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly metadata: ReadonlyMap<string, string>;
}> {
  const file = await readPartFile(path);
  return file.format === 'safetensors'
    ? file
    : { tensors: stateDictTensors(file.checkpoint), metadata: new Map() };
}

interface Numbers {
  readonly alpha?: number;
  readonly scalar?: number;
  readonly onInput?: number;
}

/** The roles of tensors that are one number. */
const NUMBERS = { alpha: 'alpha', scalar: 'scalar', 'ia3-on-input': 'onInput' } as const;

/** Reads the tensors of one element. */
async function readNumbers(
  path: string,
  modules: readonly Module[],
): Promise<ReadonlyMap<LoraKey, Numbers>> {
  return FileReader.use(path, async (reader) => {
    const numbers = new Map<LoraKey, Numbers>();
    for (const { key, tensors } of modules) {
      const own: Partial<Record<keyof Numbers, number>> = {};
      for (const [role, name] of Object.entries(NUMBERS) as [
        keyof typeof NUMBERS,
        keyof Numbers,
      ][]) {
        const tensor = tensors[role];
        if (tensor === undefined) continue;
        const what = `the ${name} of ${key.module.slice(0, 120)}`;
        own[name] = await readNumber(reader, tensor, what);
      }
      numbers.set(key, own);
    }
    return numbers;
  });
}

function incomplete(path: string, { module }: LoraKey): EaselError {
  const message = `${path} is damaged: it has only a part of the matrices for ${module.slice(0, 120)}. Download it again.`;
  return new EaselError('bad-file', message, { path, module });
}
