import { EaselError } from '../../core/errors';
import { damagedFile } from '../io/file-reader';
import type { DType } from './dtype';
import {
  PickleDict,
  PickleList,
  PickleName,
  PickleOpaque,
  PickleParameters,
  PickleSet,
  PickleTuple,
  type PickleValue,
  Storage,
  TorchTensor,
} from './pickle-value';

/** torch's typed storages (torch/storage.py). The elements of an untyped storage are bytes. */
const STORAGES: Readonly<Record<string, DType>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
  'torch.storage.UntypedStorage': 'U8',
};

/** Counts entries against the limit of a pickle. */
type Spend = (entries: number) => void;

type Call = (args: readonly PickleValue[], path: string, spend: Spend) => PickleValue;

const CALLS: Readonly<Record<string, Call>> = {
  'collections.OrderedDict': makeDict,
  'torch._utils._rebuild_tensor': makeTensor,
  'torch._utils._rebuild_tensor_v2': makeTensor,
  'torch._utils._rebuild_parameter': makeParameter,
  'torch._utils._rebuild_parameter_with_state': makeParameter,
  '__builtin__.set': makeSet,
  'builtins.set': makeSet,
  'torch.Size': ([sizes], path) => {
    if (sizes instanceof PickleTuple) return sizes;
    throw damagedFile(path, 'a size is not a tuple');
  },
};

/** Names of element types. They can occur beside the tensors, for instance in training settings. */
const DTYPE_NAMES: ReadonlySet<string> = new Set(
  [
    'float64',
    'float32',
    'float16',
    'bfloat16',
    'double',
    'float',
    'half',
    'int64',
    'int32',
    'int16',
    'int8',
    'uint8',
    'bool',
    'long',
    'int',
    'short',
  ].map((name) => `torch.${name}`),
);

/**
 * Names in the metadata that Lightning saves beside the state dict, as in the original sd-v1-4.ckpt: a
 * callback's class, and numpy's numbers. They are ignored: a call returns a PickleOpaque.
 */
const TRAINING_NAMES: ReadonlySet<string> = new Set([
  'pytorch_lightning.callbacks.model_checkpoint.ModelCheckpoint',
  'numpy.dtype',
  'numpy.ndarray',
  '_codecs.encode',
  ...['numpy.core', 'numpy._core'].flatMap((module) => [
    `${module}.multiarray.scalar`,
    `${module}.multiarray._reconstruct`,
  ]),
]);

/**
 * Containers of parameters, which are modules. Old textual inversions have one. They are data here: only their
 * parameters are read.
 */
const PARAMETER_CONTAINERS: ReadonlySet<string> = new Set([
  'torch.nn.modules.container.ParameterDict',
  'torch.nn.modules.container.ParameterList',
]);

/** Whether a global is allowed in a checkpoint. */
export function isKnownName(name: string): boolean {
  return isTorchName(name) || TRAINING_NAMES.has(name) || PARAMETER_CONTAINERS.has(name);
}

function isTorchName(name: string): boolean {
  return Object.hasOwn(STORAGES, name) || Object.hasOwn(CALLS, name) || DTYPE_NAMES.has(name);
}

/**
 * The result of calling an allowed global.
 * @param spend counts the entries that are copied
 * @throws EaselError `unsafe-file` if it cannot be called; `bad-file` for wrong arguments; errors of `spend`
 */
export function callTorch(
  name: string,
  args: readonly PickleValue[],
  path: string,
  spend: Spend,
): PickleValue {
  spend(1);
  if (Object.hasOwn(CALLS, name)) return CALLS[name]!(args, path, spend);
  if (TRAINING_NAMES.has(name)) return new PickleOpaque(name);
  throw notAllowed(name, path);
}

/**
 * A new object of an allowed class, without its attributes.
 * @throws EaselError `unsafe-file` for another class
 */
export function newTorchObject(name: string, path: string): PickleParameters {
  if (PARAMETER_CONTAINERS.has(name)) return new PickleParameters();
  throw notAllowed(name, path);
}

function notAllowed(name: string, path: string): EaselError {
  const message = `${path} is a PyTorch file that calls ${name}, which is not allowed in a state dict. Use the model as safetensors.`;
  return new EaselError('unsafe-file', message, { path, refused: name });
}

/**
 * Reads the persistent id of a storage: `('storage', type, key, location, count, …)`.
 * @throws EaselError `bad-file`
 */
export function loadStorage(id: PickleValue, path: string): Storage {
  const items = id instanceof PickleTuple ? id.items : [];
  const [kind, type, key, , count] = items;
  const name = type instanceof PickleName ? type.name : '';
  if (kind !== 'storage' || !Object.hasOwn(STORAGES, name)) {
    throw damagedFile(path, 'a storage has no known type');
  }
  if (typeof key !== 'string' || !isSize(count)) {
    throw damagedFile(path, 'a storage has no key or no length');
  }
  const viewed = items[5] ?? null;
  if (viewed !== null) throw damagedFile(path, 'a storage is a view of another');
  return new Storage(key, STORAGES[name]!, count);
}

/** OrderedDict() and OrderedDict([[key, value], …]). */
function makeDict(args: readonly PickleValue[], path: string, spend: Spend): PickleDict {
  const dict = new PickleDict();
  const [pairs] = args;
  if (pairs === undefined) return dict;
  const items =
    pairs instanceof PickleList || pairs instanceof PickleTuple ? pairs.items : undefined;
  if (items === undefined) throw damagedFile(path, 'an OrderedDict is not made of pairs');
  spend(items.length);
  for (const pair of items) {
    const both = pair instanceof PickleList || pair instanceof PickleTuple ? pair.items : [];
    const [key, value] = both;
    if (key === undefined || value === undefined) {
      throw damagedFile(path, 'an OrderedDict is not made of pairs');
    }
    dict.entries.set(key, value);
  }
  return dict;
}

function makeParameter([data]: readonly PickleValue[], path: string): TorchTensor {
  if (data instanceof TorchTensor) return data;
  throw damagedFile(path, 'a parameter has no tensor');
}

/** set([item, …]) */
function makeSet([list]: readonly PickleValue[], path: string, spend: Spend): PickleSet {
  const set = new PickleSet();
  if (list === undefined) return set;
  if (!(list instanceof PickleList)) throw damagedFile(path, 'a set is not made of a list');
  spend(list.items.length);
  for (const item of list.items) set.items.push(item);
  return set;
}

/** `_rebuild_tensor(storage, offset, size, stride, …)`. The other arguments are only for training. */
function makeTensor(args: readonly PickleValue[], path: string): TorchTensor {
  const [storage, offset, size, stride] = args;
  if (!(storage instanceof Storage) || !isSize(offset))
    throw damagedFile(path, 'a tensor has no storage');
  const shape = sizes(size, path);
  const strides = sizes(stride, path);
  if (shape.length !== strides.length)
    throw damagedFile(path, 'a tensor has different numbers of strides and sizes');
  return new TorchTensor(storage, storage.dtype, offset, shape, strides);
}

function sizes(value: PickleValue | undefined, path: string): number[] {
  const items =
    value instanceof PickleTuple || value instanceof PickleList ? value.items : undefined;
  if (items === undefined || items.length > 16 || !items.every(isSize)) {
    throw damagedFile(path, 'a tensor has no shape');
  }
  return [...items] as number[];
}

function isSize(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
