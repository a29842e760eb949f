import { ProtobufWriter } from './protobuf-writer';

/**
 * The part of ONNX's format that Easel writes (onnx/onnx.proto, IR version 9): field numbers are those of
 * that file. Weights are external data; ONNX Runtime maps them from the files where they lie.
 */
export type ElementType =
  'float32' | 'float16' | 'bfloat16' | 'float64' | 'int32' | 'int64' | 'bool';

/** TensorProto.DataType */
const ELEMENT_TYPE_CODES: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

export type AttributeValue =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] };

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** '' is ONNX's own domain. */
  readonly domain: string;
  /** '' stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface OnnxInitializer {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data:
    | { readonly raw: Uint8Array }
    | { readonly location: string; readonly offset: number; readonly length: number };
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

export interface OnnxModel {
  readonly graphName: string;
  readonly opsets: Readonly<Record<string, number>>;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

const IR_VERSION = 9;

/** The number ONNX gives an element type; `Cast` takes it as its `to`. */
export function elementTypeCode(type: ElementType): number {
  return ELEMENT_TYPE_CODES[type];
}

/** Encodes a ModelProto. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const writer = new ProtobufWriter();
  writer.varint(1, IR_VERSION).string(2, 'easel');
  writer.message(7, (graph) => writeGraph(graph, model));
  for (const [domain, version] of Object.entries(model.opsets)) {
    writer.message(8, (opset) => opset.string(1, domain).varint(2, version));
  }
  return writer.finish();
}

function writeGraph(writer: ProtobufWriter, model: OnnxModel): void {
  for (const node of model.nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.string(2, model.graphName);
  for (const tensor of model.initializers) writer.message(5, (inner) => writeTensor(inner, tensor));
  for (const input of model.inputs) writer.message(11, (inner) => writeValueInfo(inner, input));
  for (const output of model.outputs) writer.message(12, (inner) => writeValueInfo(inner, output));
}

function writeNode(writer: ProtobufWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.string(1, input);
  for (const output of node.outputs) writer.string(2, output);
  writer.string(3, node.name).string(4, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(5, (inner) => writeAttribute(inner.string(1, name), value));
  }
  if (node.domain !== '') writer.string(7, node.domain);
}

/** AttributeProto.type: FLOAT 1, INT 2, STRING 3, FLOATS 6, INTS 7. */
function writeAttribute(writer: ProtobufWriter, value: AttributeValue): void {
  if ('float' in value) writer.float(2, value.float).varint(20, 1);
  else if ('int' in value) writer.varint(3, value.int).varint(20, 2);
  else if ('string' in value) writer.string(4, value.string).varint(20, 3);
  else if ('floats' in value) writer.packedFloats(7, value.floats).varint(20, 6);
  else writer.packedVarints(8, value.ints).varint(20, 7);
}

function writeTensor(writer: ProtobufWriter, tensor: OnnxInitializer): void {
  writer.packedVarints(1, tensor.shape).varint(2, ELEMENT_TYPE_CODES[tensor.type]);
  writer.string(8, tensor.name);
  if ('raw' in tensor.data) {
    writer.bytes(9, tensor.data.raw);
    return;
  }
  const { location, offset, length } = tensor.data;
  for (const [key, value] of Object.entries({ location, offset, length })) {
    writer.message(13, (entry) => entry.string(1, key).string(2, String(value)));
  }
  writer.varint(14, 1); // DataLocation.EXTERNAL
}

function writeValueInfo(writer: ProtobufWriter, value: OnnxValueInfo): void {
  writer.string(1, value.name);
  writer.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.varint(1, ELEMENT_TYPE_CODES[value.type]);
      tensor.message(2, (shape) => {
        for (const size of value.shape) shape.message(1, (dim) => dim.varint(1, size));
      });
    }),
  );
}
