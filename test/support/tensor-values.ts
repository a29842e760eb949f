import { closeSync, openSync, readSync } from 'node:fs';

import { decodeElement, elementBytes } from '../../src/engine/weights/dtype';
import type { TensorRef } from '../../src/engine/weights/source';

/** The values of a tensor in the order of its shape, read from where a reference says they lie. */
export function readTensor(ref: TensorRef): number[] {
  const bytes = Buffer.alloc(ref.length);
  const file = openSync(ref.file, 'r');
  readSync(file, bytes, 0, ref.length, ref.offset);
  closeSync(file);
  const width = elementBytes(ref.dtype);
  const values = Array.from({ length: ref.length / width }, (_, index) =>
    decodeElement(bytes.subarray(index * width, (index + 1) * width), ref.dtype),
  );
  if (ref.transposed !== true) return values;
  const [rows, columns] = ref.shape as [number, number];
  return values.map((_, at) => values[(at % columns) * rows + Math.floor(at / columns)]!);
}
