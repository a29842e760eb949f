import { addBlocks } from './block-tensor';
import type { Graph, Value } from './graph';
import { elementTypeCode, type ElementType } from '../onnx/schema';
import { isBlockType } from '../weights/block-types';
import { isFloat8, isWidened, type StoredType } from '../weights/dtype';
import type { TensorRef } from '../weights/safetensors';
import { hasOneScale } from '../weights/scales';

/** The types that numbers may be stored in, and ONNX's names of them. */
const FLOAT_TYPES: Partial<Record<StoredType, ElementType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8e4m3fn',
  F8_E5M2: 'float8e5m2',
};

/**
 * The type that a stored tensor has in a graph; undefined where it is not floating point. Few operators take float8
 * and none takes blocks of GGUF, so they are widened to float32 before anything is computed. ONNX Runtime does that
 * faster than to float16.
 */
export function typeInGraph({ dtype }: TensorRef): ElementType | undefined {
  return isWidened(dtype) ? 'float32' : FLOAT_TYPES[dtype];
}

/**
 * Adds a stored tensor, or a range of it, to a graph, in the type `typeInGraph`.
 * @param shape of the range, as it is stored
 * @param tensor of a floating-point type
 * @param options.range the bytes of a part; default: those of the whole tensor
 * @param options.lazily as in `Graph.external`; values in float8 and in blocks are always widened while the graph is loaded
 */
export function addStored(
  graph: Graph,
  name: string,
  tensor: TensorRef,
  shape: readonly number[],
  options: { readonly range?: Range; readonly lazily?: boolean } = {},
): Value {
  const { range = tensor, lazily = false } = options;
  const { dtype } = tensor;
  if (isBlockType(dtype)) return addBlocks(graph, { name, type: dtype, shape, range });
  const stored = FLOAT_TYPES[dtype];
  if (stored === undefined) throw new Error(`${dtype} is no floating-point type`);
  if (!isFloat8(dtype)) return graph.external(name, stored, shape, range, lazily);
  const type = 'float32';
  const wide = castTo(graph, graph.external(name, stored, shape, range), type, name);
  const scale = addScale(graph, name, tensor, { shape, range });
  if (scale === undefined) return wide;
  return graph.node('Mul', [wide, castTo(graph, scale, type, name)], { type, shape }, {}, name);
}

type Range = Pick<TensorRef, 'file' | 'offset' | 'length'>;

/** The scale of a tensor's values, or those of its rows in `range`, along the first axis of `shape` that is not 1. */
function addScale(
  graph: Graph,
  name: string,
  { scale, offset, length }: TensorRef,
  { shape, range }: { readonly shape: readonly number[]; readonly range: Range },
): Value | undefined {
  if (scale === undefined) return undefined;
  if (hasOneScale(scale)) return addStored(graph, `${name}.scale`, scale, []);
  const all = scale.shape[0]!;
  const rows = (range.length * all) / length;
  const first = ((range.offset - offset) * all) / length;
  const bytes = scale.length / all;
  const part = { file: scale.file, offset: scale.offset + first * bytes, length: rows * bytes };
  const axis = shape.findIndex((size) => size !== 1);
  const factors = shape.map((_, at) => (at === axis ? rows : 1));
  return addStored(graph, `${name}.scale`, scale, factors, { range: part });
}

/** Adds a Cast where a value has another type. ONNX Runtime computes that of a weight once. */
export function castTo(graph: Graph, value: Value, type: ElementType, scope: string): Value {
  if (value.type === type) return value;
  const to = { int: elementTypeCode(type) };
  return graph.node('Cast', [value], { type, shape: value.shape }, { to }, scope);
}
