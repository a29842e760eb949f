import assert from 'node:assert/strict';
import { parseRequest } from '../../../src/core/request/request';
import { applySpeed } from '../../../src/core/request/speed';

const SMALL = 30_000_000;
const LARGE = 860_000_000;

describe('the choice of speed', () => {
  const asked = (fields: object) => parseRequest({ prompt: 'a cat', ...fields });

  it('is full precision for exact images, unless another is asked for', () => {
    assert.equal(applySpeed(asked({ speed: 'exact' }), LARGE).precision, 'full');
    const own = asked({ speed: 'exact', precision: 'int8' });
    assert.equal(applySpeed(own, LARGE).precision, 'int8');
  });

  it('changes nothing where it is balanced, and nothing of small models', () => {
    const balanced = asked({});
    assert.equal(balanced.speed, 'balanced');
    assert.deepEqual(applySpeed(balanced, LARGE), balanced);
    const small = asked({ speed: 'fast' });
    assert.deepEqual(applySpeed(small, SMALL), small);
  });

  it('takes fewer calls of large models where it is fast', () => {
    const fast = applySpeed(asked({ speed: 'fast' }), LARGE);
    assert.equal(fast.precision, 'auto');
    assert.equal(fast.forecast?.w, 0);
    assert.deepEqual(fast.guidanceInterval, { start: 0, end: 0.8 });
    assert.equal(fast.tokenDownsampling, 2);
    // The graphs of exported models are as they are.
    assert.equal(applySpeed(asked({ speed: 'fast' }), undefined).tokenDownsampling, 1);
  });

  it('guides every step where attention is perturbed, which needs it', () => {
    const fast = applySpeed(asked({ speed: 'fast', pagScale: 3 }), LARGE);
    assert.equal(fast.guidanceInterval, undefined);
    assert.equal(fast.forecast?.w, 0);
  });

  it('leaves what a request says', () => {
    const own = {
      forecast: { w: 0.5 },
      guidanceInterval: { start: 0.2, end: 1 },
      tokenDownsampling: 3,
    };
    const fast = applySpeed(asked({ speed: 'fast', ...own }), LARGE);
    assert.equal(fast.forecast?.w, 0.5);
    assert.deepEqual(fast.guidanceInterval, own.guidanceInterval);
    assert.equal(fast.tokenDownsampling, 3);
  });
});
