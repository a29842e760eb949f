import { strict as assert } from 'node:assert';
import { JobProgress } from '../../../src/host/drawing/job-progress';

const step = (image: number, index: number, total = 4) =>
  ({ event: 'step', image, index, total, seconds: 1 }) as const;

describe('job progress', () => {
  it('waits, loads, steps and finishes', () => {
    const progress = new JobProgress(1);
    progress.receive({ event: 'queued', ahead: 2 }, 0);
    assert.equal(progress.ahead, 2);
    progress.receive({ event: 'loading', component: 'unet', device: 'cpu' }, 0);
    assert.equal(progress.ahead, 0);
    assert.equal(progress.loading, 'unet');
    assert.equal(progress.fraction, 0);
    progress.receive(step(0, 1), 1000);
    assert.equal(progress.loading, undefined);
    assert.equal(progress.secondsLeft, undefined);
    assert.equal(progress.fraction, 0.25);
  });

  it('says what it does, on which device, and what the engine warned of', () => {
    const progress = new JobProgress(1);
    assert.equal(progress.stage, 'queued');
    progress.receive({ event: 'loading', component: 'unet', device: 'cpu' }, 0);
    progress.receive({ event: 'warning', message: 'The prompt was cut.' }, 0);
    assert.deepEqual([progress.stage, progress.device], ['loading', 'cpu']);
    assert.deepEqual(progress.warnings, ['The prompt was cut.']);
    progress.receive(step(0, 4), 0);
    assert.equal(progress.stage, 'drawing');
    progress.receive({ event: 'loading', component: 'vae_decoder', device: 'cpu' }, 0);
    assert.equal(progress.stage, 'loading');
    const file = { width: 8, height: 8, format: 'png', bytes: new Uint8Array(1) } as const;
    progress.receive({ event: 'image', image: 0, seed: 1, ...file }, 0);
    assert.deepEqual([progress.stage, progress.drawn], ['drawing', 1]);
  });

  it('is drawing as soon as an endpoint has it, and waits in the queue of its server', () => {
    const progress = new JobProgress(1);
    progress.receive({ event: 'queued', ahead: 1 }, 0);
    assert.deepEqual([progress.stage, progress.host], ['queued', undefined]);
    progress.receive({ event: 'sent', host: 'gpu.example:8188' }, 0);
    assert.deepEqual([progress.stage, progress.ahead], ['drawing', 0]);
    assert.equal(progress.host, 'gpu.example:8188');
    progress.receive({ event: 'queued', ahead: 3 }, 0);
    assert.deepEqual([progress.stage, progress.ahead], ['queued', 3]);
    progress.receive(step(0, 1), 0);
    assert.equal(progress.stage, 'drawing');
  });

  it('knows which weights are prepared, until something else happens', () => {
    const progress = new JobProgress(1);
    progress.receive({ event: 'loading', component: 'unet', device: 'cpu' }, 0);
    const event = { event: 'preparing', component: 'unet', bytes: 8e8, folder: '/cache' } as const;
    progress.receive({ ...event, share: 0.25 }, 0);
    assert.equal(progress.stage, 'loading');
    assert.deepEqual(progress.preparing, { ...event, share: 0.25 });
    progress.receive(step(0, 1), 0);
    assert.equal(progress.preparing, undefined);
    assert.equal(progress.stage, 'drawing');
  });

  it('knows what the job needs of memory', () => {
    const progress = new JobProgress(1);
    const need = { bytes: 6e9, availableBytes: 9e9, tiled: true };
    assert.equal(progress.memory, undefined);
    progress.receive({ event: 'memory', ...need }, 0);
    assert.deepEqual(progress.memory, { event: 'memory', ...need });
    assert.equal(progress.loading, undefined);
  });

  it('tells the time left from the steps after the first', () => {
    const progress = new JobProgress(1);
    progress.receive(step(0, 1), 10_000);
    progress.receive(step(0, 2), 12_000);
    assert.equal(progress.secondsLeft, 4);
    progress.receive(step(0, 3), 18_000);
    assert.equal(progress.secondsLeft, 4);
    progress.receive(step(0, 4), 19_000);
    assert.equal(progress.secondsLeft, 0);
  });

  it('counts the steps of all pictures', () => {
    const progress = new JobProgress(3);
    progress.receive(step(0, 4), 0);
    assert.equal(progress.total, 12);
    progress.receive(step(1, 1), 1000);
    assert.equal(progress.done, 5);
    assert.equal(progress.fraction, 5 / 12);
  });
});
