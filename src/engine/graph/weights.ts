import { EaselError } from '../../core/errors';
import type { DType } from '../weights/dtype';
import type { WeightSource } from '../weights/source';
import type { Graph, Value } from './graph';
import { elementTypeCode, type ElementType } from '../onnx/model-proto';
import type { ComputeType } from './target';

/**
 * What graph code asks weights from, by their diffusers name. This is the seam for everything that changes
 * weights or their names while a graph is written (LoRA, other checkpoint layouts): wrap a `GraphWeights`
 * to add nodes behind a value, or a `WeightSource` to rename.
 */
export interface GraphWeights {
  has(name: string): boolean;
  /** The weight in the type the graph computes in. */
  get(name: string, shape: readonly number[], use?: WeightUse): Value;
  /** The weight as it is stored, for operators that read a few rows of it. */
  stored(name: string, shape: readonly number[]): Value;
}

export interface WeightUse {
  /** Widen it at each use, just before, and let it go after, instead of once while the graph is loaded. */
  readonly lazily?: boolean;
  /** Only these of the rows (the first axis). `shape` is still that of the whole weight. */
  readonly rows?: RowRange;
}

export interface RowRange {
  readonly first: number;
  readonly count: number;
}

/** Adds to a graph's weights, for instance a LoRA. */
export type WrapWeights = (weights: GraphWeights, graph: Graph) => GraphWeights;

const FLOAT_TYPES: Partial<Record<DType, ElementType>> = {
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
};

/** Weights that ONNX Runtime maps from their files; a narrower type is cast in the graph. */
export class ExternalWeights implements GraphWeights {
  private readonly values = new Map<string, Value>();
  private readonly casts = new Map<string, Value>();

  constructor(
    private readonly graph: Graph,
    private readonly source: WeightSource,
    private readonly computeType: ComputeType,
  ) {}

  has(name: string): boolean {
    return this.source.get(name) !== undefined;
  }

  get(name: string, shape: readonly number[], use: WeightUse = {}): Value {
    const value = this.external(name, shape, use);
    if (value.type === this.computeType) return value;
    const known = this.casts.get(value.name);
    if (known !== undefined) return known;
    const to = { int: elementTypeCode(this.computeType) };
    const result = { type: this.computeType, shape: value.shape };
    const cast = this.graph.node('Cast', [value], result, { to }, name);
    this.casts.set(value.name, cast);
    return cast;
  }

  stored(name: string, shape: readonly number[]): Value {
    return this.external(name, shape, {});
  }

  private external(name: string, shape: readonly number[], use: WeightUse): Value {
    const { lazily = false, rows } = use;
    const key = [name, shape.join(), lazily, rows?.first, rows?.count].join('|');
    const known = this.values.get(key);
    if (known !== undefined) return known;
    const value = this.map(name, shape, use);
    this.values.set(key, value);
    return value;
  }

  private map(name: string, shape: readonly number[], { lazily = false, rows }: WeightUse): Value {
    const tensor = this.source.get(name);
    const where = this.source.description;
    if (tensor === undefined) {
      const message = `${where} lacks the weight ${name} of shape [${shape.join(', ')}], which its config asks for. Download the model again.`;
      throw new EaselError('model-incomplete', message, { file: where, tensor: name, shape });
    }
    const type = FLOAT_TYPES[tensor.dtype];
    if (type === undefined) {
      const message = `${tensor.file} stores ${name} as ${tensor.dtype}; only F16, BF16, F32 and F64 weights can be computed with.`;
      throw new EaselError('bad-file', message, { file: tensor.file, tensor: name });
    }
    const sameShape = tensor.transposed === true ? sameSizes : sameLayout;
    if (!sameShape(tensor.shape, shape)) {
      const message = `${tensor.file} has ${name} in shape [${tensor.shape.join(', ')}] where its config asks for [${shape.join(', ')}]. The config and the weights belong to different models.`;
      throw new EaselError('bad-file', message, {
        file: tensor.file,
        tensor: name,
        expected: shape,
        found: tensor.shape,
      });
    }
    const place = { file: tensor.file, offset: tensor.offset, length: tensor.length };
    if (tensor.transposed === true) {
      const whole = this.transposed(name, type, shape, place);
      return rows === undefined ? whole : takeRows(this.graph, name, whole, rows);
    }
    if (rows === undefined) return this.graph.external(name, type, shape, place, lazily);
    const rowBytes = tensor.length / shape[0]!;
    const offset = tensor.offset + rowBytes * rows.first;
    const part = { file: tensor.file, offset, length: rowBytes * rows.count };
    return this.graph.external(name, type, [rows.count, ...shape.slice(1)], part, lazily);
  }

  /**
   * A matrix whose columns lie in the file as rows. It is turned in three dimensions: a plain Transpose before
   * a Gemm is fused into it by ONNX Runtime, which loses the Gemm's other input where that has another use.
   */
  private transposed(
    name: string,
    type: ElementType,
    shape: readonly number[],
    place: { readonly file: string; readonly offset: number; readonly length: number },
  ): Value {
    const [rows, columns] = shape as [number, number];
    const stored = this.graph.external(name, type, [1, columns, rows], place, false);
    const perm = { perm: { ints: [0, 2, 1] } };
    const turned = this.graph.node(
      'Transpose',
      [stored],
      { type, shape: [1, rows, columns] },
      perm,
      name,
    );
    const sizes = this.graph.constant('int64', shape, [2]);
    return this.graph.node('Reshape', [turned, sizes], { type, shape }, {}, name);
  }
}

/** Rows of a value that the graph computes: what `WeightUse.rows` means where the rows do not lie apart. */
export function takeRows(graph: Graph, scope: string, value: Value, rows: RowRange): Value {
  const number = (count: number): Value => graph.constant('int64', [count], [1]);
  const range = [number(rows.first), number(rows.first + rows.count), number(0)];
  const result = { type: value.type, shape: [rows.count, ...value.shape.slice(1)] };
  return graph.node('Slice', [value, ...range], result, {}, scope);
}

/** Equal but for sizes of one: the kernel of a 1 by 1 convolution is a linear layer's matrix, and back. */
function sameLayout(a: readonly number[], b: readonly number[]): boolean {
  const solid = (shape: readonly number[]): string => shape.filter((size) => size !== 1).join(',');
  return solid(a) === solid(b);
}

function sameSizes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
