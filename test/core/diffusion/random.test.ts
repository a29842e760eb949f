import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { EaselError } from '../../../src/core/errors';
import { TorchGenerator } from '../../../src/core/diffusion/random';
import { FIXTURES } from '../../support/paths';

interface NoiseFixture {
  readonly streams: readonly {
    readonly seed: string;
    readonly draws: readonly { readonly count: number; readonly values: string }[];
  }[];
}

const fixture = JSON.parse(readFileSync(path.join(FIXTURES, 'noise.json'), 'utf8')) as NoiseFixture;

function sha256(values: Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
}

function isBadRequest(error: unknown): boolean {
  return error instanceof EaselError && error.code === 'bad-request';
}

describe('TorchGenerator', () => {
  it('draws the latents torch draws, to the last bit', () => {
    const count = 4 * 64 * 64;
    assert.equal(
      sha256(new TorchGenerator(42).randn(count)),
      'e97f3de04c7c6ba86354db4402b91d4402ede9c72aabed29a96dd7d635a798ba',
    );
    assert.equal(
      sha256(new TorchGenerator(0).randn(count)),
      '24efac55b39e95b2d74d8fb5b3a8e8a8e808bd04129f260c4cdbb225bb952a4d',
    );
  });

  for (const { seed, draws } of fixture.streams) {
    it(`continues one stream over draws of every length (seed ${seed})`, () => {
      const generator = new TorchGenerator(BigInt(seed));
      for (const [index, { count, values }] of draws.entries()) {
        const bytes = new Uint8Array(Buffer.from(values, 'base64'));
        const expected = new Float32Array(bytes.buffer);
        assert.deepEqual(generator.randn(count), expected, `draw ${index} of ${count}`);
      }
    });
  }

  it('takes a seed as a number or a bigint, and uses its low 32 bits', () => {
    const expected = new TorchGenerator(5).randn(16);
    assert.deepEqual(new TorchGenerator(5n).randn(16), expected);
    assert.deepEqual(new TorchGenerator(2 ** 32 + 5).randn(16), expected);
    assert.deepEqual(
      new TorchGenerator(-1).randn(16),
      new TorchGenerator(2n ** 64n - 1n).randn(16),
    );
    assert.notDeepEqual(new TorchGenerator(6).randn(16), expected);
  });

  it('refuses seeds torch refuses and counts that are not whole', () => {
    for (const seed of [1.5, NaN, 2 ** 60, 2n ** 64n, -(2n ** 63n) - 1n]) {
      assert.throws(() => new TorchGenerator(seed), isBadRequest);
    }
    assert.throws(() => new TorchGenerator(0).randn(-1), isBadRequest);
    assert.throws(() => new TorchGenerator(0).randn(2.5), isBadRequest);
    assert.equal(new TorchGenerator(0).randn(0).length, 0);
  });
});
