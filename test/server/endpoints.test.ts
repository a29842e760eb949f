import assert from 'node:assert/strict';
import { TestEndpoints } from '../support/endpoint-server';
import { startTestServer, type TestServer } from '../support/serving';
import { pixelsOf } from '../support/starter-engine';
import { until } from '../support/until';

describe('endpoints of a server of Easel', () => {
  const endpoints = new TestEndpoints();
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await endpoints.add({ name: 'a1111', url: server.address, protocol: 'auto' });
    await endpoints.add({ name: 'openai', url: server.address, protocol: 'openai' });
  });
  after(() => server.stop());

  const quick = { prompt: 'a red apple', seed: 7, steps: 2, format: 'png' } as const;

  it('are found, and say what the server can do', async () => {
    const [found] = await endpoints.list();
    assert.equal(found?.protocol, 'a1111');
    for (const name of ['a1111', 'openai']) {
      const { models, abilities } = await endpoints.test(name);
      assert.deepEqual(models, ['starter']);
      assert.ok(abilities.previews);
      for (const field of ['seed', 'steps', 'negativePrompt', 'mask'] as const) {
        assert.ok(abilities.fields.includes(field), `${name} ${field}`);
      }
    }
  });

  it('draw the same image by both APIs', async () => {
    const drawn = [
      await endpoints.draw('a1111', { ...quick, model: 'starter', width: 96, height: 64 }),
      await endpoints.draw('openai', { ...quick, model: 'starter', width: 96, height: 64 }),
    ];
    const [first, second] = await Promise.all(
      drawn.map(({ images }) => pixelsOf(images[0]!.bytes)),
    );
    assert.deepEqual([first!.width, first!.height], [96, 64]);
    assert.deepEqual(Buffer.from(first!.data), Buffer.from(second!.data));
    assert.deepEqual(
      drawn.map(({ images }) => images[0]!.seed),
      [7, 7],
    );
  });

  it('say why the server refuses', async () => {
    for (const name of ['a1111', 'openai']) {
      await assert.rejects(endpoints.draw(name, { ...quick, steps: 900 }), {
        code: 'bad-request',
        message: /at most 150 steps/,
      });
    }
  });

  it('end a job there when it is cancelled', async () => {
    const abort = new AbortController();
    const slow = { ...quick, steps: 150, numImages: 4 };
    const drawing = endpoints.draw('a1111', slow, { signal: abort.signal });
    drawing.catch(() => undefined);
    await until('a job', async () => {
      const { body } = await server.call('/sdapi/v1/progress');
      return Number(body.progress) > 0;
    });
    abort.abort();
    await assert.rejects(drawing, { code: 'cancelled' });
    await until('no job', async () => {
      const { body } = await server.call('/sdapi/v1/progress');
      return Number(body.progress) === 0;
    });
  });
});
