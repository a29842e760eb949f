import * as assert from 'node:assert/strict';

import { onnx } from 'onnx-proto';

import { encodeModel } from '../../../src/engine/onnx/model-proto';
import { GraphCase } from '../graph/graph-case';

describe('ModelProto', () => {
  it('is read by another implementation as it was written', () => {
    const bytes = encodeModel({
      graphName: 'small',
      opsets: { '': 20, 'com.microsoft': 1 },
      nodes: [
        {
          name: 'n',
          operator: 'QuickGelu',
          domain: 'com.microsoft',
          inputs: ['x', '', 'w'],
          outputs: ['y'],
          attributes: {
            alpha: { float: 1.5 },
            axis: { int: -1 },
            mode: { string: 'nearest' },
            perm: { ints: [0, -2, 300] },
            scales: { floats: [0.5, 2] },
          },
        },
      ],
      initializers: [
        { name: 'c', type: 'int64', shape: [2], data: { raw: Uint8Array.of(1, 2, 3) } },
        {
          name: 'w',
          type: 'bfloat16',
          shape: [3, 2 ** 33],
          data: { location: 'a b/ü.safetensors', offset: 2 ** 40 + 1, length: 6 },
        },
      ],
      inputs: [{ name: 'x', type: 'float32', shape: [1, 4] }],
      outputs: [{ name: 'y', type: 'float16', shape: [] }],
    });
    const { graph, opsetImport } = onnx.ModelProto.decode(bytes);
    assert.deepEqual([...bytes.subarray(0, 2)], [1 << 3, 9], 'ir_version');
    assert.deepEqual(
      opsetImport.map((opset: onnx.IOperatorSetIdProto) => [opset.domain, Number(opset.version)]),
      [
        ['', 20],
        ['com.microsoft', 1],
      ],
    );
    const [node] = graph!.node!;
    assert.deepEqual([node!.opType, node!.domain], ['QuickGelu', 'com.microsoft']);
    assert.deepEqual([node!.input, node!.output], [['x', '', 'w'], ['y']]);
    const attribute = (name: string): onnx.IAttributeProto =>
      node!.attribute!.find((entry) => entry.name === name)!;
    const { FLOAT, INT, STRING, INTS, FLOATS } = onnx.AttributeProto.AttributeType;
    assert.deepEqual([attribute('alpha').f, attribute('alpha').type], [1.5, FLOAT]);
    assert.deepEqual([Number(attribute('axis').i), attribute('axis').type], [-1, INT]);
    assert.equal(Buffer.from(attribute('mode').s!).toString(), 'nearest');
    assert.equal(attribute('mode').type, STRING);
    assert.deepEqual([attribute('perm').ints!.map(Number), attribute('perm').type], [[0, -2, 300], INTS]); // prettier-ignore
    assert.deepEqual([attribute('scales').floats, attribute('scales').type], [[0.5, 2], FLOATS]);

    const [constant, weight] = graph!.initializer!;
    assert.deepEqual([...constant!.rawData!], [1, 2, 3]);
    assert.equal(constant!.dataType, onnx.TensorProto.DataType.INT64);
    assert.equal(weight!.dataType, onnx.TensorProto.DataType.BFLOAT16);
    assert.deepEqual(weight!.dims!.map(Number), [3, 2 ** 33]);
    assert.equal(weight!.dataLocation, onnx.TensorProto.DataLocation.EXTERNAL);
    assert.deepEqual(
      weight!.externalData!.map(({ key, value }) => [key, value]),
      [
        ['location', 'a b/ü.safetensors'],
        ['offset', '1099511627777'],
        ['length', '6'],
      ],
    );
    const [input] = graph!.input!;
    assert.deepEqual(input!.type!.tensorType!.shape!.dim!.map(({ dimValue }) => Number(dimValue)), [1, 4]); // prettier-ignore
    assert.equal(graph!.output![0]!.type!.tensorType!.elemType, 10);
  });

  it('of a UNet refers to every byte of every weight once', async () => {
    const graphCase = new GraphCase('unet-sd2');
    const weights = await graphCase.weights();
    const [run] = graphCase.runs(weights, { device: 'cpu' });
    const { graph } = onnx.ModelProto.decode(run!.graph.model);
    const number = (entries: onnx.IStringStringEntryProto[], name: string): number =>
      Number(entries.find(({ key }) => key === name)!.value);
    const found = graph!
      .initializer!.filter(
        ({ dataLocation }) => dataLocation === onnx.TensorProto.DataLocation.EXTERNAL,
      )
      .map(({ externalData }) => [
        number(externalData!, 'offset'),
        number(externalData!, 'length'),
      ]);
    const stored = [...weights.names()].map((name) => weights.get(name)!);
    assert.deepEqual(runsOf(found), runsOf(stored.map(({ offset, length }) => [offset, length])));
    assert.equal(run!.graph.weightBytes, weights.totalBytes);
  });

  it('computes no value before the nodes that feed it', async () => {
    const graphCase = new GraphCase('unet-sdxl');
    const [run] = graphCase.runs(await graphCase.weights(), { device: 'webgpu' });
    const { graph } = onnx.ModelProto.decode(run!.graph.model);
    const known = new Set(['', ...[...graph!.initializer!, ...graph!.input!].map(({ name }) => name!)]); // prettier-ignore
    for (const { input, output } of graph!.node!) {
      for (const name of input!) assert.ok(known.has(name), `${name} comes later`);
      for (const name of output!) {
        assert.ok(!known.has(name), `${name} is made twice`);
        known.add(name);
      }
    }
  });
});

/** Ranges that follow each other without a gap, joined: the same however they are cut. */
function runsOf(ranges: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const joined: [number, number][] = [];
  for (const [offset, length] of [...ranges].sort((a, b) => a[0]! - b[0]!)) {
    const last = joined[joined.length - 1];
    if (last !== undefined && last[0] + last[1] === offset) last[1] += length!;
    else joined.push([offset!, length!]);
  }
  return joined;
}
