import assert from 'node:assert/strict';
import { EaselError } from '../../../src/core/errors';
import { failsAll, inParallel } from '../../../src/host/missing/in-parallel';

describe('work in parallel', () => {
  it('does all in order, so many at a time', async () => {
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const work = async (item: number) => {
      begun.push(item);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await inParallel([1, 2, 3, 4, 5], 2, work, () => false);
    assert.deepEqual(begun, [1, 2, 3, 4, 5]);
    assert.equal(most, 2);
  });

  it('begins nothing more when it is to stop', async () => {
    const done: number[] = [];
    const work = (item: number) => {
      done.push(item);
      return Promise.resolve();
    };
    await inParallel([1, 2, 3], 1, work, () => done.length === 2);
    assert.deepEqual(done, [1, 2]);
  });

  it('knows which errors of an endpoint all images would have', () => {
    const at = { endpointName: 'work' };
    assert.ok(failsAll(new EaselError('payment-required', 'Pay.', at)));
    assert.ok(failsAll(new EaselError('access-denied', 'A key.', at)));
    assert.ok(!failsAll(new EaselError('content-refused', 'Not this.', at)));
    // Of a model of this machine it is about its download.
    assert.ok(!failsAll(new EaselError('access-denied', 'Gated.')));
  });
});
