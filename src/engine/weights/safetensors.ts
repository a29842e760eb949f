import { EaselError } from '../../core/errors';
import { FileReader } from '../io/file-reader';
import { type StoredType } from './dtype';
import { isSafetensors, MAX_SAFETENSORS_HEADER, refuseForeign, START_BYTES } from './file-kind';
import { parseHeader } from './safetensors-header';

/** The position of one tensor's values. Only ONNX Runtime reads them, never JavaScript. */
export interface TensorRef {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  /** Real path of the file (symbolic links resolved). */
  readonly file: string;
  /** Bytes from the start of the file. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
  /** The matrix is stored transposed (column-major); `shape` has two sizes. */
  readonly transposed?: boolean;
  /** One number that all stored values are multiplied with, or one for each stored row (`withScales`). */
  readonly scale?: TensorRef;
}

/** The validated header of one safetensors file. */
export interface SafetensorsFile {
  /** Real path of the file (symbolic links resolved). */
  readonly file: string;
  readonly tensors: ReadonlyMap<string, TensorRef>;
  readonly metadata: ReadonlyMap<string, string>;
}

const LENGTH_BYTES = 8;

/**
 * Reads and validates the header of a safetensors file. The tensor data is not read.
 *
 * All rules of the format are checked (https://github.com/huggingface/safetensors#format), so that native code
 * can use the offsets: each range is inside the file and has the length of its shape, and the ranges cover the
 * data without overlaps or gaps.
 *
 * @throws EaselError `model-incomplete` (no such file, or a Git LFS pointer), `unsafe-file` (a pickle or
 *   zip archive with this name), `bad-file` (damaged), `unsupported-model` (an unsupported element type)
 */
export async function readSafetensorsHeader(path: string): Promise<SafetensorsFile> {
  return FileReader.use(path, async (reader) => {
    const header = await readHeaderBytes(reader);
    const start = LENGTH_BYTES + header.length;
    const parsed = parseHeader(header, reader.size - start, path);
    const tensors = new Map<string, TensorRef>();
    const { file } = reader;
    for (const entry of parsed.entries) {
      const { name, dtype, shape, begin, end } = entry;
      tensors.set(name, { name, dtype, shape, file, offset: start + begin, length: end - begin });
    }
    return { file, tensors, metadata: parsed.metadata };
  });
}

async function readHeaderBytes(reader: FileReader): Promise<Buffer> {
  const { path, size } = reader;
  const start = await reader.read(0, Math.min(size, START_BYTES));
  refuseForeign(path, start);
  refusePickle(path, start);
  if (size < LENGTH_BYTES) {
    throw reader.damaged(`it has ${size} bytes, too few for a safetensors file`);
  }
  // The length itself is not shown: of another file, these are its first bytes.
  const length = start.readBigUInt64LE(0);
  if (length === 0n) throw reader.damaged('its header has 0 bytes');
  if (length > BigInt(MAX_SAFETENSORS_HEADER)) {
    const message = `${path} is not a safetensors file, or is damaged: it does not begin with the length of a header. Download it again.`;
    throw new EaselError('bad-file', message, { path });
  }
  if (length > BigInt(size - LENGTH_BYTES)) {
    const message = `${path} is cut short: its header does not end within its ${size} bytes. Download it again.`;
    throw new EaselError('bad-file', message, { path });
  }
  return reader.read(LENGTH_BYTES, Number(length));
}

/** Rejects PyTorch checkpoints with the ending .safetensors: other tools open them as what the name says. */
function refusePickle(path: string, start: Buffer): void {
  const isPickle = start[0] === 0x80 && (start[1] ?? 0) >= 2 && (start[1] ?? 0) <= 5;
  const isZip = start.toString('latin1', 0, 4) === 'PK\x03\x04';
  if (isSafetensors(start) || !(isPickle || isZip)) return;
  const message =
    `${path} is a PyTorch checkpoint (a pickle), although it is named .safetensors. Such a file can run code, ` +
    'so Easel does not open it. Use the model as safetensors.';
  throw new EaselError('unsafe-file', message, { path });
}
