import { EaselError } from '../../core/errors';
import { DTYPE_BYTES } from './dtype';
import type { FileReader } from '../io/file-reader';
import { readPickle } from './pickle';
import {
  PickleDict,
  PickleList,
  type PickleValue,
  type Storage,
  type StoragePlaces,
  storagesOf,
} from './pickle-value';

/** The pickled magic number 0x1950a86a20f9469cfc6c (torch/serialization.py, MAGIC_NUMBER). */
const MAGIC = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
const PROTOCOL_VERSION = 1001;
/** Limit for the pickles at the start of the file, before the values. */
const MAX_HEAD_BYTES = 32_000_000;
const COUNT_BYTES = 8;

export function isLegacyCheckpoint(start: Buffer): boolean {
  return start.subarray(0, MAGIC.length).equals(MAGIC);
}

/**
 * Reads torch's format before version 1.6 (torch/serialization.py, `_legacy_load`): pickles of the magic
 * number, the protocol, the machine, the object and the keys of its storages; then for each key the number
 * of elements and the elements.
 *
 * @throws EaselError `unsafe-file`, `bad-file`, `unsupported-model` (big-endian)
 */
export async function readLegacyCheckpoint(
  reader: FileReader,
): Promise<{ readonly root: PickleValue; readonly places: StoragePlaces }> {
  const head = await reader.read(0, Math.min(reader.size, MAX_HEAD_BYTES));
  const protocol = readPickle(head, reader.path, MAGIC.length);
  if (protocol.value !== PROTOCOL_VERSION) throw reader.damaged('its protocol is not 1001');
  const machine = readPickle(head, reader.path, protocol.end);
  if (machine.value instanceof PickleDict && machine.value.get('little_endian') === false) {
    const message = `${reader.path} is in big-endian byte order, which Easel does not support. Use the model as safetensors.`;
    throw new EaselError('unsupported-model', message, { path: reader.path });
  }
  const object = readPickle(head, reader.path, machine.end);
  const keys = readPickle(head, reader.path, object.end);
  const places = await locateStorages(reader, storagesOf(object.value), keys.value, keys.end);
  return { root: object.value, places };
}

async function locateStorages(
  reader: FileReader,
  storages: ReadonlyMap<string, Storage>,
  keys: PickleValue,
  start: number,
): Promise<StoragePlaces> {
  if (!(keys instanceof PickleList)) throw reader.damaged('it has no list of storages');
  const places = new Map<string, { offset: number; length: number }>();
  let at = start;
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) throw reader.damaged('it has a storage that no tensor uses');
    const count = (await reader.read(at, COUNT_BYTES)).readBigInt64LE(0);
    if (count !== BigInt(storage.count)) throw reader.damaged('a storage has two lengths');
    const offset = at + COUNT_BYTES;
    const length = storage.count * DTYPE_BYTES[storage.dtype];
    at = offset + length;
    if (at > reader.size) throw reader.damaged('it is cut short');
    places.set(storage.key, { offset, length });
  }
  return places;
}
