import { ProtobufWriter } from './protobuf-writer';
import { protobufFields } from './protobuf-reader';

/** The way to a StringStringEntryProto of external data: ModelProto.graph, .initializer, .external_data. */
const PATH = [7, 5, 13] as const;

/**
 * Changes where an ONNX model looks for its weights. ONNX Runtime takes locations relative to one folder
 * that it will not leave, and refuses links that do; a model in a Hugging Face cache names a link beside it.
 * @param locate the new location of each file that the model names
 * @returns the same ModelProto with other locations
 */
export function relocateExternalData(
  model: Uint8Array,
  locate: (location: string) => string,
): Uint8Array {
  return rewrite(model, 0, locate);
}

function rewrite(
  message: Uint8Array,
  depth: number,
  locate: (location: string) => string,
): Uint8Array {
  const target = PATH[depth];
  if (target === undefined) return rewriteEntry(message, locate);
  const parts: Uint8Array[] = [];
  for (const { number, from, start, end, isMessage } of protobufFields(message, damaged)) {
    const rewritten = number === target && isMessage;
    parts.push(
      rewritten
        ? new ProtobufWriter()
            .bytes(number, rewrite(message.subarray(start, end), depth + 1, locate))
            .finish()
        : message.subarray(from, end),
    );
  }
  return Buffer.concat(parts);
}

function rewriteEntry(entry: Uint8Array, locate: (location: string) => string): Uint8Array {
  const strings = new Map<number, string>();
  for (const { number, start, end } of protobufFields(entry, damaged)) {
    strings.set(number, Buffer.from(entry.subarray(start, end)).toString('utf8'));
  }
  const [key, value] = [strings.get(1), strings.get(2)];
  if (key !== 'location' || value === undefined) return entry;
  return new ProtobufWriter().string(1, key).string(2, locate(value)).finish();
}

/** The error of a model whose header was read before, so that it was whole then. */
export function damaged(what: string): Error {
  return new Error(`The ONNX model changed while it was read: ${what}.`);
}
