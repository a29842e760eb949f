import { writeFileSync } from 'node:fs';

/** A tensor to be written: `bytes` are its little-endian values. */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** Encodes a safetensors file as the library does: a header padded with spaces to 8 bytes, then the data. */
export function encodeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Buffer {
  const entries: [string, unknown][] = [['__metadata__', metadata]];
  let end = 0;
  for (const { name, dtype, shape, bytes } of tensors) {
    entries.push([name, { dtype, shape, data_offsets: [end, end + bytes.length] }]);
    end += bytes.length;
  }
  const header = JSON.stringify(Object.fromEntries(entries)); // a tensor may be called __proto__
  return Buffer.concat([encodeHeader(header), ...tensors.map(({ bytes }) => bytes)]);
}

export function writeSafetensors(path: string, tensors: readonly TensorToWrite[]): void {
  writeFileSync(path, encodeSafetensors(tensors));
}

/** The length and the text of a header, right or wrong. */
export function encodeHeader(text: string): Buffer {
  const unpadded = Buffer.from(text, 'utf8');
  const json = Buffer.concat([unpadded, Buffer.alloc((8 - (unpadded.length % 8)) % 8, 0x20)]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json]);
}
