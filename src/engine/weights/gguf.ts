import { EaselError } from '../../core/errors';
import { FileReader } from '../io/file-reader';
import { BLOCK_TYPES, type BlockType } from './block-types';
import { DTYPE_BYTES, type DType } from './dtype';
import { GGUF_ARRAY, GGUF_UINT32, GgufCursor, type GgufEntry } from './gguf-cursor';
import type { TensorRef } from './safetensors';

/** Types of tensors with one value after the other (`ggml_type` in ggml.h). */
const PLAIN_TYPES: Readonly<Record<number, DType>> = {
  ...{ 0: 'F32', 1: 'F16', 24: 'I8', 25: 'I16', 26: 'I32', 27: 'I64', 28: 'F64', 30: 'BF16' },
};
const BLOCKS = new Map<number, BlockType>(
  Object.entries(BLOCK_TYPES).map(([name, { code }]) => [code, name as BlockType]),
);

/** Bytes that are read first; models of images have headers of some hundred thousand bytes. */
const FIRST_BYTES = 2 ** 20;
/** More than any header has. */
const MOST_BYTES = 2 ** 26;

/** What ComfyUI-GGUF keeps of a tensor that it has given another shape, so that its rows are whole blocks. */
const ORIGINAL_SHAPE = 'comfy.gguf.orig_shape.';
const INT32 = 5;
/** More than any model has. */
const MOST_TENSORS = 100_000;
const USUAL_ALIGNMENT = 32;

/**
 * Reads the header of a GGUF file (github.com/ggml-org/ggml, docs/gguf.md), versions 2 and 3. The values are not read.
 * Shapes are in PyTorch's order.
 *
 * @returns the tensors by name
 * @throws EaselError `bad-file` (damaged), `unsupported-model` (a type of values that Easel does not widen, another
 *   version), `model-incomplete` (no such file)
 */
export async function readGguf(path: string): Promise<ReadonlyMap<string, TensorRef>> {
  return FileReader.use(path, async (reader) => {
    for (let length = FIRST_BYTES; ; length *= 4) {
      const bytes = await reader.read(0, Math.min(length, reader.size));
      try {
        return tensorsOf(new GgufCursor(bytes), reader);
      } catch (thrown) {
        if (!(thrown instanceof RangeError)) throw thrown;
        if (length >= reader.size) throw reader.damaged('its header does not end in it');
        if (length >= MOST_BYTES) throw reader.damaged('its header has no end');
      }
    }
  });
}

/** @throws RangeError where the bytes end */
function tensorsOf(cursor: GgufCursor, reader: FileReader): ReadonlyMap<string, TensorRef> {
  cursor.skip('GGUF'.length);
  const version = cursor.uint32();
  if (version !== 2 && version !== 3) {
    const isSwapped = version > 0 && version % 2 ** 24 === 0;
    const what = isSwapped
      ? 'a GGUF file of machines with another order of bytes (big-endian), which Easel does not read'
      : `a GGUF file of version ${version}, and Easel reads versions 2 and 3`;
    const message = `${reader.path} is ${what}. Use the model as safetensors.`;
    throw new EaselError('unsupported-model', message, { path: reader.path });
  }
  const count = cursor.size();
  if (count > MOST_TENSORS) throw reader.damaged(`it says that it has ${count} tensors`);
  const { alignment, shapes } = readMetadata(cursor);
  if (!isAlignment(alignment)) throw reader.damaged(`its alignment is ${alignment}`);
  const entries = Array.from({ length: count }, () => cursor.tensor());
  const start = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = new Map<string, TensorRef>();
  for (const entry of entries) {
    const { name } = entry;
    if (tensors.has(name)) throw reader.damaged(`it has two tensors ${shown(name)}`);
    tensors.set(name, located(entry, { reader, start, alignment, shape: shapes.get(name) }));
  }
  requireApart([...tensors.values()], reader);
  return tensors;
}

/** @throws EaselError `bad-file` where the values of two tensors overlap */
function requireApart(tensors: readonly TensorRef[], reader: FileReader): void {
  let end = 0;
  const inOrder = tensors.filter(({ length }) => length > 0).sort((a, b) => a.offset - b.offset);
  for (const { name, offset, length } of inOrder) {
    if (offset < end)
      throw reader.damaged(`the values of ${shown(name)} overlap those of another tensor`);
    end = offset + length;
  }
}

interface Metadata {
  readonly alignment: number;
  /** The shapes that tensors had, by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

function readMetadata(cursor: GgufCursor): Metadata {
  const shapes = new Map<string, readonly number[]>();
  let alignment = USUAL_ALIGNMENT;
  const entries = cursor.size();
  for (let entry = 0; entry < entries; entry++) {
    const key = cursor.text();
    const type = cursor.uint32();
    if (key === 'general.alignment' && type === GGUF_UINT32) alignment = cursor.uint32();
    else if (key.startsWith(ORIGINAL_SHAPE) && type === GGUF_ARRAY) {
      const shape = readShape(cursor);
      if (shape) shapes.set(key.slice(ORIGINAL_SHAPE.length), shape);
    } else cursor.skipValue(type);
  }
  return { alignment, shapes };
}

function readShape(cursor: GgufCursor): readonly number[] | undefined {
  const type = cursor.uint32();
  const count = cursor.size();
  if (type !== INT32 || count > 8) throw new RangeError('a shape of another type');
  return Array.from({ length: count }, () => cursor.uint32());
}

function isAlignment(value: number): boolean {
  return value >= 8 && value <= 2 ** 16 && Number.isInteger(Math.log2(value));
}

interface Place {
  readonly reader: FileReader;
  /** Of the values of all tensors. */
  readonly start: number;
  readonly alignment: number;
  /** Where the tensor is stored in another one. */
  readonly shape: readonly number[] | undefined;
}

function located(entry: GgufEntry, { reader, start, alignment, shape: own }: Place): TensorRef {
  const { name, sizes, offset } = entry;
  const stored = [...sizes].reverse();
  const count = product(stored);
  const shape = own ?? stored;
  if (!Number.isSafeInteger(count) || product(shape) !== count) {
    throw reader.damaged(`the shape of ${shown(name)} does not fit its values`);
  }
  const { dtype, length } = sizeOf(entry, count, reader);
  const missing = start + offset + length - reader.size;
  if (offset % alignment !== 0 || !Number.isSafeInteger(missing)) {
    throw reader.damaged(`${shown(name)} is not where it says`);
  }
  if (missing > 0) {
    throw reader.damaged(`${shown(name)} ends ${missing} bytes past the end of the file`);
  }
  return { name, dtype, shape, file: reader.file, offset: start + offset, length };
}

function sizeOf(
  { name, sizes, type }: GgufEntry,
  count: number,
  reader: FileReader,
): Pick<TensorRef, 'dtype' | 'length'> {
  const plain = PLAIN_TYPES[type];
  if (plain !== undefined) return { dtype: plain, length: count * DTYPE_BYTES[plain] };
  const block = BLOCKS.get(type);
  if (block === undefined) {
    const message =
      `${reader.path} stores ${shown(name)} in a type of GGUF that Easel does not widen (number ${type}). ` +
      `It widens ${Object.keys(BLOCK_TYPES).join(', ')}, F16, BF16 and F32. Use the model in one of these, or as safetensors.`;
    throw new EaselError('unsupported-model', message, { path: reader.path, type });
  }
  const { values, bytes } = BLOCK_TYPES[block];
  if ((sizes[0] ?? 1) % values !== 0) {
    throw reader.damaged(`the rows of ${shown(name)} are no whole blocks`);
  }
  return { dtype: block, length: (count / values) * bytes };
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 120));
}
