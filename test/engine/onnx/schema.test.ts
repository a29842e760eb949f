import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { onnx } from 'onnx-proto';

import { readNodes, relocateExternalData } from '../../../src/engine/onnx/encoded-model';
import { readOnnxHeader } from '../../../src/engine/onnx/header';
import { DATA_LOCATION, DATA_TYPE } from '../../../src/engine/onnx/schema';
import { tempFolder } from '../../support/temp-folder';

/** A model written by another implementation. */
function model(): Uint8Array {
  const { FLOAT, FLOAT16, INT64 } = onnx.TensorProto.DataType;
  const value = (name: string, elemType: number, dim: onnx.TensorShapeProto.IDimension[]) => ({
    ...{ name, type: { tensorType: { elemType, shape: { dim } } } },
  });
  return onnx.ModelProto.encode({
    irVersion: 9,
    graph: {
      node: [
        { opType: 'Conv', input: ['x', 'w'], output: ['h'] },
        { opType: 'QuickGelu', domain: 'com.microsoft', input: ['h'], output: ['y'] },
      ],
      initializer: [
        {
          name: 'w',
          dataType: FLOAT16,
          dims: [3, 4],
          dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
          externalData: [
            { key: 'location', value: 'a/weights.bin' },
            { key: 'offset', value: '16' },
          ],
        },
      ],
      input: [value('x', FLOAT, [{ dimParam: 'batch' }, { dimValue: 4 }]), value('t', INT64, [])],
      output: [value('y', FLOAT16, [{ dimValue: 2 ** 33 }])],
    },
  }).finish();
}

describe("ONNX's file format", () => {
  it('has the data types of onnx.proto', () => {
    const { DataType, DataLocation } = onnx.TensorProto;
    const { FLOAT, UINT8, INT8, INT32, INT64, BOOL, FLOAT16, DOUBLE, BFLOAT16 } = DataType;
    assert.deepEqual(DATA_TYPE, {
      ...{ float32: FLOAT, uint8: UINT8, int8: INT8, int32: INT32, int64: INT64, bool: BOOL },
      ...{ float16: FLOAT16, float64: DOUBLE, bfloat16: BFLOAT16 },
      // Of ONNX 1.14 (onnx.proto, TensorProto.DataType), which the package does not have yet.
      ...{ float8e4m3fn: 17, float8e5m2: 19 },
    });
    assert.equal(DATA_LOCATION.external, DataLocation.EXTERNAL);
  });

  it('is read from a file without its weights', async () => {
    const file = path.join(tempFolder(), 'model.onnx');
    writeFileSync(file, model());
    const { inputs, outputs, operators, externalFiles } = await readOnnxHeader(file);
    assert.deepEqual(inputs, [
      { name: 'x', type: 'float32', shape: [undefined, 4] },
      { name: 't', type: 'int64', shape: [] },
    ]);
    assert.deepEqual(outputs, [{ name: 'y', type: 'float16', shape: [2 ** 33] }]);
    assert.deepEqual([...operators], ['Conv', 'com.microsoft::QuickGelu']);
    assert.deepEqual(externalFiles, ['a/weights.bin']);
  });

  it('is read and changed in memory as another implementation reads it', () => {
    assert.deepEqual(readNodes(model()), [
      { operator: 'Conv', inputs: ['x', 'w'], outputs: ['h'] },
      { operator: 'QuickGelu', inputs: ['h'], outputs: ['y'] },
    ]);
    const moved = relocateExternalData(model(), (location) => `moved/${location}`);
    const { graph } = onnx.ModelProto.decode(moved);
    assert.deepEqual(
      graph!.initializer![0]!.externalData!.map(({ key, value }) => [key, value]),
      [
        ['location', 'moved/a/weights.bin'],
        ['offset', '16'],
      ],
    );
  });
});
