import assert from 'node:assert/strict';
import { describeBytes, describeSeconds } from '../../src/core/quantities';

describe('quantities', () => {
  it('writes bytes in powers of 1000, one decimal from megabytes on', () => {
    const texts = [0, 1, 999, 1000, 1499, 999_499, 999_500, 2_130_000, 999_960_000, 2.13e9, 16e9];
    assert.deepEqual(
      texts.map(describeBytes),
      ['0 B', '1 B', '999 B', '1 kB', '1 kB', '999 kB', '1.0 MB', '2.1 MB', '1.0 GB', '2.1 GB', '16.0 GB'], // prettier-ignore
    );
    assert.equal(describeBytes(5e15), '5000.0 TB');
  });

  it('writes durations in seconds, minutes or hours', () => {
    const seconds = [0, 0.4, 45.4, 59.6, 90, 50 * 60, 100 * 60];
    const texts = ['1 s', '1 s', '45 s', '1 min', '2 min', '50 min', '1.7 h'];
    assert.deepEqual(seconds.map(describeSeconds), texts);
  });
});
