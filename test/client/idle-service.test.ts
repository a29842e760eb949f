import assert from 'node:assert/strict';
import type { Service } from '../../src/client/engine';
import { IdleService } from '../../src/client/idle-service';
import { until } from '../support/until';

interface Methods {
  wait: { params: { readonly for: Promise<void> }; result: number; event: never };
}

/** A service that is idle after 20 ms, with what it made and ended so far. */
function idle() {
  const counts = { made: 0, disposed: 0, ended: 0 };
  const service = new IdleService<Methods>({
    create: () => {
      const number = ++counts.made;
      return {
        call: async (_method: 'wait', params: Methods['wait']['params']) => {
          await params.for;
          return number;
        },
        dispose: () => (counts.disposed += 1),
      } as Service<Methods>;
    },
    idleMs: 20,
    onEnd: () => (counts.ended += 1),
  });
  return { counts, service };
}

describe('an idle service', () => {
  const now = { for: Promise.resolve() };

  it('is made by the first call, and shared by the next ones', async () => {
    const { counts, service } = idle();
    assert.equal(counts.made, 0);
    assert.deepEqual(
      await Promise.all([service.call('wait', now), service.call('wait', now)]),
      [1, 1],
    );
    service.dispose();
  });

  it('ends after its last call, and the next call makes another', async () => {
    const { counts, service } = idle();
    await service.call('wait', now);
    await until('it ended', () => counts.disposed === 1 && counts.ended === 1);
    assert.equal(await service.call('wait', now), 2);
    service.dispose();
  });

  it('does not end while a call is open', async () => {
    const { counts, service } = idle();
    let finish: () => void = () => undefined;
    const open = service.call('wait', { for: new Promise((resolve) => (finish = resolve)) });
    await service.call('wait', now);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(counts.disposed, 0);
    finish();
    assert.equal(await open, 1);
    service.dispose();
  });

  it('is made anew when it is outdated, and lets open calls end before', async () => {
    const { counts, service } = idle();
    assert.equal(await service.call('wait', now), 1);
    service.renew();
    assert.equal(counts.disposed, 1);
    let end: () => void = () => undefined;
    const open = service.call('wait', { for: new Promise((resolve) => (end = resolve)) });
    service.renew();
    assert.equal(await service.call('wait', now), 2);
    assert.equal(counts.disposed, 1);
    end();
    assert.equal(await open, 2);
    assert.equal(counts.disposed, 2);
    assert.equal(await service.call('wait', now), 3);
    service.dispose();
    assert.equal(counts.disposed, 3);
  });
});
