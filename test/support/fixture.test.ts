import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';

import { TorchGenerator } from '../../src/core/diffusion/random';
import { openComponentWeights } from '../../src/engine/weights/source';
import { caseFile, caseNames, materialise, reference, tensorShapes } from './fixture';
import { decodeElement } from '../../src/engine/weights/dtype';
import { toBFloat16Bits, toFloat16Bits, toFloat8Bits } from './float16';
import { randomTensors } from './random-weights';

describe('small random models', () => {
  it('have every weight that their components name, in every layout', async () => {
    for (const layout of ['folder', 'hf-cache'] as const) {
      for (const sharded of [false, true]) {
        for (const dtype of ['F32', 'F16', 'BF16'] as const) {
          const model = materialise('sd1', { layout, sharded, dtype });
          for (const [component, shapes] of Object.entries(tensorShapes('sd1'))) {
            const source = await openComponentWeights(join(model, component));
            assert.deepEqual([...source.names()].sort(), Object.keys(shapes).sort());
            for (const [name, shape] of Object.entries(shapes)) {
              assert.deepEqual(source.get(name)?.shape, shape);
              assert.equal(source.get(name)?.dtype, dtype);
            }
          }
          const index = join(model, 'model_index.json');
          assert.equal(lstatSync(index).isSymbolicLink(), layout === 'hf-cache');
        }
      }
    }
  });

  it('have the values that the references were computed with, to the last bit', () => {
    for (const name of caseNames()) {
      const { dtype, sha256 } = caseFile(name);
      for (const [component, shapes] of Object.entries(tensorShapes(name))) {
        const digest = createHash('sha256');
        for (const { bytes } of randomTensors(shapes, dtype)) digest.update(bytes);
        assert.equal(digest.digest('hex'), sha256[component], `${name} ${component}`);
      }
    }
  });

  it('come with references that lie where their table says', () => {
    assert.ok(caseNames().includes('sd1'));
    for (const name of caseNames()) {
      const values = reference(name);
      for (const array of values.arrayNames()) {
        const { shape, data } = values.array(array);
        const count = shape.reduce((product, size) => product * size, 1);
        assert.equal(data.length, count, `${name} ${array}`);
        assert.ok(data.every(Number.isFinite), `${name} ${array}`);
      }
      for (const run of values.runNames()) {
        const last = values.run(run).numImages - 1;
        assert.ok(existsSync(values.picture(run, last)), `${name} ${run}`);
      }
    }
  });

  it('start from the noise of the seed', () => {
    const values = reference('sd1');
    const noise = new TorchGenerator(values.run('default').seed).randn(4 * 8 * 8);
    assert.deepEqual(values.floats('default/latents.initial'), noise);
  });
});

describe('float8 of test weights', () => {
  it('has each value for itself, and rounds to the nearest, ties to even', () => {
    for (const [dtype, fraction] of [
      ['F8_E4M3', 3],
      ['F8_E5M2', 2],
    ] as const) {
      for (let byte = 0; byte < 256; byte++) {
        const value = decodeElement(Buffer.of(byte), dtype);
        if (Number.isFinite(value)) assert.equal(toFloat8Bits(value, fraction), byte);
      }
    }
    assert.equal(toFloat8Bits(1 + 1 / 16, 3), 0x38); // ties
    assert.equal(toFloat8Bits(1 + 3 / 16, 3), 0x3a);
    assert.equal(toFloat8Bits(2 - 1 / 32, 3), 0x40); // rounds up over the exponent
  });
});

describe('half precision of test weights', () => {
  it('rounds to the nearest, ties to even', () => {
    const halves: [number, number][] = [
      [0, 0],
      [-0, 0x8000],
      [1, 0x3c00],
      [-2, 0xc000],
      [1 + 2 ** -11, 0x3c00], // a tie, to even
      [1 + 3 * 2 ** -11, 0x3c02], // a tie, to even
      [1 + 2 ** -11 + 2 ** -20, 0x3c01],
      [2 - 2 ** -12, 0x4000], // rounds up over the exponent
      [65504, 0x7bff],
      [65520, 0x7c00],
      [1e9, 0x7c00],
      [Infinity, 0x7c00],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [1.5 * 2 ** -24, 0x0002],
      [1e-10, 0],
    ];
    for (const [value, bits] of halves) assert.equal(toFloat16Bits(value), bits, String(value));
    const brains: [number, number][] = [
      [0, 0],
      [1, 0x3f80],
      [-1, 0xbf80],
      [1 + 2 ** -8, 0x3f80],
      [1 + 3 * 2 ** -8, 0x3f82],
      [1 + 2 ** -8 + 2 ** -20, 0x3f81],
      [Infinity, 0x7f80],
    ];
    for (const [value, bits] of brains) assert.equal(toBFloat16Bits(value), bits, String(value));
  });
});
