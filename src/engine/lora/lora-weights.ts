import type { Graph, Value } from '../graph/graph';
import { castTo } from '../graph/stored-tensor';
import { takeRows, type GraphWeights, type WeightUse } from '../graph/weights';
import type { Change } from './lora-changes';
import { DeltaWriter } from './lora-deltas';

/**
 * A network's weights with LoRAs merged in. Nodes of the graph compute the sum in float32. They depend only on
 * weights, so ONNX Runtime computes each once while it loads the graph (constant folding).
 */
export class LoraWeights implements GraphWeights {
  private readonly merged = new Map<string, Value>();

  /** @param changes of each weight, with the user's scale in their factors, fitted to the weight (`fitChange`) */
  constructor(
    private readonly inner: GraphWeights,
    private readonly graph: Graph,
    private readonly changes: ReadonlyMap<string, readonly Change[]>,
  ) {}

  has(name: string): boolean {
    return this.inner.has(name);
  }

  stored(name: string, shape: readonly number[]): Value {
    const changes = this.changes.get(name);
    return changes === undefined
      ? this.inner.stored(name, shape)
      : this.whole(name, shape, changes);
  }

  get(name: string, shape: readonly number[], use: WeightUse): Value {
    const changes = this.changes.get(name);
    if (changes === undefined) return this.inner.get(name, shape, use);
    // Never lazily: the sum would be computed at every step.
    const whole = castTo(this.graph, this.whole(name, shape, changes), use.type, name);
    return use.rows === undefined ? whole : takeRows(this.graph, name, whole, use.rows);
  }

  private whole(name: string, shape: readonly number[], changes: readonly Change[]): Value {
    const key = `${name}|${shape.join(',')}`;
    const known = this.merged.get(key);
    if (known !== undefined) return known;
    const value = this.merge(name, shape, changes);
    this.merged.set(key, value);
    return value;
  }

  private merge(name: string, shape: readonly number[], changes: readonly Change[]): Value {
    const [outputs = 1, inputs = 1] = shape;
    const columns = shape.reduce((product, size) => product * size, 1) / outputs;
    const writer = new DeltaWriter(this.graph, name, inputs);
    const base = this.inner.get(name, shape, { type: 'float32' });
    const weight = writer.reshape(base, [outputs, columns]);
    let sum = weight;
    for (const change of changes) sum = writer.add(sum, weight, change);
    return writer.reshape(sum, shape);
  }
}
