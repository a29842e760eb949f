import assert from 'node:assert/strict';
import {
  ASKED_FOR,
  exactReason,
  precisionByTrial,
  unaskedPrecision,
} from '../../../src/core/request/precision';

describe('the precision that auto takes', () => {
  it('is exact for small models, exported graphs and devices without int8, and says why', () => {
    assert.match(exactReason('cpu', 80_000_000) ?? '', /small/);
    assert.match(exactReason('cpu', undefined) ?? '', /exported/);
    assert.match(exactReason('webgpu', 860_000_000) ?? '', /WebGPU/);
    assert.equal(exactReason('cpu', 860_000_000), undefined);
  });

  it('is int8 for large models only where products of bytes are exact and fast', () => {
    const taken = (exact: boolean, fast: boolean) => precisionByTrial({ exact, fast }).precision;
    assert.equal(taken(true, true), 'int8');
    assert.equal(taken(true, false), 'full');
    assert.equal(taken(false, true), 'full');
  });

  it('is said where it is not exact and nobody has asked for it', () => {
    const { reason } = precisionByTrial({ exact: true, fast: true });
    assert.equal(unaskedPrecision({ precision: 'int8', reason }), 'int8');
    assert.equal(unaskedPrecision({ precision: 'int8', reason: ASKED_FOR }), undefined);
    assert.equal(unaskedPrecision({ precision: 'full', reason }), undefined);
    assert.equal(unaskedPrecision({ precision: 'full', reason: ASKED_FOR }), undefined);
  });
});
