import assert from 'node:assert/strict';

import { betaQuantile } from '../../../../src/core/diffusion/schedulers/math/beta-quantile';
/** Probability, both shapes, quantile. */
const SCIPY: readonly (readonly [number, number, number, number])[] = [
  [1e-6, 0.6, 0.6, 1.8558824624053043e-10],
  [0.05, 0.6, 0.6, 0.012554456873611399],
  [0.1111111111111111, 0.6, 0.6, 0.04709181754904242],
  [0.5, 0.6, 0.6, 0.5000000000000001],
  [0.75, 0.6, 0.6, 0.824319621347305],
  [0.99, 0.6, 0.6, 0.9991387611784571],
  [0.999999, 0.6, 0.6, 0.9999999998144118],
  [1e-6, 0.6, 2.0, 4.56877771608806e-11],
  [0.05, 0.6, 2.0, 0.0031064214964779866],
  [0.1111111111111111, 0.6, 2.0, 0.011819831423900425],
  [0.5, 0.6, 2.0, 0.15948571535855857],
  [0.75, 0.6, 2.0, 0.36026841409536114],
  [0.99, 0.6, 2.0, 0.8585206156029835],
  [0.999999, 0.6, 2.0, 0.998556902181663],
  [1e-6, 3.0, 0.5, 0.014708891379998585],
  [0.05, 3.0, 0.5, 0.5005264868238837],
  [0.1111111111111111, 3.0, 0.5, 0.6324850034921992],
  [0.5, 3.0, 0.5, 0.920967232923827],
  [0.75, 3.0, 0.5, 0.9817849104259121],
  [0.99, 3.0, 0.5, 0.9999715544767113],
  [0.999999, 3.0, 0.5, 0.9999999999997156],
];

describe('betaQuantile', () => {
  it('equals scipy.stats.beta.ppf', () => {
    for (const [p, a, b, x] of SCIPY) {
      const actual = betaQuantile(p, a, b);
      assert.ok(Math.abs(actual - x) <= 1e-12 * x, `ppf(${p}, ${a}, ${b}): ${actual}, not ${x}`);
    }
  });

  it('inverts the uniform distribution and meets both ends', () => {
    assert.ok(Math.abs(betaQuantile(0.3, 1, 1) - 0.3) < 1e-14);
    assert.equal(betaQuantile(0, 0.6, 0.6), 0);
    assert.equal(betaQuantile(1, 0.6, 0.6), 1);
  });
});
