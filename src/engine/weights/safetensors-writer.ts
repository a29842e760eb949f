import { DTYPE_BYTES, type DType } from './dtype';
import { METADATA, type HeaderEntry } from './safetensors-header';

/** The header begins with its length. */
const LENGTH_BYTES = 8;

/**
 * The beginning of a safetensors file (github.com/huggingface/safetensors, "Format"). After it, the tensors follow
 * in their order, without gaps.
 * @param alignment the first tensor begins at a multiple of this, in bytes
 */
export function safetensorsHeader(
  tensors: readonly Pick<HeaderEntry, 'name' | 'dtype' | 'shape'>[],
  metadata: Readonly<Record<string, string>>,
  alignment = LENGTH_BYTES,
): Buffer {
  const entries: Record<string, unknown> = { [METADATA]: metadata };
  let offset = 0;
  for (const { name, dtype, shape } of tensors) {
    const end = offset + bytesOf(dtype, shape);
    entries[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = Buffer.from(JSON.stringify(entries));
  const whole = Math.ceil((LENGTH_BYTES + json.length) / alignment) * alignment;
  const header = Buffer.alloc(whole, ' ');
  header.writeBigUInt64LE(BigInt(whole - LENGTH_BYTES));
  json.copy(header, LENGTH_BYTES);
  return header;
}

function bytesOf(dtype: DType, shape: readonly number[]): number {
  return shape.reduce((bytes, size) => bytes * size, DTYPE_BYTES[dtype]);
}
