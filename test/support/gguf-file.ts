import { writeFileSync } from 'node:fs';

/** A tensor of a GGUF file: the fastest axis of `sizes` is first, as in the file. */
export interface GgufTensor {
  readonly name: string;
  readonly sizes: readonly number[];
  /** Its number in ggml.h. */
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Key, type and value of an entry of the metadata. */
export type GgufEntry = readonly [key: string, type: number, value: Buffer];

export const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
export const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
export const text = (value: string): Buffer =>
  Buffer.concat([uint64(Buffer.byteLength(value)), Buffer.from(value)]);

const ALIGNMENT = 32;
const padded = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** A GGUF file, version 3 (github.com/ggml-org/ggml, docs/gguf.md). */
export function gguf(
  tensors: readonly GgufTensor[],
  entries: readonly GgufEntry[] = [],
  version = 3,
): Buffer {
  let offset = 0;
  const infos = tensors.flatMap(({ name, sizes, type, bytes }) => {
    const info = [text(name), uint32(sizes.length), ...sizes.map(uint64), uint32(type)];
    info.push(uint64(offset));
    offset += padded(bytes.length);
    return info;
  });
  const header = Buffer.concat([
    ...[Buffer.from('GGUF'), uint32(version), uint64(tensors.length), uint64(entries.length)],
    ...entries.flatMap(([key, type, value]) => [text(key), uint32(type), value]),
    ...infos,
  ]);
  const start = Buffer.concat([header], padded(header.length));
  const values = tensors.map(({ bytes }) => Buffer.concat([bytes], padded(bytes.length)));
  return Buffer.concat([start, ...values]);
}

export function writeGguf(
  file: string,
  tensors: readonly GgufTensor[],
  entries: readonly GgufEntry[] = [],
): void {
  writeFileSync(file, gguf(tensors, entries));
}
