import type { DType } from './dtype';

/** What a restricted pickle can hold. Lists and dicts may hold themselves: walk them with care. */
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

/** A dict or an OrderedDict. Keys that are no plain values are compared by identity. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();

  get(key: string): PickleValue | undefined {
    return this.entries.get(key);
  }
}

/** A global that is allowed: a name, never a function of Python's. */
export class PickleName {
  constructor(readonly name: string) {}
}

/** What a call of a trainer's name would make: nothing but that name is kept of it. */
export class PickleOpaque {
  constructor(readonly name: string) {}
}

/** A run of elements that tensors are views of. */
export class Storage {
  constructor(
    /** How the file names it. */
    readonly key: string,
    readonly dtype: DType,
    /** Elements. */
    readonly count: number,
  ) {}
}

/** A view of a storage, in elements. */
export class TorchTensor {
  constructor(
    readonly storage: Storage,
    readonly dtype: DType,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

/** The storages that a value reaches, by key. */
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

/** Where the elements of each storage begin, in bytes from the start of the file. */
export type StoragePlaces = ReadonlyMap<
  string,
  { readonly offset: number; readonly length: number }
>;
