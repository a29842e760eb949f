import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { onnx } from 'onnx-proto';

import { readOnnxHeader } from '../../../src/engine/onnx/header';
import { openModel } from '../../../src/engine/model/open';
import { editOnnx, materialiseOnnx } from '../../support/onnx-folder';
import { tempFolder } from '../../support/temp-folder';

const INT64 = onnx.TensorProto.DataType.INT64;
const int64s = (values: readonly number[]) =>
  new Uint8Array(BigInt64Array.from(values, BigInt).buffer);

interface Parts {
  readonly nodes: onnx.INodeProto[];
  readonly initializers?: onnx.ITensorProto[];
}

async function madeBytes({ nodes, initializers = [] }: Parts): Promise<number> {
  const file = join(tempFolder(), 'model.onnx');
  const graph = { node: nodes, initializer: initializers, name: 'g', input: [], output: [] };
  writeFileSync(file, onnx.ModelProto.encode({ irVersion: 8, graph }).finish());
  return (await readOnnxHeader(file)).madeBytes;
}

describe('values that an ONNX graph makes out of nothing', () => {
  const shape = [2 ** 10, 2 ** 20];
  const bytes = 2 ** 32;

  it('are counted where the size is a constant of any form', async () => {
    const fill = { opType: 'ConstantOfShape', input: ['s'], output: ['x'] };
    const raw = { name: 's', dims: [2], dataType: INT64, rawData: int64s(shape) };
    assert.equal(await madeBytes({ nodes: [fill], initializers: [raw] }), bytes);
    const packed = { name: 's', dims: [2], dataType: INT64, int64Data: shape };
    assert.equal(await madeBytes({ nodes: [fill], initializers: [packed] }), bytes);
    const t = { dims: [2], dataType: INT64, rawData: int64s(shape) };
    const constant = {
      opType: 'Constant',
      input: [],
      output: ['s'],
      attribute: [{ name: 'value', t }],
    };
    assert.equal(await madeBytes({ nodes: [fill, constant] }), bytes);
    const random = {
      opType: 'RandomNormal',
      output: ['x'],
      attribute: [{ name: 'shape', ints: shape }],
    };
    assert.equal(await madeBytes({ nodes: [random, random] }), 2 * bytes);
    const expand = { opType: 'Expand', input: ['one', 's'], output: ['x'] };
    assert.equal(await madeBytes({ nodes: [expand], initializers: [raw] }), bytes);
    const one = { name: 'one', dims: [3], dataType: 1, rawData: new Uint8Array(12) };
    const tile = { opType: 'Tile', input: ['one', 's'], output: ['x'] };
    assert.equal(await madeBytes({ nodes: [tile], initializers: [raw, one] }), 3 * bytes);
  });

  it('are none where the size is computed, or is no size', async () => {
    const fill = { opType: 'ConstantOfShape', input: ['computed'], output: ['x'] };
    assert.equal(await madeBytes({ nodes: [fill] }), 0);
    const wrong = { name: 'computed', dims: [1], dataType: INT64, rawData: int64s([-1]) };
    assert.equal(await madeBytes({ nodes: [fill], initializers: [wrong] }), 4);
  });

  it('count as memory of the job', async () => {
    const folder = materialiseOnnx('optimum');
    const use = { width: 64, height: 64, guided: false, steps: 1, vaeTiling: false };
    const before = (await openModel({ id: 'x', folder })).estimateMemory(use).bytes;
    editOnnx(join(folder, 'text_encoder', 'model.onnx'), (graph) => {
      const size = { name: 'huge', dims: [1], dataType: INT64, rawData: int64s([2 ** 36]) };
      graph.initializer.push(onnx.TensorProto.create(size));
      const fill = { opType: 'ConstantOfShape', input: ['huge'], output: ['unused'] };
      graph.node.push(onnx.NodeProto.create(fill));
    });
    const after = (await openModel({ id: 'x', folder })).estimateMemory(use).bytes;
    assert.ok(after - before > 2 ** 37, `${after} after ${before}`);
  });

  it('are few in real exports', async () => {
    const folder = materialiseOnnx('optimum-xl');
    for (const name of ['unet', 'text_encoder', 'text_encoder_2', 'vae_decoder', 'vae_encoder']) {
      const file = join(folder, name, 'model.onnx');
      assert.ok((await readOnnxHeader(file)).madeBytes <= readFileSync(file).length);
    }
  });
});
