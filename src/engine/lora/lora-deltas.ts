import { EaselError } from '../../core/errors';
import type { Graph, Value } from '../graph/graph';
import { addStored, castTo, typeInGraph } from '../graph/stored-tensor';
import type { TensorRef } from '../weights/source';
import {
  isProduct,
  type Change,
  type Delta,
  type Factor,
  type Product,
  type Scaling,
} from './lora-changes';

/** The nodes that change one weight. They compute in float32, with the weight as [outputs, inputs · kernel]. */
export class DeltaWriter {
  /**
   * @param scope the weight's name
   * @param inputs of the weight, without its kernel
   */
  constructor(
    private readonly graph: Graph,
    private readonly scope: string,
    private readonly inputs: number,
  ) {}

  /**
   * Adds a change to a sum.
   * @param weight the weight without any change. (IA)³, GLoRA and DoRA multiply it, so that the order of several
   *   adapters does not matter (as PEFT's layers, which leave the weight as it is).
   */
  add(sum: Value, weight: Value, { delta, factor, lengths, share = 1 }: Change): Value {
    if (lengths === undefined) return this.addDelta(sum, weight, delta, factor);
    const changed = this.addDelta(weight, weight, delta, factor);
    const scaled = this.withLengths(changed, lengths.lengths, lengths.along);
    if (sum === weight && share === 1) return scaled;
    return this.addScaled(sum, this.elementwise('Sub', scaled, weight), share);
  }

  private addDelta(sum: Value, weight: Value, delta: Delta, factor: number): Value {
    switch (delta.kind) {
      case 'product':
        return this.addProduct(sum, delta.product, factor);
      case 'difference':
        return this.addScaled(sum, this.matrix(delta.difference, sum.shape), factor);
      case 'hadamard':
        return this.addHadamard(sum, delta.products, factor);
      case 'kronecker':
        return this.addKronecker(sum, delta.factors, factor);
      case 'general':
        return this.addProduct(
          this.addScaled(sum, this.times(weight, delta.inner), factor),
          delta.outer,
          factor,
        );
      case 'scaling':
        return this.addScaled(sum, this.scaled(weight, delta), factor);
    }
  }

  /** One Gemm scales and adds: factor · up · down + sum. */
  private addProduct(sum: Value, product: Product, factor: number): Value {
    const [left, right] = this.halves(product, sum.shape);
    return this.addGemm(sum, left, right, factor);
  }

  /** @param right [left's columns, columns], also with its first axis split */
  private addGemm(sum: Value, left: Value, right: Value, factor: number): Value {
    const flat = this.reshape(right, [left.shape[1]!, sum.shape[1]!]);
    const attributes = { alpha: { float: factor }, beta: { float: 1 } };
    return this.node('Gemm', [left, flat, sum], sum.shape, attributes);
  }

  private addScaled(sum: Value, value: Value, factor: number): Value {
    return this.elementwise('Add', sum, this.scale(value, factor));
  }

  private product(product: Product, shape: readonly number[]): Value {
    return this.node('MatMul', this.halves(product, shape), shape);
  }

  /** `up` [rows, rank], and `mid · down` [rank, columns]. */
  private halves(
    { up, down, mid, isTurned = false }: Product,
    [rows = 1, columns = 1]: readonly number[],
  ): readonly [Value, Value] {
    const rank = down.shape[0]!;
    const stored = this.matrix(up, isTurned ? [rank, rows] : [rows, rank]);
    const left = isTurned ? this.transpose(stored, [1, 0]) : stored;
    const right =
      mid === undefined ? this.matrix(down, [rank, columns]) : this.kernels(down, mid, columns);
    return [left, right];
  }

  /** Combines down [r, in] and mid [r, r, k, k] to [r, in · k · k]. */
  private kernels(down: TensorRef, mid: TensorRef, columns: number): Value {
    const rank = down.shape[0]!;
    const inputs = elements(down.shape) / rank;
    const kernel = columns / inputs;
    const core = this.matrix(mid, [rank, rank, kernel]);
    // For each rank p, input i and kernel position: Σ_q mid[p, q, ·] down[q, i].
    const flat = this.reshape(this.transpose(core, [0, 2, 1]), [rank * kernel, rank]);
    const factors = [flat, this.matrix(down, [rank, inputs])];
    const spread = this.node('MatMul', factors, [rank * kernel, inputs]);
    const back = this.transpose(this.reshape(spread, [rank, kernel, inputs]), [0, 2, 1]);
    return this.reshape(back, [rank, columns]);
  }

  /**
   * (U₁ D₁) ⊙ (U₂ D₂) is one product of r₁ · r₂ columns, which are the products of each two. Where these are few, one
   * Gemm adds it, and no other matrix of the weight's size is made.
   */
  private addHadamard(sum: Value, products: readonly [Product, Product], factor: number): Value {
    const [first, second] = products.map((product) => this.halves(product, sum.shape));
    const [[up, down], [up2, down2]] = [first!, second!];
    const [rows = 1, columns = 1] = sum.shape;
    const [rank, rank2] = [down.shape[0]!, down2.shape[0]!];
    if (isSmall(rank * rank2, sum.shape)) {
      const left = this.outer(up, up2, [rows, rank, 1], [rows, 1, rank2]);
      const right = this.outer(down, down2, [rank, 1, columns], [1, rank2, columns]);
      return this.addGemm(sum, this.reshape(left, [rows, rank * rank2]), right, factor);
    }
    const one = this.node('MatMul', [this.scale(up, factor), down], sum.shape);
    const other = this.node('MatMul', [up2, down2], sum.shape);
    return this.elementwise('Add', sum, this.elementwise('Mul', one, other));
  }

  /**
   * Each number of the first [a, c], times the second [b, d · kernel]: [a · b, c · d · kernel]. A second that is a
   * product makes one of c · rank columns, (first ⊗ up) · (1 ⊗ down), which one Gemm adds where they are few.
   */
  private addKronecker(
    sum: Value,
    [first, second]: readonly [Factor, Factor],
    factor: number,
  ): Value {
    const [a, c] = sizeOf(first);
    const [rows = 1, columns = 1] = sum.shape;
    const [b, d] = [rows / a, columns / c];
    const one = this.factor(first, [a, c]);
    if (isProduct(second)) {
      const [up, down] = this.halves(second, [b, d]);
      const rank = down.shape[0]!;
      if (isSmall(c * rank, sum.shape)) {
        const identity = Array.from({ length: c * c }, (_, at) => (at % (c + 1) === 0 ? 1 : 0));
        const left = this.outer(one, up, [a, 1, c, 1], [1, b, 1, rank]);
        const eye = this.graph.constant('float32', identity, [c, 1, c, 1]);
        const right = this.outer(eye, down, [c, 1, c, 1], [1, rank, 1, d]);
        return this.addGemm(sum, this.reshape(left, [rows, c * rank]), right, factor);
      }
    }
    const small = this.scale(one, factor);
    const product = this.outer(small, this.factor(second, [b, d]), [a, 1, c, 1], [1, b, 1, d]);
    return this.elementwise('Add', sum, this.reshape(product, sum.shape));
  }

  /** The products of the numbers of two values, in shapes of which each axis is 1 in one of them or the same. */
  private outer(
    first: Value,
    second: Value,
    shape: readonly number[],
    other: readonly number[],
  ): Value {
    const both = shape.map((size, axis) => Math.max(size, other[axis]!));
    return this.node('Mul', [this.reshape(first, shape), this.reshape(second, other)], both);
  }

  /** A value by a number. */
  private scale(value: Value, factor: number): Value {
    if (factor === 1) return value;
    return this.node('Mul', [value, this.graph.constant('float32', [factor], [])], value.shape);
  }

  private factor(factor: Factor, shape: readonly number[]): Value {
    return isProduct(factor) ? this.product(factor, shape) : this.matrix(factor, shape);
  }

  /** W · up · down along the inputs; the kernel's positions stay. */
  private times(weight: Value, { up, down }: Product): Value {
    const rank = down.shape[0]!;
    const { inputs } = this;
    const [rows = 1, columns = 1] = weight.shape;
    const kernel = columns / inputs;
    const turned =
      kernel === 1
        ? weight
        : this.reshape(this.transpose(this.reshape(weight, [rows, inputs, kernel]), [0, 2, 1]), [
            rows * kernel,
            inputs,
          ]);
    const inner = this.node(
      'MatMul',
      [turned, this.matrix(up, [inputs, rank])],
      [rows * kernel, rank],
    );
    const value = this.node('MatMul', [inner, this.matrix(down, [rank, inputs])], turned.shape);
    if (kernel === 1) return value;
    const back = this.transpose(this.reshape(value, [rows, kernel, inputs]), [0, 2, 1]);
    return this.reshape(back, weight.shape);
  }

  private scaled(weight: Value, { vector, minus, along }: Scaling): Value {
    const plain = this.along(vector, along, weight.shape);
    const one = this.graph.constant('float32', [1], []);
    const factors = minus === 0 ? plain : this.node('Sub', [plain, one], plain.shape);
    return this.perInput('Mul', weight, factors, along);
  }

  /** Gives each row, or the part of each input, its length. */
  private withLengths(weight: Value, lengths: TensorRef, along: Scaling['along']): Value {
    const wanted = this.along(lengths, along, weight.shape);
    const [rows = 1, columns = 1] = weight.shape;
    const { inputs } = this;
    const isRows = along !== 'inputs';
    const whole = isRows ? weight : this.reshape(weight, [rows, inputs, columns / inputs]);
    const axes = this.graph.constant('int64', isRows ? [1] : [0, 2], [isRows ? 1 : 2]);
    const norms = this.node('ReduceL2', [whole, axes], wanted.shape);
    return this.perInput('Mul', weight, this.node('Div', [wanted, norms], wanted.shape), along);
  }

  /** A vector in the shape that multiplies the weight: [rows, 1], or [1, inputs, 1]. */
  private along(vector: TensorRef, along: Scaling['along'], shape: readonly number[]): Value {
    return this.matrix(vector, along === 'inputs' ? [1, this.inputs, 1] : [shape[0]!, 1]);
  }

  private perInput(
    operator: string,
    weight: Value,
    factors: Value,
    along: Scaling['along'],
  ): Value {
    if (along !== 'inputs') return this.node(operator, [weight, factors], weight.shape);
    const [rows = 1, columns = 1] = weight.shape;
    const split = [rows, this.inputs, columns / this.inputs];
    const value = this.node(operator, [this.reshape(weight, split), factors], split);
    return this.reshape(value, weight.shape);
  }

  /** A stored matrix in float32. The stored shape may have other axes, with the same values in this order. */
  private matrix(tensor: TensorRef, shape: readonly number[]): Value {
    if (typeInGraph(tensor) === undefined) {
      const message = `${tensor.file} stores ${tensor.name} as ${tensor.dtype}, which is not a floating-point type.`;
      throw new EaselError('bad-file', message, { file: tensor.file, tensor: tensor.name });
    }
    const turned = tensor.transposed === true;
    const stored = turned ? [...tensor.shape].reverse() : shape;
    const value = addStored(this.graph, `${this.scope}.lora`, tensor, stored);
    const wide = castTo(this.graph, value, 'float32', this.scope);
    return turned ? this.reshape(this.transpose(wide, [1, 0]), shape) : wide;
  }

  reshape(value: Value, shape: readonly number[]): Value {
    if (value.shape.join() === shape.join()) return value;
    const sizes = this.graph.constant('int64', shape, [shape.length]);
    return this.node('Reshape', [value, sizes], shape);
  }

  private transpose(value: Value, order: readonly number[]): Value {
    const shape = order.map((axis) => value.shape[axis]!);
    return this.node('Transpose', [value], shape, { perm: { ints: order } });
  }

  private elementwise(operator: string, first: Value, second: Value): Value {
    return this.node(operator, [first, second], first.shape);
  }

  private node(
    operator: string,
    inputs: readonly Value[],
    shape: readonly number[],
    attributes = {},
  ): Value {
    return this.graph.node(operator, inputs, { type: 'float32', shape }, attributes, this.scope);
  }
}

/** Rows and columns of the first factor of a Kronecker product. */
function sizeOf(factor: Factor): readonly [number, number] {
  const [up, down] = isProduct(factor) ? [factor.up, factor.down] : [factor, factor];
  return [up.shape[0]!, elements(down.shape.slice(1))];
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/**
 * How many more matrices of a weight's size than the sum a change makes. ONNX Runtime keeps all of them until the
 * whole graph is loaded.
 * @param weight its shape
 */
export function extraMatrices(
  { delta, factor, lengths, share = 1 }: Change,
  weight: readonly number[],
): number {
  const rows = weight[0] ?? 1;
  const shape = [rows, elements(weight) / rows];
  const ofLengths = lengths === undefined ? 0 : share === 1 ? 1 : 3;
  return ofLengths + extraOfDelta(delta, factor, shape);
}

function extraOfDelta(delta: Delta, factor: number, shape: readonly number[]): number {
  switch (delta.kind) {
    case 'product':
      return 0;
    case 'difference':
      return factor === 1 ? 0 : 1;
    case 'hadamard': {
      const [first, second] = delta.products;
      return isSmall(first.down.shape[0]! * second.down.shape[0]!, shape) ? 0 : 3;
    }
    case 'kronecker': {
      const [first, second] = delta.factors;
      const inner = isProduct(second) ? sizeOf(first)[1] * second.down.shape[0]! : Infinity;
      return isSmall(inner, shape) ? 0 : 2;
    }
    case 'general':
      return 5;
    case 'scaling':
      return 3;
  }
}

/** Columns of two factors up to which a product of a weight's size is cheaper as one Gemm than by its elements. */
const MOST_COLUMNS = 256;

/** Whether both factors of this many columns are smaller than the matrix. */
function isSmall(inner: number, [rows = 1, columns = 1]: readonly number[]): boolean {
  return inner <= MOST_COLUMNS && inner * (rows + columns) <= rows * columns;
}
