import { ProtobufWriter } from './protobuf-writer';
import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  DATA_LOCATION,
  DATA_TYPE,
  DIMENSION,
  GRAPH,
  MODEL,
  NODE,
  OPERATOR_SET_ID,
  STRING_STRING_ENTRY,
  TENSOR,
  TENSOR_SHAPE,
  TENSOR_TYPE,
  TYPE,
  VALUE_INFO,
  type ElementType,
} from './schema';

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

/** Encodes a ModelProto. Weights are external data, which ONNX Runtime maps from their files. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const writer = new ProtobufWriter();
  writer.varint(MODEL.irVersion, IR_VERSION).string(MODEL.producerName, 'easel');
  writer.message(MODEL.graph, (graph) => writeGraph(graph, model));
  for (const [domain, version] of Object.entries(model.opsets)) {
    writer.message(MODEL.opsetImport, (opset) =>
      opset.string(OPERATOR_SET_ID.domain, domain).varint(OPERATOR_SET_ID.version, version),
    );
  }
  return writer.finish();
}

function writeGraph(writer: ProtobufWriter, model: OnnxModel): void {
  for (const node of model.nodes) {
    writer.message(GRAPH.node, (inner) => writeNode(inner, node));
  }
  writer.string(GRAPH.name, model.graphName);
  for (const tensor of model.initializers) {
    writer.message(GRAPH.initializer, (inner) => writeTensor(inner, tensor));
  }
  for (const input of model.inputs) {
    writer.message(GRAPH.input, (inner) => writeValueInfo(inner, input));
  }
  for (const output of model.outputs) {
    writer.message(GRAPH.output, (inner) => writeValueInfo(inner, output));
  }
}

function writeNode(writer: ProtobufWriter, node: OnnxNode): void {
  for (const input of node.inputs) writer.string(NODE.input, input);
  for (const output of node.outputs) writer.string(NODE.output, output);
  writer.string(NODE.name, node.name).string(NODE.opType, node.operator);
  for (const [name, value] of Object.entries(node.attributes)) {
    writer.message(NODE.attribute, (inner) =>
      writeAttribute(inner.string(ATTRIBUTE.name, name), value),
    );
  }
  if (node.domain !== '') writer.string(NODE.domain, node.domain);
}

function writeAttribute(writer: ProtobufWriter, value: AttributeValue): void {
  if ('float' in value) {
    writer.float(ATTRIBUTE.f, value.float).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.float);
  } else if ('int' in value) {
    writer.varint(ATTRIBUTE.i, value.int).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.int);
  } else if ('string' in value) {
    writer.string(ATTRIBUTE.s, value.string).varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
  } else if ('floats' in value) {
    writer.packedFloats(ATTRIBUTE.floats, value.floats);
    writer.varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.floats);
  } else {
    writer.packedVarints(ATTRIBUTE.ints, value.ints);
    writer.varint(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints);
  }
}

function writeTensor(writer: ProtobufWriter, tensor: OnnxInitializer): void {
  writer.packedVarints(TENSOR.dims, tensor.shape).varint(TENSOR.dataType, DATA_TYPE[tensor.type]);
  writer.string(TENSOR.name, tensor.name);
  if ('raw' in tensor.data) {
    writer.bytes(TENSOR.rawData, tensor.data.raw);
    return;
  }
  const { location, offset, length } = tensor.data;
  for (const [key, value] of Object.entries({ location, offset, length })) {
    writer.message(TENSOR.externalData, (entry) =>
      entry.string(STRING_STRING_ENTRY.key, key).string(STRING_STRING_ENTRY.value, String(value)),
    );
  }
  writer.varint(TENSOR.dataLocation, DATA_LOCATION.external);
}

function writeValueInfo(writer: ProtobufWriter, value: OnnxValueInfo): void {
  writer.string(VALUE_INFO.name, value.name);
  writer.message(VALUE_INFO.type, (type) =>
    type.message(TYPE.tensorType, (tensor) => {
      tensor.varint(TENSOR_TYPE.elemType, DATA_TYPE[value.type]);
      tensor.message(TENSOR_TYPE.shape, (shape) => {
        for (const size of value.shape) {
          shape.message(TENSOR_SHAPE.dim, (dim) => dim.varint(DIMENSION.dimValue, size));
        }
      });
    }),
  );
}
