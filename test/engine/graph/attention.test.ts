import * as assert from 'node:assert/strict';

import { TorchGenerator } from '../../../src/core/diffusion/random';
import { Builder } from '../../../src/engine/graph/builder';
import type { BuiltGraph } from '../../../src/engine/graph/graph';
import { attention, type AttentionOptions } from '../../../src/engine/graph/ops/attention';
import type { GraphTarget } from '../../../src/engine/graph/target';
import { relativeError, runGraph } from './run-graph';

const NO_WEIGHTS = { description: 'none', get: () => undefined, names: () => [], totalBytes: 0 };
const QUERY = [2, 21, 24];
const KEY = [2, 13, 24];

describe('attention', () => {
  const random = (seed: number, shape: readonly number[]): Float32Array =>
    new TorchGenerator(seed).randn(shape.reduce((product, size) => product * size, 1));

  function graphOf(
    shape: readonly number[],
    target: GraphTarget,
    options: AttentionOptions,
  ): BuiltGraph {
    // prettier-ignore
    const b = Builder.create(NO_WEIGHTS, { target });
    const query = b.graph.input('query', 'float32', QUERY);
    const key = b.graph.input('key', 'float32', shape);
    const value = b.graph.input('value', 'float32', shape);
    b.graph.output('mixed', attention(b, query, key, value, options));
    return b.finish('attention');
  }

  async function compare(shape: readonly number[], options: AttentionOptions): Promise<void> {
    const inputs = { query: random(1, QUERY), key: random(2, shape), value: random(3, shape) };
    const run = async (how: 'fused' | 'plain'): Promise<Float32Array> => {
      const graph = graphOf(shape, { device: 'cpu', attention: how }, options);
      return (await runGraph(graph, inputs)).mixed!;
    };
    const error = relativeError(await run('plain'), await run('fused'));
    assert.ok(error < 1e-6, `off by ${error}`);
  }

  it('is the same fused and from plain operators', () => compare(KEY, { heads: 3 }));

  it('is the same with a causal mask', () => compare(QUERY, { heads: 4, causal: true }));

  it('is the same in parts', () => compare(KEY, { heads: 3, mostScores: 250 }));
});
