import { EaselError } from '../../core/errors';
import type { Graph, Value } from '../graph/graph';
import type { ElementType } from '../onnx/schema';
import { addStored, castTo, typeInGraph } from '../graph/stored-tensor';
import type { GraphWeights, WeightUse } from '../graph/weights';
import type { TensorRef } from '../weights/source';

const TABLE = /(^|\.)token_embedding\.weight$/;

/** A text encoder's weights, with extra rows at the end of the table of token embeddings. */
export class EmbeddingWeights implements GraphWeights {
  /** @param rows each [vectors, width] or [width], in the order of their token ids */
  constructor(
    private readonly inner: GraphWeights,
    private readonly graph: Graph,
    private readonly rows: readonly TensorRef[],
  ) {}

  has(name: string): boolean {
    return this.inner.has(name);
  }

  get(name: string, shape: readonly number[], use: WeightUse): Value {
    const value = this.inner.get(name, shape, use);
    return TABLE.test(name) ? this.extend(name, value, value.type) : value;
  }

  /** In the table's type if all rows have it, else in float32, so that no value is rounded. */
  stored(name: string, shape: readonly number[]): Value {
    const value = this.inner.stored(name, shape);
    if (!TABLE.test(name)) return value;
    const same = this.rows.every((row) => typeInGraph(row) === value.type);
    return this.extend(name, value, same ? value.type : 'float32');
  }

  private extend(name: string, table: Value, type: ElementType): Value {
    const [count = 0, width = 0] = table.shape;
    const parts = [castTo(this.graph, table, type, name)];
    let total = count;
    for (const row of this.rows) {
      const vectors = row.shape.length === 1 ? 1 : row.shape[0]!;
      requireSupported(row);
      const value = addStored(this.graph, `${name}.learned`, row, [vectors, width]);
      parts.push(castTo(this.graph, value, type, name));
      total += vectors;
    }
    const result = { type, shape: [total, width] };
    return this.graph.node('Concat', parts, result, { axis: { int: 0 } }, name);
  }
}

function requireSupported(tensor: TensorRef): void {
  const { dtype, name, file, transposed } = tensor;
  if (typeInGraph(tensor) !== undefined && transposed !== true) return;
  const message = `${file} stores ${name} as ${dtype}${transposed === true ? ', transposed' : ''}, which is not supported for embeddings.`;
  throw new EaselError('bad-file', message, { file, tensor: name });
}
