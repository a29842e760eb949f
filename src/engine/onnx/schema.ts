/**
 * The part of ONNX's file format that Easel reads and writes: field numbers of the messages of
 * onnx/onnx.proto, under the names they have there.
 */
export const MODEL = {
  irVersion: 1,
  producerName: 2,
  graph: 7,
  opsetImport: 8,
  functions: 25,
} as const;
export const OPERATOR_SET_ID = { domain: 1, version: 2 } as const;
export const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
export const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;
export const FUNCTION = { name: 1, node: 7, domain: 10 } as const;
export const ATTRIBUTE = {
  name: 1,
  f: 2,
  i: 3,
  s: 4,
  t: 5,
  floats: 7,
  ints: 8,
  type: 20,
} as const;
export const TENSOR = {
  dims: 1,
  dataType: 2,
  int64Data: 7,
  name: 8,
  rawData: 9,
  externalData: 13,
  dataLocation: 14,
} as const;
/** An entry of TensorProto.external_data. */
export const STRING_STRING_ENTRY = { key: 1, value: 2 } as const;
export const VALUE_INFO = { name: 1, type: 2 } as const;
export const TYPE = { tensorType: 1 } as const;
/** TypeProto.Tensor */
export const TENSOR_TYPE = { elemType: 1, shape: 2 } as const;
export const TENSOR_SHAPE = { dim: 1 } as const;
/** TensorShapeProto.Dimension */
export const DIMENSION = { dimValue: 1 } as const;

/** AttributeProto.AttributeType */
export const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, floats: 6, ints: 7 } as const;
/** TensorProto.DataLocation */
export const DATA_LOCATION = { external: 1 } as const;
/** TensorProto.DataType, as far as Easel knows it */
export const DATA_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e5m2: 19,
} as const;

/** The type of a tensor's elements. */
export type ElementType = keyof typeof DATA_TYPE;

/** The number that ONNX gives an element type; `Cast` takes it as its `to`. */
export function elementTypeCode(type: ElementType): number {
  return DATA_TYPE[type];
}

/** Wire types of the protocol buffer encoding (protobuf.dev/programming-guides/encoding). */
export const WIRE = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;
