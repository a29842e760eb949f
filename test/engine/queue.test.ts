import assert from 'node:assert/strict';
import { JobQueue } from '../../src/engine/queue';

const never = new AbortController().signal;

function gate(): { open: () => void; passed: Promise<void> } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

describe('job queue', () => {
  it('runs one job at a time, in order, whether jobs succeed or fail', async () => {
    const queue = new JobQueue();
    let running = 0;
    const order: number[] = [];
    const jobs = Array.from({ length: 8 }, (_, i) =>
      queue
        .run(async () => {
          assert.equal(++running, 1);
          await new Promise((resolve) => setImmediate(resolve));
          order.push(i);
          running--;
          if (i % 3 === 0) throw new Error(`job ${i}`);
        }, never)
        .catch((error: unknown) => (error as Error).message),
    );
    const results = await Promise.all(jobs);
    assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(
      results.filter((result) => result !== undefined),
      ['job 0', 'job 3', 'job 6'],
    );
  });

  it('tells waiting jobs how many are ahead, again when that changes', async () => {
    const queue = new JobQueue();
    const first = gate();
    const told: number[] = [];
    const jobs = [
      queue.run(() => first.passed, never),
      queue.run(() => Promise.resolve(), never),
      queue.run(
        () => Promise.resolve(),
        never,
        (ahead) => told.push(ahead),
      ),
    ];
    first.open();
    await Promise.all(jobs);
    assert.deepEqual(told, [2, 1]);
  });

  it('lets a cancelled job leave at once, without running it', async () => {
    const queue = new JobQueue();
    const first = gate();
    const abort = new AbortController();
    const running = queue.run(() => first.passed, never);
    const waiting = queue.run(() => Promise.reject(new Error('ran')), abort.signal);
    abort.abort();
    await assert.rejects(waiting, { code: 'cancelled' });
    first.open();
    await running;
    assert.equal(await queue.run(() => Promise.resolve('next'), never), 'next');
  });
});
