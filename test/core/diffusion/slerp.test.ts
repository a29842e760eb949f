import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TorchGenerator } from '../../../src/core/diffusion/random';
import { slerp } from '../../../src/core/diffusion/slerp';
import { FIXTURES } from '../../support/paths';

interface Variation {
  readonly shape: readonly [number, number, number];
  readonly strength: number;
  /** How much of the first noise is added to the second. */
  readonly added: number;
  readonly values: string;
}

const { variations } = JSON.parse(readFileSync(path.join(FIXTURES, 'noise.json'), 'utf8')) as {
  readonly variations: readonly Variation[];
};

describe("slerp, against AUTOMATIC1111's formula in torch", () => {
  for (const { shape, strength, added, values } of variations) {
    const [channels, height, width] = shape;
    it(`${shape.join(' × ')}, strength ${strength}, ${added} of the first in the second`, () => {
      const count = channels * height * width;
      const from = new TorchGenerator(42).randn(count);
      const to = new TorchGenerator(7).randn(count).map((value, i) => value + added * from[i]!);
      const expected = new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer);
      const found = slerp(from, to, strength, { channels, height, width });
      assert.equal(found.length, expected.length);
      const size = Math.max(...expected.map(Math.abs));
      for (const [i, value] of expected.entries()) {
        assert.ok(Math.abs(found[i]! - value) <= 2e-5 * size, `${i}: ${found[i]!}, not ${value}`);
      }
    });
  }

  it('keeps the first noise at 0 and gives the second at 1', () => {
    const [from, to] = [1, 2].map((seed) => new TorchGenerator(seed).randn(96)) as [
      Float32Array,
      Float32Array,
    ];
    const shape = { channels: 4, height: 4, width: 6 };
    assert.deepEqual(slerp(from, to, 0, shape), from);
    assert.deepEqual(slerp(from, to, 1, shape), to);
  });

  it('mixes linearly where columns have no arc between them', () => {
    const [from, to] = [Float32Array.of(1, -2, 3), Float32Array.of(2, 4, 0.5)];
    const mixed = slerp(from, to, 0.25, { channels: 1, height: 1, width: 3 });
    assert.deepEqual(mixed, Float32Array.of(1.25, -0.5, 2.375));
  });
});
