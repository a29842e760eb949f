import { EaselError } from '../../core/errors';
import type { TensorRef, WeightSource } from '../weights/source';
import type { Graph, Value } from './graph';
import type { ComputeType } from '../../core/devices';
import { addStored, castTo, typeInGraph } from './stored-tensor';

/**
 * The weights of a graph, by their diffusers names. To change weights while a graph is written (such as with
 * a LoRA), wrap a `GraphWeights` and add nodes after a value. To rename weights (other checkpoint layouts),
 * wrap a `WeightSource`.
 */
export interface GraphWeights {
  has(name: string): boolean;
  /**
   * The weight in the type that it is computed with.
   * @param shape of the whole weight
   * @throws EaselError `model-incomplete` if it is missing; `bad-file` for another shape or type
   */
  get(name: string, shape: readonly number[], use: WeightUse): Value;
  /** The weight in its stored type (float8 is widened), for operators that read only a few rows. Throws like `get`. */
  stored(name: string, shape: readonly number[]): Value;
}

export interface WeightUse {
  readonly type: ComputeType;
  /** Cast the weight to that type at each use, instead of once while the graph is loaded. */
  readonly lazily?: boolean;
  /** Only these rows (first axis). `shape` is still that of the whole weight. */
  readonly rows?: RowRange | undefined;
}

type StoredUse = Omit<WeightUse, 'type'>;

export interface RowRange {
  readonly first: number;
  readonly count: number;
}

/** Changes the weights of a graph, for instance with a LoRA. */
export type WrapWeights = (weights: GraphWeights, graph: Graph) => GraphWeights;

/**
 * Weights that ONNX Runtime maps from their files. The graph casts those of another type, which ONNX Runtime does
 * once, while it loads the graph.
 */
export class ExternalWeights implements GraphWeights {
  private readonly values = new Map<string, Value>();
  private readonly casts = new Map<string, Value>();

  constructor(
    private readonly graph: Graph,
    private readonly source: WeightSource,
  ) {}

  has(name: string): boolean {
    return this.source.get(name) !== undefined;
  }

  get(name: string, shape: readonly number[], use: WeightUse): Value {
    const { type } = use;
    const value = this.external(name, shape, use);
    if (value.type === type) return value;
    const key = `${type} ${value.name}`;
    const known = this.casts.get(key);
    if (known !== undefined) return known;
    const cast = castTo(this.graph, value, type, name);
    this.casts.set(key, cast);
    return cast;
  }

  stored(name: string, shape: readonly number[]): Value {
    return this.external(name, shape, {});
  }

  private external(name: string, shape: readonly number[], use: StoredUse): Value {
    const { lazily = false, rows } = use;
    const key = [name, shape.join(), lazily, rows?.first, rows?.count].join('|');
    const known = this.values.get(key);
    if (known !== undefined) return known;
    const value = this.map(name, shape, use);
    this.values.set(key, value);
    return value;
  }

  private map(name: string, shape: readonly number[], { lazily = false, rows }: StoredUse): Value {
    const tensor = this.source.get(name);
    const where = this.source.description;
    if (tensor === undefined) {
      const message = `${where} has no weight ${name} of shape [${shape.join(', ')}], which its config needs. Download the model again.`;
      throw new EaselError('model-incomplete', message, { file: where, tensor: name, shape });
    }
    if (typeInGraph(tensor) === undefined) {
      const message = `${tensor.file} stores ${name} as ${tensor.dtype}, which Easel does not support. Supported: F64, F32, F16, BF16, float8, and the blocks Q2_K to Q8_0 of GGUF.`;
      throw new EaselError('bad-file', message, { file: tensor.file, tensor: name });
    }
    const sameShape = tensor.transposed === true ? sameSizes : sameLayout;
    if (!sameShape(tensor.shape, shape)) {
      const message = `${tensor.file} has ${name} in shape [${tensor.shape.slice(0, 16).join(', ')}], but its config needs [${shape.join(', ')}]. The config and the weights belong to different models. Download the model again.`;
      throw new EaselError('bad-file', message, {
        file: tensor.file,
        tensor: name,
        expected: shape,
        found: tensor.shape,
      });
    }
    if (tensor.transposed === true) {
      const whole = this.transposed(name, tensor, shape);
      return rows === undefined ? whole : takeRows(this.graph, name, whole, rows);
    }
    if (rows === undefined) return addStored(this.graph, name, tensor, shape, { lazily });
    const rowBytes = tensor.length / shape[0]!;
    const offset = tensor.offset + rowBytes * rows.first;
    const range = { file: tensor.file, offset, length: rowBytes * rows.count };
    const part = [rows.count, ...shape.slice(1)];
    return addStored(this.graph, name, tensor, part, { range, lazily });
  }

  /**
   * A matrix that is stored transposed. It is transposed as a three-dimensional tensor: ONNX Runtime fuses a
   * two-dimensional Transpose into a following Gemm, and then loses the Gemm's other input if that is also used
   * elsewhere.
   */
  private transposed(name: string, tensor: TensorRef, shape: readonly number[]): Value {
    const [rows, columns] = shape as [number, number];
    const stored = addStored(this.graph, name, tensor, [1, columns, rows]);
    const { type } = stored;
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

/** Adds a node that takes rows of a computed value: `WeightUse.rows` for values that are not in a file. */
export function takeRows(graph: Graph, scope: string, value: Value, rows: RowRange): Value {
  const number = (count: number): Value => graph.constant('int64', [count], [1]);
  const range = [number(rows.first), number(rows.first + rows.count), number(0)];
  const result = { type: value.type, shape: [rows.count, ...value.shape.slice(1)] };
  return graph.node('Slice', [value, ...range], result, {}, scope);
}

/** Whether shapes are equal without axes of size 1: a 1 × 1 convolution's kernel is a linear layer's matrix. */
function sameLayout(a: readonly number[], b: readonly number[]): boolean {
  const solid = (shape: readonly number[]): string => shape.filter((size) => size !== 1).join(',');
  return solid(a) === solid(b);
}

function sameSizes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
