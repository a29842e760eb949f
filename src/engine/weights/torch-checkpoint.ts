import { EaselError } from '../../core/errors';
import { DTYPE_BYTES } from './dtype';
import { isSafetensors, refuseForeign, START_BYTES } from './file-kind';
import { FileReader } from '../io/file-reader';
import { readPickle } from './pickle';
import {
  PickleDict,
  PickleOpaque,
  type PickleValue,
  type Storage,
  type StoragePlaces,
  storagesOf,
  TorchTensor,
} from './pickle-value';
import type { TensorRef } from './safetensors';
import { isLegacyCheckpoint, readLegacyCheckpoint } from './torch-legacy';
import { locateEntry, readZipDirectory } from './zip-directory';

/** The contents of a file from `torch.save`: plain values, and tensors whose values are not loaded. */
export interface TorchCheckpoint {
  /** Real path of the file. */
  readonly file: string;
  readonly root: PickleValue;
  /**
   * Finds the position of a tensor's values.
   * @throws EaselError `bad-file`; `unsupported-model` for a view with gaps
   */
  locate(name: string, tensor: TorchTensor): TensorRef;
}

/** Names and shapes of a model with a thousand tensors take 0.2 MB. */
const MAX_PICKLE_BYTES = 64_000_000;
const MAX_DEPTH = 4;

/**
 * Reads a PyTorch checkpoint (`.bin`, `.ckpt`, `.pt`): torch's zip format, or the format before torch 1.6. Only
 * the pickle with names and shapes is read, by `readPickle`, which executes nothing.
 *
 * @throws EaselError `unsafe-file` (more than plain values and tensors), `bad-file` (damaged),
 *   `model-incomplete` (no such file), `unsupported-model` (big-endian)
 */
export async function readTorchCheckpoint(path: string): Promise<TorchCheckpoint> {
  return FileReader.use(path, async (reader) => {
    const start = await reader.read(0, Math.min(reader.size, START_BYTES));
    refuseForeign(path, start);
    if (isLegacyCheckpoint(start)) {
      const { root, places } = await readLegacyCheckpoint(reader);
      return checkpointOf(reader, root, places);
    }
    if (start.length < 4 || start.readUInt32LE(0) !== 0x04034b50) throw notFromTorch(path, start);
    return readZipCheckpoint(reader);
  });
}

/** The names that training tools nest a state dict under. */
const NESTED = ['state_dict'];

/**
 * The tensors of a state dict by name. It may be nested under `state_dict`, as training tools save it. Other
 * values (an epoch, a version) are ignored.
 *
 * @param nested the names that it may be nested under, the first that is there
 * @throws EaselError `unsafe-file` if an ignored object of a training tool is among the tensors; `bad-file`
 */
export function stateDictTensors(
  checkpoint: TorchCheckpoint,
  nested?: readonly string[],
): ReadonlyMap<string, TensorRef> {
  const tensors = new Map<string, TensorRef>();
  for (const [name, value] of stateDict(checkpoint, nested).entries) {
    if (typeof name !== 'string') continue;
    if (value instanceof TorchTensor) tensors.set(name, checkpoint.locate(name, value));
    if (value instanceof PickleOpaque) throw opaqueTensor(checkpoint.file, name, value.name);
  }
  return tensors;
}

/**
 * The tensors of a file of dicts with tensors, by names such as `image_proj.norm.weight` of the dict `image_proj`.
 * @throws EaselError as `stateDictTensors`
 */
export function nestedTensors(checkpoint: TorchCheckpoint): ReadonlyMap<string, TensorRef> {
  const tensors = new Map(stateDictTensors(checkpoint));
  for (const [outer, dict] of stateDict(checkpoint).entries) {
    if (typeof outer !== 'string' || !(dict instanceof PickleDict)) continue;
    const inner = stateDictTensors({ ...checkpoint, root: dict });
    for (const [name, tensor] of inner) {
      tensors.set(`${outer}.${name}`, { ...tensor, name: `${outer}.${name}` });
    }
  }
  return tensors;
}

/** The dict with the tensors. @throws EaselError `bad-file` if there is none */
export function stateDict(
  { root, file }: TorchCheckpoint,
  nested: readonly string[] = NESTED,
): PickleDict {
  let dict = root;
  for (let depth = 0; depth < MAX_DEPTH && dict instanceof PickleDict; depth++) {
    const { entries } = dict;
    const inner = nested.map((name) => entries.get(name)).find(isDict);
    if (!inner) return dict;
    dict = inner;
  }
  throw new EaselError(
    'bad-file',
    `${file} has no dict of tensors. Use the model as safetensors.`,
    { path: file },
  );
}

function isDict(value: PickleValue | undefined): value is PickleDict {
  return value instanceof PickleDict;
}

async function readZipCheckpoint(reader: FileReader): Promise<TorchCheckpoint> {
  const directory = await readZipDirectory(reader);
  const pickle = [...directory.values()].find(({ name }) => /^[^/]*\/data\.pkl$/.test(name));
  if (pickle === undefined) throw otherZip(reader.path, [...directory.keys()]);
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  const read = async (name: string, limit: number): Promise<Buffer | undefined> => {
    const entry = directory.get(folder + name);
    if (entry === undefined) return undefined;
    if (entry.length > limit) throw reader.damaged(`its ${name} has ${entry.length} bytes`);
    const { offset, length } = await locateEntry(reader, entry);
    return reader.read(offset, length);
  };
  if (directory.has(`${folder}constants.pkl`)) {
    const message = `${reader.path} is a TorchScript program, not weights. Easel does not run it. Use the model as safetensors.`;
    throw new EaselError('unsafe-file', message, { path: reader.path });
  }
  const order = (await read('byteorder', 64))?.toString('latin1').trim() ?? 'little';
  if (order !== 'little') throw bigEndian(reader.path);
  const bytes = (await read('data.pkl', MAX_PICKLE_BYTES)) ?? Buffer.alloc(0);
  const { value } = readPickle(bytes, reader.path);
  const places = new Map<string, { offset: number; length: number }>();
  for (const key of storagesOf(value).keys()) {
    const entry = directory.get(`${folder}data/${key}`);
    if (entry === undefined)
      throw reader.damaged(`the values of storage ${key.slice(0, 40)} are missing`);
    places.set(key, await locateEntry(reader, entry));
  }
  return checkpointOf(reader, value, places);
}

function checkpointOf(
  reader: FileReader,
  root: PickleValue,
  places: StoragePlaces,
): TorchCheckpoint {
  return {
    file: reader.file,
    root,
    locate: (name, tensor) => locate(reader, places, name, tensor),
  };
}

function locate(
  reader: FileReader,
  places: StoragePlaces,
  name: string,
  { storage, dtype, offset, shape, strides }: TorchTensor,
): TensorRef {
  const shown = JSON.stringify(name.slice(0, 120));
  const place = places.get(storage.key);
  if (place === undefined) throw reader.damaged(`the values of ${shown} are missing`);
  const elementBytes = DTYPE_BYTES[dtype];
  const elements = shape.reduce((product, size) => product * size, 1);
  const end = (offset + elements) * elementBytes;
  if (!fits(storage, place.length) || !(end <= storage.count * elementBytes)) {
    throw reader.damaged(`the values of ${shown} end past their storage`);
  }
  const layout = layoutOf(shape, strides);
  if (layout === 'strided') {
    const message =
      `${reader.path} stores ${shown} as a view with gaps (strides ${strides.join(', ')}), which Easel does not ` +
      'support. Save it with .contiguous(), or use the model as safetensors.';
    throw new EaselError('unsupported-model', message, { path: reader.path, tensor: name });
  }
  const ref = {
    name,
    dtype,
    shape,
    file: reader.file,
    offset: place.offset + offset * elementBytes,
    length: elements * elementBytes,
  };
  return layout === 'transposed' ? { ...ref, transposed: true } : ref;
}

function fits({ count, dtype }: Storage, bytes: number): boolean {
  return count * DTYPE_BYTES[dtype] <= bytes;
}

/**
 * The order of a tensor's values: row-major, transposed (a column-major matrix), or with gaps. Axes of size 1
 * do not matter.
 */
function layoutOf(
  shape: readonly number[],
  strides: readonly number[],
): 'rows' | 'transposed' | 'strided' {
  if (shape.includes(0)) return 'rows';
  const isOrder = (axes: readonly number[]): boolean => {
    let expected = 1;
    return axes.every((axis) => {
      const right = shape[axis] === 1 || strides[axis] === expected;
      expected *= shape[axis]!;
      return right;
    });
  };
  const axes = shape.map((_, axis) => axis);
  if (isOrder([...axes].reverse())) return 'rows';
  return shape.length === 2 && isOrder(axes) ? 'transposed' : 'strided';
}

function opaqueTensor(path: string, tensor: string, refused: string): EaselError {
  const message =
    `${path} has a ${refused} among its tensors (${JSON.stringify(tensor.slice(0, 120))}), which is not allowed in ` +
    'a state dict. Use the model as safetensors.';
  return new EaselError('unsafe-file', message, { path, refused });
}

function notFromTorch(path: string, start: Buffer): EaselError {
  if (isSafetensors(start)) {
    const message = `${path} is a safetensors file. Give it a name that ends in .safetensors.`;
    return new EaselError('bad-file', message, { path });
  }
  if (start[0] === 0x80) {
    const message =
      `${path} is a pickle of Python, but not from torch.save. Such a file can run code, so Easel does not open ` +
      'it. Use the model as safetensors.';
    return new EaselError('unsafe-file', message, { path });
  }
  const message =
    `${path} is neither a safetensors file nor a PyTorch checkpoint from torch.save, or is damaged. ` +
    'Download it again, or use the model as safetensors.';
  return new EaselError('bad-file', message, { path });
}

/** A zip file that torch.save did not write: what is in it says what to do. */
function otherZip(path: string, names: readonly string[]): EaselError {
  const refuse = (what: string, next: string) =>
    new EaselError('unsupported-model', `${path} is ${what}. ${next}`, { path });
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (has(/(^|\/)model_index\.json$/)) {
    return refuse('a zip archive of a diffusers folder', 'Unpack it, and give the folder.');
  }
  if (has(/\.(safetensors|ckpt|pt|bin)$/)) {
    return refuse('a zip archive with files of weights', 'Unpack it, and give one of them.');
  }
  if (has(/\.npy$/)) {
    return refuse('an archive of NumPy arrays', 'Use the model as safetensors.');
  }
  return refuse(
    'a zip archive, and no file of weights is in it',
    'Give the file of weights (.safetensors) or the folder of the model.',
  );
}

function bigEndian(path: string): EaselError {
  const message = `${path} is in big-endian byte order, which Easel does not support. Use the model as safetensors.`;
  return new EaselError('unsupported-model', message, { path });
}
