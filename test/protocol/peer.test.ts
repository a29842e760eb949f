import assert from 'node:assert/strict';
import { EaselError } from '../../src/core/errors';
import { Caller, serve, type Transport, type WireMessage } from '../../src/protocol/peer';

interface Sums {
  add: { params: readonly number[]; result: number; event: number };
  wait: { params: null; result: null; event: never };
  fail: { params: null; result: null; event: never };
}

/** Two ends in one process; messages are cloned and arrive later, as between processes. */
function pair(): [Transport, Transport] {
  const listeners: ((message: WireMessage) => void)[][] = [[], []];
  const end = (own: 0 | 1): Transport => ({
    send: (message) => {
      const copy = structuredClone(message);
      setImmediate(() => {
        for (const listener of listeners[1 - own]!) listener(copy);
      });
    },
    onMessage: (listener) => listeners[own]!.push(listener),
  });
  return [end(0), end(1)];
}

describe('peer', () => {
  const started: string[] = [];
  let caller: Caller<Sums>;

  beforeEach(() => {
    const [here, there] = pair();
    caller = new Caller<Sums>(here);
    serve<Sums>(there, {
      add: (numbers, { emit }) => {
        let sum = 0;
        for (const number of numbers) emit((sum += number));
        return Promise.resolve(sum);
      },
      wait: (_params, { signal }) =>
        new Promise((_resolve, reject) => {
          started.push('wait');
          signal.addEventListener('abort', () => reject(new EaselError('cancelled', 'Cancelled.')));
        }),
      fail: () => Promise.reject(new EaselError('bad-size', 'Too odd.', { width: 3 })),
    });
  });

  it('answers with events in order, then the result', async () => {
    const events: number[] = [];
    const result = await caller.call('add', [1, 2, 3], { onEvent: (event) => events.push(event) });
    assert.equal(result, 6);
    assert.deepEqual(events, [1, 3, 6]);
  });

  it('carries an error with its code and data', async () => {
    await assert.rejects(caller.call('fail', null), (error: EaselError) => {
      assert.ok(error instanceof EaselError);
      assert.deepEqual(
        [error.code, error.message, error.data],
        ['bad-size', 'Too odd.', { width: 3 }],
      );
      return true;
    });
  });

  it('cancels on the other side, and rejects here', async () => {
    const abort = new AbortController();
    const call = caller.call('wait', null, { signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    await assert.rejects(call, { code: 'cancelled' });
  });

  it('sends nothing for a call that was cancelled before', async () => {
    const before = started.length;
    await assert.rejects(caller.call('wait', null, { signal: AbortSignal.abort() }), {
      code: 'cancelled',
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(started.length, before);
  });

  it('answers an unknown method with an error', async () => {
    await assert.rejects(caller.call('toString' as 'fail', null), { code: 'internal' });
  });

  it('ends open calls when the other side is gone', async () => {
    const call = caller.call('wait', null);
    caller.rejectAll(new EaselError('engine-crashed', 'Gone.'));
    await assert.rejects(call, { code: 'engine-crashed' });
  });
});
