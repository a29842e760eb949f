import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EaselError } from '../../src/core/errors';
import type { GenerationRequestInput } from '../../src/core/request/request';
import type { GenerationEvent } from '../../src/protocol/engine';
import { openEngine } from '../../src/client/open';
import { ENGINE } from '../support/cli';
import { materialise } from '../support/fixture';
import { until } from '../support/until';

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('engine process', () => {
  let model: string;
  let client: ReturnType<typeof openEngine>;
  const crashes: EaselError[] = [];

  before(() => {
    model = materialise('sd1');
  });
  beforeEach(() => {
    crashes.length = 0;
    client = openEngine({ module: ENGINE, onCrash: (error) => crashes.push(error) });
  });
  afterEach(() => client.dispose());

  const request = (more: Partial<GenerationRequestInput> = {}): GenerationRequestInput => ({
    ...{ prompt: 'a cat', model, seed: 1, steps: 2, width: 32, height: 32, device: 'cpu' },
    ...more,
  });
  const long = { steps: 900, numImages: 100 };
  const draw = (more: Partial<GenerationRequestInput> = {}) => {
    const events: GenerationEvent[] = [];
    const done = client.call(
      'generate',
      { request: request(more) },
      { onEvent: (event) => events.push(event) },
    );
    return done.then(() => events);
  };

  it('starts on the first call, and not before', async () => {
    const pid = () => client.pid;
    assert.equal(pid(), undefined);
    await draw();
    assert.ok(alive(pid() ?? -1));
  });

  it('draws with the priority and the threads that it is given', async function () {
    if (process.platform !== 'linux') this.skip();
    const threadsOf = (pid: number) =>
      readdirSync(`/proc/${pid}/task`).map((thread) => os.getPriority(Number(thread)));
    client.dispose();
    const own = os.getPriority();
    const load = { threads: 1, priority: 'low' } as const;
    client = openEngine({ module: ENGINE, load });
    await draw();
    const pid = client.pid ?? -1;
    const low = Math.max(own, os.constants.priority.PRIORITY_BELOW_NORMAL);
    assert.equal(os.getPriority(pid), low);
    const one = threadsOf(pid).length;
    client.dispose();
    client = openEngine({ module: ENGINE, load: { ...load, threads: 2 } });
    await draw();
    // A second thread for each of the three networks that are kept, and one of the image library.
    const kept = os.availableParallelism() > 1 ? 3 : 0;
    const found = threadsOf(client.pid ?? -1);
    assert.ok(found.length >= one + kept, `${found.length} threads, not ${one}`);
    const isLow = found.filter((priority) => priority === low);
    assert.ok(isLow.length > kept, `${isLow.length} of ${found.length} threads give way`);
    assert.equal(os.getPriority(), own);
  });

  it('keeps what it loaded for the next job, until told to let go', async () => {
    const loads = (events: GenerationEvent[]) =>
      events.filter(({ event }) => event === 'loading').length;
    assert.equal(loads(await draw()), 3);
    assert.equal(loads(await draw({ seed: 2 })), 0);
    assert.equal(loads(await draw({ height: 64 })), 2); // other shapes: UNet and decoder
    await client.call('release', null);
    assert.equal(loads(await draw()), 3);
  });

  it('takes one job at a time and tells the others that they wait', async () => {
    const order: string[] = [];
    const jobs = ['a', 'b', 'c'].map((name) =>
      client.call(
        'generate',
        { request: request({ prompt: name }) },
        { onEvent: (event) => order.push(`${name} ${event.event}`) },
      ),
    );
    await Promise.all(jobs);
    assert.ok(order.includes('b queued') && order.includes('c queued'));
    const images = order.filter((entry) => entry.endsWith('image'));
    assert.deepEqual(images, ['a image', 'b image', 'c image']);
    assert.ok(order.indexOf('a image') < order.indexOf('b step'));
  });

  it('cancels between steps and goes on with the next job', async () => {
    const abort = new AbortController();
    let steps = 0;
    const job = client.call(
      'generate',
      { request: request(long) },
      {
        signal: abort.signal,
        onEvent: ({ event }) => {
          if (event === 'step' && ++steps === 3) abort.abort();
        },
      },
    );
    await assert.rejects(job, { code: 'cancelled' });
    assert.ok(steps < 50, `${String(steps)} steps after the cancel`);
    await draw();
    assert.deepEqual(crashes, []);
  });

  it('reports a crash to every open call and starts afresh for the next', async () => {
    const jobs = [draw(long), draw()];
    // Both are awaited below; neither may go unhandled until then.
    for (const job of jobs) job.catch(() => undefined);
    await until('an engine', () => client.pid !== undefined);
    const first = client.pid!;
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill(first, 'SIGKILL');
    for (const job of jobs) await assert.rejects(job, { code: 'engine-crashed' });
    assert.equal(crashes.length, 1);
    await draw();
    assert.notEqual(client.pid, first);
  });

  it('ends at once when disposed of, silently', async () => {
    const job = draw(long);
    job.catch(() => undefined);
    await until('an engine', () => client.pid !== undefined);
    const pid = client.pid!;
    client.dispose();
    await assert.rejects(job, { code: 'cancelled' });
    await until('the end of the engine', () => !alive(pid));
    assert.deepEqual(crashes, []);
  });

  it('goes when its parent is killed', async () => {
    const script = path.join(__dirname, '..', 'support', 'orphan-parent.ts');
    const parent = spawn(process.execPath, ['-r', 'tsx/cjs', script, ENGINE, model], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (text: Buffer) => resolve(Number(text.toString().split('\n')[0])));
    });
    assert.ok(alive(pid));
    parent.kill('SIGKILL');
    await until('the end of the engine', () => !alive(pid));
  });

  it('refuses a bad request without harm', async () => {
    await assert.rejects(draw({ steps: 0 }), { code: 'bad-request' });
    await assert.rejects(draw({ colour: 'red' } as never), { code: 'bad-request' });
    await draw();
  });

  it('sends a small picture with each step when asked', async () => {
    const events = await draw({ preview: true, width: 64 });
    const previews = events.flatMap((event) => (event.event === 'step' ? [event.preview] : []));
    assert.equal(previews.length, 3);
    for (const preview of previews) {
      assert.deepEqual([preview?.width, preview?.height], [8, 4]);
      assert.deepEqual([...preview!.png.subarray(1, 4)], [...Buffer.from('PNG')]);
    }
    const plain = await draw({ width: 64 });
    assert.ok(plain.every((event) => event.event !== 'step' || event.preview === undefined));
  });

  it('reports the devices, the processor among them', async () => {
    const { devices, chosen } = await client.call('devices', null);
    const cpu = devices.find(({ device }) => device === 'cpu')!;
    assert.ok(cpu.works && cpu.gflops > 0);
    assert.ok(devices.find(({ device }) => device === chosen)!.works);
    for (const { works, detail } of devices) assert.ok(works || detail.length > 10);
  });
});
