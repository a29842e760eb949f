import { EaselError } from '../../core/errors';
import type { FullChange, LowRankChange } from './lora-file';
import type { TensorRef } from '../weights/source';
import type { Graph, Value } from '../graph/graph';
import { addStored, castTo, typeInGraph } from '../graph/stored-tensor';
import { takeRows, type GraphWeights, type WeightUse } from '../graph/weights';

/** One change of a weight, with the user's scale in its factor. */
export type Addition = FullChange | LowRankChange;

/**
 * A network's weights with LoRAs merged in. Nodes of the graph compute the sum in float32. They depend only on
 * weights, so ONNX Runtime computes each once while it loads the graph (constant folding).
 */
export class LoraWeights implements GraphWeights {
  private readonly merged = new Map<string, Value>();

  constructor(
    private readonly inner: GraphWeights,
    private readonly graph: Graph,
    private readonly additions: ReadonlyMap<string, readonly Addition[]>,
  ) {}

  has(name: string): boolean {
    return this.inner.has(name);
  }

  stored(name: string, shape: readonly number[]): Value {
    const additions = this.additions.get(name);
    return additions === undefined
      ? this.inner.stored(name, shape)
      : this.whole(name, shape, additions);
  }

  get(name: string, shape: readonly number[], use: WeightUse): Value {
    const additions = this.additions.get(name);
    if (additions === undefined) return this.inner.get(name, shape, use);
    // Never lazily: the sum would be computed at every step.
    const whole = castTo(this.graph, this.whole(name, shape, additions), use.type, name);
    return use.rows === undefined ? whole : takeRows(this.graph, name, whole, use.rows);
  }

  private whole(name: string, shape: readonly number[], additions: readonly Addition[]): Value {
    const key = `${name}|${shape.join(',')}`;
    const known = this.merged.get(key);
    if (known !== undefined) return known;
    const value = this.merge(name, shape, additions);
    this.merged.set(key, value);
    return value;
  }

  private merge(name: string, shape: readonly number[], additions: readonly Addition[]): Value {
    const base = this.inner.get(name, shape, { type: 'float32' });
    const [outputs = 1] = shape;
    const columns = shape.reduce((product, size) => product * size, 1) / outputs;
    let sum = this.reshape(base, [outputs, columns], name);
    for (const addition of additions) sum = this.add(sum, addition, name);
    return this.reshape(sum, shape, name);
  }

  private add(sum: Value, addition: Addition, name: string): Value {
    return 'difference' in addition
      ? this.addFull(sum, addition, name)
      : this.addLowRank(sum, addition, name);
  }

  private addFull(sum: Value, { difference, factor }: FullChange, name: string): Value {
    const value = this.matrix(difference, sum.shape, name);
    const scale = this.graph.constant('float32', [factor], []);
    const scaled = factor === 1 ? value : this.node('Mul', [value, scale], sum.shape, name);
    return this.node('Add', [sum, scaled], sum.shape, name);
  }

  /** One Gemm scales and adds: factor · up · down + sum. */
  private addLowRank(sum: Value, { down, up, mid, factor }: LowRankChange, name: string): Value {
    const [outputs, columns] = sum.shape as [number, number];
    const rank = down.shape[0]!;
    const left = this.matrix(up, [outputs, rank], name);
    const right =
      mid === undefined
        ? this.matrix(down, [rank, columns], name)
        : this.decomposed(down, mid, columns, name);
    const attributes = { alpha: { float: factor }, beta: { float: 1 } };
    return this.node('Gemm', [left, right, sum], sum.shape, name, attributes);
  }

  /** Combines down [r, in] and mid [r, r, k, k] to [r, in · k · k]. */
  private decomposed(down: TensorRef, mid: TensorRef, columns: number, name: string): Value {
    const rank = down.shape[0]!;
    const inputs = down.shape[1]!;
    const kernel = columns / inputs;
    const core = this.matrix(mid, [rank, rank, kernel], name);
    // For each rank p, input i and kernel position: Σ_q mid[p, q, ·] down[q, i].
    const turned = this.transpose(core, [0, 2, 1], name);
    const flat = this.reshape(turned, [rank * kernel, rank], name);
    const spread = this.node(
      'MatMul',
      [flat, this.matrix(down, [rank, inputs], name)],
      [rank * kernel, inputs],
      name,
    );
    const back = this.transpose(
      this.reshape(spread, [rank, kernel, inputs], name),
      [0, 2, 1],
      name,
    );
    return this.reshape(back, [rank, columns], name);
  }

  /** A stored matrix in float32. The stored shape may have extra axes of size 1. */
  private matrix(tensor: TensorRef, shape: readonly number[], scope: string): Value {
    if (typeInGraph(tensor) === undefined) {
      const message = `${tensor.file} stores ${tensor.name} as ${tensor.dtype}, which is not a floating-point type.`;
      throw new EaselError('bad-file', message, { file: tensor.file, tensor: tensor.name });
    }
    const turned = tensor.transposed === true;
    const stored = turned ? [...shape].reverse() : shape;
    const value = addStored(this.graph, `${scope}.lora`, tensor, stored);
    const wide = castTo(this.graph, value, 'float32', scope);
    return turned ? this.transpose(wide, [1, 0], scope) : wide;
  }

  private reshape(value: Value, shape: readonly number[], scope: string): Value {
    if (value.shape.length === shape.length) return value;
    const sizes = this.graph.constant('int64', shape, [shape.length]);
    return this.node('Reshape', [value, sizes], shape, scope);
  }

  private transpose(value: Value, order: readonly number[], scope: string): Value {
    const shape = order.map((axis) => value.shape[axis]!);
    return this.node('Transpose', [value], shape, scope, { perm: { ints: order } });
  }

  private node(
    operator: string,
    inputs: readonly Value[],
    shape: readonly number[],
    scope: string,
    attributes = {},
  ): Value {
    return this.graph.node(operator, inputs, { type: 'float32', shape }, attributes, scope);
  }
}
