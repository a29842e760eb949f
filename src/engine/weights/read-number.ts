import type { FileReader } from '../io/file-reader';
import { decodeElement, elementBytes } from './dtype';
import type { TensorRef } from './safetensors';

/**
 * Reads a tensor that is one number.
 * @param reader of the tensor's file
 * @param what names it in the message
 * @throws EaselError `bad-file` where it is none
 */
export async function readNumber(
  reader: FileReader,
  tensor: TensorRef,
  what: string,
): Promise<number> {
  const isNumber = tensor.length === elementBytes(tensor.dtype);
  const bytes = isNumber ? await reader.read(tensor.offset, tensor.length) : undefined;
  const value = bytes === undefined ? NaN : decodeElement(bytes, tensor.dtype);
  if (Number.isFinite(value)) return value;
  throw reader.damaged(`${what} is no number`);
}
