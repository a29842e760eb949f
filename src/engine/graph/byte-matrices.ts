import type { Graph, Value } from './graph';
import type { RowRange } from './weights';
import type { TensorRef } from '../weights/source';

/** A layer's weight as signed bytes: a weight is the byte times the scale of its output feature. */
export interface ByteMatrix {
  /** int8 [K, N]; N output features. K is the inputs, or for convolutions the kernel's cells times the inputs. */
  readonly values: Value;
  /** float32 [N] */
  readonly scales: Value;
}

/** A weight, or some of its rows (output features). */
export interface ByteLayer {
  /** The module's path. Its parameter `weight` is meant. */
  readonly module: string;
  /** Of the whole weight: [N, K], or [N, C, k, k]. */
  readonly shape: readonly number[];
  readonly rows: RowRange | undefined;
  /** Of a 3 × 3 kernel on an image of twice the size: the 2 × 2 kernel of a quarter of the outputs. */
  readonly quarter?: Quarter | undefined;
}

/** Which rows and columns of an image of twice the size: 0 the even ones, 1 the odd ones. */
export type Quarter = readonly [row: 0 | 1, column: 0 | 1];

/** The four quarters, in the order in which the outputs lie. */
export const QUARTERS: readonly Quarter[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/** Gives layers their weights as bytes while a graph is written. */
export interface ByteMatrices {
  get(graph: Graph, layer: ByteLayer): ByteMatrix;
}

/** The names of a layer's two tensors in a file of prepared weights. */
export function byteTensorNames({ module, rows, quarter }: ByteLayer) {
  const range = rows === undefined ? '' : `[${rows.first}:${rows.first + rows.count}]`;
  const part = `${module}${range}${quarter === undefined ? '' : `@${quarter.join('')}`}`;
  return { values: `${part}.bytes`, scales: `${part}.scales` };
}

/** The sizes [K, N] of a layer's matrix. */
export function byteMatrixSizes({ shape, rows, quarter }: ByteLayer): readonly [number, number] {
  const [outputs = 1, ...whole] = shape;
  const others = quarter ? [whole[0]!, 2, 2] : whole;
  return [others.reduce((product, size) => product * size, 1), rows?.count ?? outputs];
}

/**
 * Collects the layers of a graph that multiply bytes while it is written. Their bytes are given afterwards, before the
 * graph is encoded, so that it is written once.
 */
export class LateBytes implements ByteMatrices {
  private readonly found = new Map<string, ByteLayer>();
  private tensor: ((name: string) => TensorRef | undefined) | undefined;

  /**
   * @param areLaidOut whether ONNX Runtime lays them out for its kernels while a session is made. Where it does
   *   not, it does so in each run; the products are the same.
   */
  constructor(private readonly areLaidOut = true) {}

  get layers(): readonly ByteLayer[] {
    return [...this.found.values()];
  }

  get(graph: Graph, layer: ByteLayer): ByteMatrix {
    const { values, scales } = byteTensorNames(layer);
    this.found.set(values, layer);
    const sizes = byteMatrixSizes(layer);
    const [, outputs] = sizes;
    return {
      values: graph.external(values, 'int8', sizes, () => this.find(values), !this.areLaidOut),
      scales: graph.external(scales, 'float32', [outputs], () => this.find(scales)),
    };
  }

  /** @param tensor of a file of prepared weights, by its name there */
  give(tensor: (name: string) => TensorRef | undefined): void {
    this.tensor = tensor;
  }

  private find(name: string): TensorRef {
    const found = this.tensor?.(name);
    if (found === undefined) throw new Error(`no prepared weight ${name}`);
    return found;
  }
}
