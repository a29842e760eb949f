import assert from 'node:assert/strict';

import { log32, numpyLog32, sinCosResult, sincos32 } from '../../src/core/float32';

describe('float32 functions', () => {
  it("numpyLog32 gives numpy's value where that is not the nearest", () => {
    for (const [x, log] of [
      [0.0073909424, -4.9075003],
      [0.16779706, -1.7850001],
      [0.67368007, -0.39499998],
      [1.0486462, 0.047500014],
      [1.5604903, 0.44500005],
      [5.7979245, 1.7574999],
    ] as const) {
      assert.equal(numpyLog32(Math.fround(x)), Math.fround(log));
      assert.notEqual(Math.fround(Math.log(Math.fround(x))), Math.fround(log));
    }
    assert.equal(numpyLog32(1), 0);
  });

  it('log32, sine and cosine are within two units in the last place of the true values', () => {
    for (let i = 1; i < 1000; i++) {
      const x = Math.fround(i / 1000);
      assert.ok(Math.abs(log32(x) - Math.log(x)) <= 2 ** -22 * Math.max(1, Math.abs(Math.log(x))));
      const angle = Math.fround(2 * Math.PI * x);
      sincos32(angle);
      assert.ok(Math.abs(sinCosResult[0]! - Math.sin(angle)) <= 2 ** -22);
      assert.ok(Math.abs(sinCosResult[1]! - Math.cos(angle)) <= 2 ** -22);
    }
  });
});
