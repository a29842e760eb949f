import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph } from '../../../src/engine/graph/graph';
import { castTo } from '../../../src/engine/graph/stored-tensor';
import { ExternalWeights, type WeightUse } from '../../../src/engine/graph/weights';
import { BLOCK_TYPES, type BlockType } from '../../../src/engine/weights/block-types';
import { openWeightFile, weightMemory } from '../../../src/engine/weights/source';
import { writeGguf } from '../../support/gguf-file';
import { FIXTURES } from '../../support/paths';
import { tempFolder } from '../../support/temp-folder';
import { runGraph } from './run-graph';

/** Of scripts/reference/gguf_blocks.py: two rows of 256 values for each type. */
const CASES = JSON.parse(readFileSync(join(FIXTURES, 'gguf-blocks.json'), 'utf8')) as Readonly<
  Record<BlockType, { readonly blocks: string; readonly values: string }>
>;
const TYPES = Object.keys(BLOCK_TYPES) as BlockType[];

function expected(type: BlockType): Float32Array {
  const bytes = Buffer.from(CASES[type].values, 'base64');
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}

/** A file with one matrix [2, 256] of the type. */
function written(type: BlockType): string {
  const file = join(tempFolder(), 'model.gguf');
  const bytes = Buffer.from(CASES[type].blocks, 'base64');
  const tensor = { name: 'a.weight', sizes: [256, 2], type: BLOCK_TYPES[type].code, bytes };
  // What lies before a tensor may be of another length.
  writeGguf(file, [{ name: 'a.bias', sizes: [1], type: 0, bytes: new Uint8Array(4) }, tensor]);
  return file;
}

async function read(type: BlockType, use: WeightUse): Promise<Float32Array> {
  const graph = new Graph();
  const weights = new ExternalWeights(graph, await openWeightFile(written(type)));
  const value = weights.get('a.weight', [2, 256], use);
  graph.output('y', castTo(graph, value, 'float32', 'y'));
  return (await runGraph(graph.finish('weights'), {})).y!;
}

describe('weights in blocks of GGUF', () => {
  for (const type of TYPES) {
    it(`${type}: are what the gguf package widens them to`, async () => {
      assert.deepEqual(await read(type, { type: 'float32' }), expected(type));
    });
  }

  it('are read by rows', async () => {
    for (const type of TYPES) {
      const rows = { first: 1, count: 1 };
      const found = await read(type, { type: 'float32', rows });
      assert.deepEqual(found, expected(type).subarray(256), type);
    }
  });

  it('count in memory as what they are widened to', async () => {
    const weights = await openWeightFile(written('Q8_0'));
    const bytes = weightMemory(weights, 'float16', { place: 'processor' });
    assert.equal(bytes, weights.totalBytes + (512 + 1) * 2);
  });
});
