import { protobufFields } from './protobuf-reader';
import { ProtobufWriter } from './protobuf-writer';
import { GRAPH, MODEL, NODE, STRING_STRING_ENTRY, TENSOR, VALUE_INFO } from './schema';

/** What connects a node with others. */
export interface EncodedNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** The nodes of the graph of an encoded ModelProto. */
export function readNodes(model: Uint8Array): readonly EncodedNode[] {
  const nodes: EncodedNode[] = [];
  for (const graph of parts(model, MODEL.graph)) {
    for (const node of parts(graph, GRAPH.node)) {
      const strings = (field: number) => [...parts(node, field)].map(text);
      const [operator = ''] = strings(NODE.opType);
      nodes.push({ operator, inputs: strings(NODE.input), outputs: strings(NODE.output) });
    }
  }
  return nodes;
}

/**
 * Makes more values of a graph its outputs; ONNX Runtime finds their types.
 * @param names names of values inside the graph
 * @returns the same ModelProto with these outputs behind its own
 */
export function withOutputs(model: Uint8Array, names: readonly string[]): Uint8Array {
  const added = new ProtobufWriter().message(MODEL.graph, (graph) => {
    for (const name of names) {
      graph.message(GRAPH.output, (value) => value.string(VALUE_INFO.name, name));
    }
  });
  // A message that comes twice is one: its parts are put together (protobuf.dev, "Last One Wins").
  return Buffer.concat([model, added.finish()]);
}

/** The fields that lead to the entries which say where weights are. */
const EXTERNAL_DATA = [MODEL.graph, GRAPH.initializer, TENSOR.externalData] as const;

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
  const target = EXTERNAL_DATA[depth];
  if (target === undefined) return rewriteEntry(message, locate);
  const rewritten: Uint8Array[] = [];
  for (const { number, from, start, end, isMessage } of protobufFields(message, damaged)) {
    if (number === target && isMessage) {
      const inner = rewrite(message.subarray(start, end), depth + 1, locate);
      rewritten.push(new ProtobufWriter().bytes(number, inner).finish());
    } else {
      rewritten.push(message.subarray(from, end));
    }
  }
  return Buffer.concat(rewritten);
}

function rewriteEntry(entry: Uint8Array, locate: (location: string) => string): Uint8Array {
  const last = (field: number) => [...parts(entry, field)].map(text).at(-1);
  const key = last(STRING_STRING_ENTRY.key);
  const value = last(STRING_STRING_ENTRY.value);
  if (key !== 'location' || value === undefined) return entry;
  return new ProtobufWriter()
    .string(STRING_STRING_ENTRY.key, key)
    .string(STRING_STRING_ENTRY.value, locate(value))
    .finish();
}

/** The length-delimited values of a field. */
function* parts(message: Uint8Array, field: number): Generator<Uint8Array> {
  for (const { number, start, end, isMessage } of protobufFields(message, damaged)) {
    if (number === field && isMessage) yield message.subarray(start, end);
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** The model's header was read before, so that the file was whole then. */
function damaged(what: string): Error {
  return new Error(`The ONNX model changed while it was read: ${what}.`);
}
