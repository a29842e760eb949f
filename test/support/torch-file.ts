import { crc32 } from 'node:zlib';

import type { TensorToWrite } from './safetensors-file';

const STORAGES: Readonly<Record<string, string>> = {
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
};

/** Plain numbers beside the state dict of a checkpoint. */
export type CheckpointFacts = Readonly<Record<string, number>>;

/**
 * Encodes `{state_dict: tensors, …facts}` as torch.save does: a zip file of a pickle and stored values.
 * @param dict the name that the tensors are under
 */
export function encodeTorchCheckpoint(
  tensors: readonly TensorToWrite[],
  facts: CheckpointFacts = {},
  dict = 'state_dict',
): Buffer {
  return encodeTorchDicts({ [dict]: tensors }, facts);
}

/** The same of several dicts with tensors, by their names. */
export function encodeTorchDicts(
  dicts: Readonly<Record<string, readonly TensorToWrite[]>>,
  facts: CheckpointFacts = {},
): Buffer {
  const tensors = Object.values(dicts).flat();
  const files = tensors.map(({ bytes }, index) => ({ name: `archive/data/${index}`, bytes }));
  const pickle = { name: 'archive/data.pkl', bytes: pickleOf(dicts, tensors, facts) };
  return encodeZip([pickle, { name: 'archive/byteorder', bytes: Buffer.from('little') }, ...files]);
}

function pickleOf(
  dicts: Readonly<Record<string, readonly TensorToWrite[]>>,
  order: readonly TensorToWrite[],
  facts: CheckpointFacts,
): Uint8Array {
  const inner = Object.entries(dicts).flatMap(([name, tensors]) => {
    const state = tensors.flatMap((tensor) => [...text(tensor.name), ...rebuild(tensor, order.indexOf(tensor))]); // prettier-ignore
    return [...text(name), 0x7d, 0x28, ...state, 0x75];
  });
  const numbers = Object.entries(facts).flatMap(([name, value]) => [...text(name), ...int(value)]);
  return Uint8Array.from([0x80, 2, 0x7d, 0x28, ...inner, ...numbers, 0x75, 0x2e]);
}

function rebuild({ dtype, shape, bytes }: TensorToWrite, key: number): number[] {
  const width = dtype === 'F32' ? 4 : 2;
  const strides = shape.map((_, axis) =>
    shape.slice(axis + 1).reduce((all, size) => all * size, 1),
  );
  const storage = [
    ...[0x28, ...text('storage'), ...global('torch', STORAGES[dtype]!)],
    ...[...text(String(key)), ...text('cpu'), ...int(bytes.length / width), 0x74, 0x51],
  ];
  const hooks = [...global('collections', 'OrderedDict'), 0x29, 0x52];
  const args = [...storage, ...int(0), ...tuple(shape), ...tuple(strides), 0x89, ...hooks];
  return [...global('torch._utils', '_rebuild_tensor_v2'), 0x28, ...args, 0x74, 0x52];
}

const bytesOf = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >> shift) & 255);
const int = (value: number): number[] => [0x4a, ...bytesOf(value)];
const tuple = (values: readonly number[]): number[] => [0x28, ...values.flatMap(int), 0x74];
const global = (module: string, name: string): number[] => [
  ...[0x63, ...Buffer.from(`${module}\n${name}\n`)],
];

function text(value: string): number[] {
  const bytes = Buffer.from(value, 'utf8');
  return [0x58, ...bytesOf(bytes.length), ...bytes];
}

interface ZipFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A zip file of stored entries. */
export function encodeZip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const sizes = Buffer.alloc(12);
    [crc32(bytes), bytes.length, bytes.length].forEach((value, at) => sizes.writeUInt32LE(value, at * 4)); // prettier-ignore
    const lengths = Buffer.from([name.length & 255, name.length >> 8, 0, 0]);
    const head = Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const local = Buffer.concat([head, sizes, lengths, Buffer.from(name), bytes]);
    const start = Buffer.from([0x50, 0x4b, 1, 2, 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([start, sizes, lengths, rest, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
