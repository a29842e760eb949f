import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isWidened } from './dtype';
import type { TensorRef } from './safetensors';
import { readWeightTensors } from './weight-file';
import { NUMBER_BYTES, type ComputeType } from '../../core/devices';
import { EaselError } from '../../core/errors';
import { isRecord } from '../../core/json';
import { requireInside } from '../io/containment';
import { damagedFile, FileReader } from '../io/file-reader';
import { isPartialName, weightFormat } from './file-kind';
import { withScales } from './scales';

export type { TensorRef } from './safetensors';

/** The weights of one component (UNet, text encoder, …): the position of each tensor, not its values. */
export interface WeightSource {
  /** The folder or file, for messages. */
  readonly description: string;
  get(name: string): TensorRef | undefined;
  names(): Iterable<string>;
  /** Bytes of all tensors. */
  readonly totalBytes: number;
}

const DIFFUSERS_BASE = 'diffusion_pytorch_model';

/** File names of diffusers' models and of transformers' (`*_WEIGHTS_NAME` in their utils). */
const FORMATS = [
  { ending: '.safetensors', bases: [DIFFUSERS_BASE, 'model'] },
  { ending: '.bin', bases: [DIFFUSERS_BASE, 'pytorch_model'] },
] as const;
type Format = (typeof FORMATS)[number];

/** Variants with the same weights, the smallest first. Others (`non_ema`, `ema`) are only used on request. */
const PRECISIONS = ['fp16', 'bf16', 'fp32'];
/** Endings of other weight files. Most are pickles. */
const UNSAFE = /\.(ckpt|pt|pth|pkl|msgpack|h5)$/;

export interface ComponentWeightOptions {
  readonly variant?: string | undefined;
  /** The model's folder; links out of it are refused. Default: the component's folder. */
  readonly root?: string;
  /**
   * Does not read pickles: of `.bin` files the result has only the size. For lists of models, which must not
   * depend on what is in them.
   */
  readonly skipPickles?: boolean;
}

/**
 * Opens the weights of a component folder, with the file names of `from_pretrained(…, variant=…)`:
 * `diffusion_pytorch_model` or `model`, then the variant, then `.safetensors` or an index of shards.
 * The order is: the requested variant, no variant, any precision; of each safetensors, then PyTorch's `.bin` files (see
 * `readTorchCheckpoint`). Of one file and shards, diffusers takes the shards, and transformers the file. Only headers are read. Links are resolved, so
 * `TensorRef.file` is the blob in a Hugging Face cache.
 *
 * @throws EaselError `model-incomplete` (no weights, or a missing shard), `unsafe-file` (only pickles of other
 *   kinds, or a pickle with more than weights), `bad-file` (a damaged file), `unsupported-model` (an
 *   unsupported element type)
 */
export async function openComponentWeights(
  folder: string,
  options: ComponentWeightOptions = {},
): Promise<WeightSource> {
  const present = await listFolder(folder);
  const files = new ComponentFiles(folder, options);
  for (const variant of new Set([options.variant, undefined, ...PRECISIONS])) {
    for (const format of FORMATS) {
      for (const base of format.bases) {
        const single = withVariant(base, variant, format.ending);
        const index = indexNames(base, variant, format).find((name) => present.has(name));
        const isSingle = present.has(single) && (base !== DIFFUSERS_BASE || index === undefined);
        if (isSingle) return files.open(single);
        if (index !== undefined) return files.openShards(index, format);
      }
    }
  }
  throw noWeights(folder, present);
}

/**
 * Opens one file: safetensors or a PyTorch checkpoint.
 * @throws EaselError `model-incomplete` (no such file), `unsafe-file`, `bad-file`, `unsupported-model`
 */
export async function openWeightFile(path: string): Promise<WeightSource> {
  return sourceOf(path, await readWeightTensors(path));
}

async function listFolder(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch (thrown) {
    const message = `${folder} is missing or cannot be read. Download the model again.`;
    throw new EaselError('model-incomplete', message, { folder }, { cause: thrown });
  }
}

function withVariant(base: string, variant: string | undefined, ending: string): string {
  return variant === undefined ? base + ending : `${base}.${variant}${ending}`;
}

/** A file of weights, a shard, or an index in either spelling, with a variant. */
const WITH_VARIANT =
  /^(?:diffusion_pytorch_model|pytorch_model|model)\.([\w-]+?)(?:-\d+-of-\d+)?\.(?:safetensors|bin)(?:\.index\.json)?$|\.index\.([\w-]+)\.json$/;

/** The variants of weights in a component's folder, by the names of its files. */
export function variantsAmong(names: Iterable<string>): readonly string[] {
  const found = [...names].flatMap((name) => {
    const [, variant, ofIndex] = WITH_VARIANT.exec(name) ?? [];
    return variant ?? ofIndex ?? [];
  });
  return [...new Set(found)].sort();
}

/** The two names of an index with a variant. diffusers' `_add_variant` writes the second. */
function indexNames(
  base: string,
  variant: string | undefined,
  { ending }: Format,
): readonly string[] {
  const plain = `${base}${ending}.index.json`;
  if (variant === undefined) return [plain];
  return [`${base}.${variant}${ending}.index.json`, `${base}${ending}.index.${variant}.json`];
}

/** The weights in a component's folder. */
class ComponentFiles {
  private readonly root: string;

  constructor(
    private readonly folder: string,
    private readonly options: ComponentWeightOptions,
  ) {
    this.root = options.root ?? folder;
  }

  async open(name: string): Promise<WeightSource> {
    const file = join(this.folder, name);
    await requireInside(file, this.root);
    if (!this.skips(name)) return openWeightFile(file);
    return unread(file, await unreadBytes(file));
  }

  async openShards(indexName: string, { ending }: Format): Promise<WeightSource> {
    const { folder } = this;
    await requireInside(join(folder, indexName), this.root);
    const index = await readShardIndex(join(folder, indexName), ending);
    const shards = [...new Set(index.values())];
    for (const shard of shards) await requireInside(join(folder, shard), this.root);
    if (this.skips(ending)) {
      let bytes = 0;
      for (const shard of shards) bytes += await unreadBytes(join(folder, shard));
      return unread(folder, bytes);
    }
    const files = new Map<string, ReadonlyMap<string, TensorRef>>();
    for (const shard of shards) files.set(shard, await readWeightTensors(join(folder, shard)));
    const tensors = new Map<string, TensorRef>();
    for (const [name, shard] of index) {
      const tensor = files.get(shard)?.get(name);
      if (tensor === undefined) {
        const message = `${join(folder, shard)} has no ${name}, although ${indexName} lists it. Download the model again.`;
        throw new EaselError('model-incomplete', message, { folder, shard, tensor: name });
      }
      tensors.set(name, tensor);
    }
    return sourceOf(folder, withScales(tensors));
  }

  private skips(name: string): boolean {
    return this.options.skipPickles === true && name.endsWith('.bin');
  }
}

/** Bytes of a PyTorch checkpoint, of which only the first bytes are read. */
async function unreadBytes(file: string): Promise<number> {
  await weightFormat(file);
  return (await stat(file)).size;
}

/** Weights whose names are not known, because the pickle with them was not read. */
function unread(description: string, totalBytes: number): WeightSource {
  return { description, totalBytes, get: () => undefined, names: () => [] };
}

/** Makes a source of a map of tensors. */
export function sourceOf(
  description: string,
  tensors: ReadonlyMap<string, TensorRef>,
): WeightSource {
  let totalBytes = 0;
  for (const { length } of tensors.values()) totalBytes += length;
  return {
    description,
    get: (name) => tensors.get(name),
    names: () => tensors.keys(),
    totalBytes,
  };
}

function noWeights(folder: string, present: ReadonlySet<string>): EaselError {
  const unsafe = [...present].filter((name) => UNSAFE.test(name)).sort();
  if (unsafe.length > 0) {
    const message =
      `${folder} has only weights of other formats (${unsafe.slice(0, 3).join(', ')}). Such files can run code, so ` +
      'Easel does not open them. Use the model as safetensors (for instance with variant or revision "fp16").';
    return new EaselError('unsafe-file', message, { folder, files: unsafe });
  }
  if ([...present].some(isPartialName)) {
    const message = `${folder} has no weights: a download there is not finished. Wait for it, or download the model again.`;
    return new EaselError('model-incomplete', message, { folder });
  }
  const others = [...present].filter((name) => /\.(safetensors|bin)$/.test(name)).sort();
  if (others.length > 0) {
    const [variant = 'NAME'] = variantsAmong(others);
    const message =
      `${folder} has no weights that Easel chooses by itself, only another variant ` +
      `(${others.slice(0, 3).join(', ')}). Easel reads those without a variant, and fp16, bf16 and fp32. ` +
      `Ask for it (--variant ${variant}), or download the model again.`;
    return new EaselError('model-incomplete', message, { folder, files: others });
  }
  const message =
    `${folder} has no weights: there is no diffusion_pytorch_model.safetensors or model.safetensors ` +
    '(or a variant such as .fp16). Download the model again.';
  return new EaselError('model-incomplete', message, { folder });
}

/** More than the index of any real model (about 100 bytes per tensor). */
const MAX_INDEX_BYTES = 100_000_000;

/**
 * Reads the index of a sharded model (`*.safetensors.index.json`, huggingface_hub's serialization):
 * tensor name → name of the shard in the same folder.
 *
 * @param ending of the shards' names: `.safetensors`, or `.bin` for an index of PyTorch files
 * @throws EaselError `bad-file` (damaged, or a shard outside of the folder), `unsafe-file` (a shard with
 *   another ending), `model-incomplete` (a Git LFS pointer)
 */
async function readShardIndex(
  path: string,
  ending = '.safetensors',
): Promise<ReadonlyMap<string, string>> {
  const index = await readJson(path);
  const weightMap = isRecord(index) ? index.weight_map : undefined;
  if (!isRecord(weightMap)) throw damagedFile(path, 'it has no weight_map');
  const shards = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(weightMap)) {
    if (typeof shard !== 'string' || !isFileName(shard)) {
      throw damagedFile(
        path,
        `its shard ${JSON.stringify(shard).slice(0, 120)} is not a file name`,
      );
    }
    if (!shard.endsWith(ending)) {
      const message = `${path} refers to ${shard.slice(0, 120)}, which is not a ${ending} file. Use the model as safetensors.`;
      throw new EaselError('unsafe-file', message, { path, shard });
    }
    shards.set(tensor, shard);
  }
  return shards;
}

async function readJson(path: string): Promise<unknown> {
  const text = await FileReader.use(path, async (reader) => {
    if (reader.size > MAX_INDEX_BYTES) throw reader.damaged(`it has ${reader.size} bytes`);
    return (await reader.read(0, reader.size)).toString('utf8');
  });
  if (text.startsWith('version https://git-lfs')) {
    const message = `${path} is only a Git LFS pointer. Run "git lfs pull" in the model's folder.`;
    throw new EaselError('model-incomplete', message, { path });
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message would quote the file.
    throw damagedFile(path, 'it is not JSON');
  }
}

/** Whether a name is only a file name: no path separator, no drive, no `..`. */
function isFileName(name: string): boolean {
  return /^[^/\\:\0]+$/.test(name) && name !== '.' && name !== '..';
}

/** The numbers in all tensors. */
export function countNumbers(weights: WeightSource): number {
  let count = 0;
  for (const name of weights.names()) {
    count += (weights.get(name)?.shape ?? []).reduce((product, size) => product * size, 1);
  }
  return count;
}

/** Where weights are computed with: `card` is a graphics card, which has its own memory. */
export type WeightPlace = 'processor' | 'card';

/**
 * Bytes that weights take where they are computed with: on the processor as stored, since the files are mapped into
 * memory, with the copies of them (`copiedBytes`); on a card what it computes with.
 */
export function weightMemory(
  weights: WeightSource,
  type: ComputeType,
  { place, ...copies }: CopyOptions & { readonly place: WeightPlace },
): number {
  const copied = copiedBytes(weights, type, copies);
  return place === 'card' && type === 'float32' ? copied : weights.totalBytes + copied;
}

interface CopyOptions {
  readonly changed?: ReadonlySet<string> | undefined;
  /** Whether a weight is copied at all that is not widened. Default: all are. */
  readonly isCopied?: (name: string) => boolean;
}

/**
 * Bytes that copies of weights take which ONNX Runtime makes to compute with them: in float32 of all, since it lays
 * them out anew for its kernels; in float16 of those that are stored in another type, or that LoRAs change. Those in
 * float8 or in blocks are always copied (`addStored`).
 */
function copiedBytes(
  weights: WeightSource,
  type: ComputeType,
  { changed, isCopied = () => true }: CopyOptions,
): number {
  let bytes = 0;
  for (const name of weights.names()) {
    const { shape = [], dtype } = weights.get(name) ?? {};
    const isAsStored = type === 'float16' && dtype === 'F16' && !changed?.has(name);
    const isWide = dtype !== undefined && isWidened(dtype);
    if (!isWide && (isAsStored || !isCopied(name))) continue;
    bytes += shape.reduce((product, size) => product * size, 1) * NUMBER_BYTES[type];
  }
  return bytes;
}
