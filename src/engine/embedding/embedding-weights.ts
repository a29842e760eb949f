import { EaselError } from '../../core/errors';
import type { Graph, Value } from '../graph/graph';
import { elementTypeCode, type ElementType } from '../onnx/schema';
import type { GraphWeights, WeightUse } from '../graph/weights';
import type { DType } from '../weights/dtype';
import type { TensorRef } from '../weights/source';

const TABLE = /(^|\.)token_embedding\.weight$/;

const FLOAT_TYPES: Partial<Record<DType, ElementType>> = {
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
};

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
    const same = this.rows.every(({ dtype }) => FLOAT_TYPES[dtype] === value.type);
    return this.extend(name, value, same ? value.type : 'float32');
  }

  private extend(name: string, table: Value, type: ElementType): Value {
    const [count = 0, width = 0] = table.shape;
    const parts = [this.cast(table, type, name)];
    let total = count;
    for (const row of this.rows) {
      const vectors = row.shape.length === 1 ? 1 : row.shape[0]!;
      const value = this.graph.external(`${name}.learned`, storedType(row), [vectors, width], row);
      parts.push(this.cast(value, type, name));
      total += vectors;
    }
    const result = { type, shape: [total, width] };
    return this.graph.node('Concat', parts, result, { axis: { int: 0 } }, name);
  }

  private cast(value: Value, type: ElementType, scope: string): Value {
    if (value.type === type) return value;
    const attributes = { to: { int: elementTypeCode(type) } };
    return this.graph.node('Cast', [value], { type, shape: value.shape }, attributes, scope);
  }
}

function storedType({ dtype, name, file, transposed }: TensorRef): ElementType {
  const type = FLOAT_TYPES[dtype];
  if (type !== undefined && transposed !== true) return type;
  const message = `${file} stores ${name} as ${dtype}${transposed === true ? ', transposed' : ''}, which is not supported for embeddings.`;
  throw new EaselError('bad-file', message, { file, tensor: name });
}
