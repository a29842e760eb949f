import { closeSync, openSync, readSync } from 'node:fs';

import { DTYPE_BYTES } from '../../src/engine/weights/dtype';
import type { TensorRef } from '../../src/engine/weights/source';

/** The values of a tensor in the order of its shape, read from where a reference says they lie. */
export function readTensor(ref: TensorRef): number[] {
  const bytes = Buffer.alloc(ref.length);
  const file = openSync(ref.file, 'r');
  readSync(file, bytes, 0, ref.length, ref.offset);
  closeSync(file);
  const width = DTYPE_BYTES[ref.dtype];
  const values = Array.from({ length: ref.length / width }, (_, index) =>
    readValue(bytes, index * width, ref.dtype),
  );
  if (ref.transposed !== true) return values;
  const [rows, columns] = ref.shape as [number, number];
  return values.map((_, at) => values[(at % columns) * rows + Math.floor(at / columns)]!);
}

function readValue(bytes: Buffer, at: number, dtype: TensorRef['dtype']): number {
  switch (dtype) {
    case 'F64':
      return bytes.readDoubleLE(at);
    case 'F32':
      return bytes.readFloatLE(at);
    case 'F16':
      return fromHalf(bytes.readUInt16LE(at));
    case 'BF16': {
      const wide = Buffer.alloc(4);
      bytes.copy(wide, 2, at, at + 2);
      return wide.readFloatLE(0);
    }
    case 'I64':
      return Number(bytes.readBigInt64LE(at));
    case 'I32':
      return bytes.readInt32LE(at);
    case 'I16':
      return bytes.readInt16LE(at);
    case 'I8':
      return bytes.readInt8(at);
    case 'U8':
    case 'BOOL':
      return bytes.readUInt8(at);
  }
}

function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
