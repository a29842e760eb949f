import * as assert from 'node:assert/strict';

import type { ComputeType } from '../../../src/core/devices';
import { TorchGenerator } from '../../../src/core/diffusion/random';
import { Builder } from '../../../src/engine/graph/builder';
import type { BuiltGraph } from '../../../src/engine/graph/graph';
import { attention, type AttentionOptions } from '../../../src/engine/graph/ops/attention';
import { cast } from '../../../src/engine/graph/ops/arithmetic';
import type { GraphTarget } from '../../../src/engine/graph/target';
import { roundInSessions } from '../../support/rounded-model';
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
    const input = (name: string, dims: readonly number[]) =>
      cast(b, b.graph.input(name, 'float32', dims), b.computeType);
    const [query, key, value] = [input('query', QUERY), input('key', shape), input('value', shape)];
    b.graph.output('mixed', cast(b, attention(b, query, key, value, options), 'float32'));
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

  it('is in float32 where the model says so, as for scores too large for float16', async () => {
    const endRounding = await roundInSessions();
    const inputs = {
      query: random(1, QUERY).map((value) => value * 300),
      key: random(2, KEY).map((value) => value * 300),
      value: random(3, KEY),
    };
    const run = async (computeType: ComputeType, upcast: boolean): Promise<Float32Array> => {
      const target = { device: 'webgpu', computeType } as const;
      const graph = graphOf(KEY, target, { heads: 3, upcast });
      return (await runGraph(graph, inputs)).mixed!;
    };
    try {
      const exact = await run('float32', false);
      assert.ok(relativeError(await run('float16', true), exact) < 1e-2);
      assert.equal(relativeError(await run('float16', false), exact), Infinity);
    } finally {
      endRounding();
    }
  });

  it('is the same in parts', () => compare(KEY, { heads: 3, mostScores: 250 }));
});
