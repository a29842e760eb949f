import type { DType } from './dtype';

/** The values of a restricted pickle. Lists and dicts can contain themselves, so a walk must detect cycles. */
export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleSet
  | PickleName
  | PickleOpaque
  | Storage
  | TorchTensor;

export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

export class PickleSet {
  readonly items: PickleValue[] = [];
}

/** A dict or an OrderedDict. Keys that are objects are compared by identity. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();

  get(key: string): PickleValue | undefined {
    return this.entries.get(key);
  }
}

/** torch's ParameterDict or ParameterList, which is a module: its entries are in its attribute `_parameters`. */
export class PickleParameters extends PickleDict {}

/** An allowed global. It is only a name, never a Python function. */
export class PickleName {
  constructor(readonly name: string) {}
}

/** The result of calling an ignored name of a training tool. Only the name is kept. */
export class PickleOpaque {
  constructor(readonly name: string) {}
}

/** A sequence of elements. Tensors are views of it. */
export class Storage {
  constructor(
    /** The storage's name in the file. */
    readonly key: string,
    readonly dtype: DType,
    /** Number of elements. */
    readonly count: number,
  ) {}
}

/** A view of a storage. `offset` and `strides` count elements. */
export class TorchTensor {
  constructor(
    readonly storage: Storage,
    readonly dtype: DType,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** The storages of all tensors in a value, by key. */
export function storagesOf(root: PickleValue): ReadonlyMap<string, Storage> {
  const storages = new Map<string, Storage>();
  const seen = new Set<PickleValue>();
  const open: PickleValue[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === null || typeof value !== 'object' || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof TorchTensor) storages.set(value.storage.key, value.storage);
    else if (value instanceof PickleDict)
      for (const item of value.entries.values()) open.push(item);
    else if ('items' in value) for (const item of value.items) open.push(item);
  }
  return storages;
}

/** Storage key → position of its elements, in bytes from the start of the file. */
export type StoragePlaces = ReadonlyMap<
  string,
  { readonly offset: number; readonly length: number }
>;
