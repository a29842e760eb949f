import assert from 'node:assert/strict';
import {
  ASKED_FOR,
  autoPrecision,
  exactReason,
  precisionByHalf,
  precisionByIntegers,
  precisionsOf,
  unaskedPrecision,
  type HalfTrial,
} from '../../../src/core/request/precision';

const LARGE = 860_000_000;
const RIGHT: HalfTrial = { half: true, halfSpeed: 1.8, halfFault: '' };
const WRONG: HalfTrial = { half: false, halfSpeed: 0, halfFault: 'the adapter has no float16' };

describe('the precision that auto takes', () => {
  it('is exact for small models and exported graphs, and says why', () => {
    assert.match(exactReason(80_000_000) ?? '', /small/);
    assert.match(exactReason(undefined) ?? '', /exported/);
    assert.equal(exactReason(LARGE), undefined);
  });

  it('is half for large models where float16 is right and not slower, and says why not', () => {
    assert.equal(precisionByHalf(RIGHT).precision, 'half');
    const slow = precisionByHalf({ ...RIGHT, halfSpeed: 0.5 });
    assert.equal(slow.precision, 'full');
    assert.match(slow.reason, /slower/);
    const wrong = precisionByHalf(WRONG);
    assert.equal(wrong.precision, 'full');
    assert.match(wrong.reason, /no float16/);
  });

  it('is foretold from the trials of the device', () => {
    const trials = (half: HalfTrial) => ({
      devices: [{ device: 'webgpu', ...half }] as const,
      integers: { exact: true, fast: true },
    });
    assert.equal(autoPrecision('webgpu', LARGE, trials(RIGHT)), 'half');
    assert.equal(autoPrecision('webgpu', LARGE, trials(WRONG)), 'full');
    assert.equal(autoPrecision('webgpu', 80_000_000, trials(RIGHT)), 'full');
    assert.equal(autoPrecision('cuda', LARGE, trials(RIGHT)), 'full');
    assert.equal(autoPrecision('cpu', LARGE, trials(RIGHT)), 'int8');
    assert.deepEqual(precisionsOf('webgpu', trials(RIGHT)), ['full', 'half']);
    assert.deepEqual(precisionsOf('webgpu', trials(WRONG)), ['full']);
    assert.deepEqual(precisionsOf('webgpu', undefined), ['full', 'half']);
    assert.deepEqual(precisionsOf('cpu', trials(RIGHT)), ['full', 'int8']);
  });

  it('is int8 for large models only where products of bytes are exact and fast', () => {
    const taken = (exact: boolean, fast: boolean) => precisionByIntegers({ exact, fast }).precision;
    assert.equal(taken(true, true), 'int8');
    assert.equal(taken(true, false), 'full');
    assert.equal(taken(false, true), 'full');
  });

  it('is said where it is not exact and nobody has asked for it', () => {
    const { reason } = precisionByIntegers({ exact: true, fast: true });
    assert.equal(unaskedPrecision({ precision: 'int8', reason }), 'int8');
    assert.equal(unaskedPrecision({ precision: 'int8', reason: ASKED_FOR }), undefined);
    assert.equal(unaskedPrecision({ precision: 'full', reason }), undefined);
    assert.equal(unaskedPrecision({ precision: 'full', reason: ASKED_FOR }), undefined);
  });
});
