import { strict as assert } from 'node:assert';
import path from 'node:path';
import OpenAI from 'openai';
import { materialise } from '../support/fixture';
import { startTestServer, textOf, type TestServer } from '../support/serving';
import { until } from '../support/until';

/** A small model, whose weights are random: its steps take milliseconds. */
const FOLDER = materialise('sd1');
const NAME = path.basename(FOLDER);
const quick = { prompt: 'a cat', model: NAME, size: '64x64', num_inference_steps: 1 } as never;
/** Far longer than any test waits: it has to be cancelled. */
const long = { ...(quick as object), n: 100, num_inference_steps: 20 } as never;
const OPTIONS = { paths: [FOLDER], limits: { maxQueue: 3, maxImages: 100 } };

describe('the queue of a server', function () {
  // Fresh engines start slowly on a busy machine.
  this.timeout(180_000);
  let server: TestServer;
  before(async () => {
    server = await startTestServer(OPTIONS);
  });
  after(() => server.stop());
  afterEach(() => until('nothing is open', async () => (await queueLength()) === 0));

  const queueLength = () => server.metric('easel_queue_length');
  const jobs = (outcome: string) =>
    server.metric(`easel_job_seconds_count{api="openai",outcome="${outcome}"}`);
  const startLong = (body?: object) => startDrawing(server, body);

  it('cancels the job of a client that goes away, and draws the next', async () => {
    const { controller, done } = await startLong();
    const next = server.openai.images.generate(quick);
    await until('both', async () => (await queueLength()) === 2);
    controller.abort();
    await assert.rejects(done, OpenAI.APIUserAbortError);
    assert.equal((await next).data?.length, 1);
    await until('none', async () => (await queueLength()) === 0);
    await until('the cancelled job', async () => (await jobs('cancelled')) === 1);
    const gone = { route: '/v1/images/generations', status: 499 };
    assert.ok(
      server.log.some(({ route, status }) => route === gone.route && status === gone.status),
    );
  });

  it('cancels a job that waits, and leaves the one that draws', async () => {
    const drawn = await jobs('drawn');
    const { controller, done } = await startLong();
    const waiting = new AbortController();
    const second = server.openai.images.generate(quick, { signal: waiting.signal });
    second.catch(() => undefined);
    await until('both', async () => (await queueLength()) === 2);
    waiting.abort();
    await until('one', async () => (await queueLength()) === 1);
    controller.abort();
    await assert.rejects(done);
    await assert.rejects(second);
    assert.equal(await jobs('drawn'), drawn);
  });

  it('cancels the job of a stream whose client goes away', async () => {
    const { controller } = await startLong({ ...(long as object), stream: true });
    controller.abort();
    await until('none', async () => (await queueLength()) === 0);
    assert.equal((await server.openai.images.generate(quick)).data?.length, 1);
  });

  it('refuses more than its queue takes, with the time to wait', async () => {
    const { controller } = await startLong();
    const others = [1, 2].map(() => {
      const waiting = server.openai.images.generate(quick);
      waiting.catch(() => undefined);
      return waiting;
    });
    await until('all', async () => (await queueLength()) === 3);
    const refused = await server.call('/v1/images/generations', quick);
    assert.equal(refused.status, 429);
    assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    assert.equal(refused.body.error!.type, 'rate_limit_error');
    await assert.rejects(server.openai.images.generate(quick), OpenAI.RateLimitError);
    const a1111 = await server.call('/sdapi/v1/txt2img', {});
    assert.equal(a1111.status, 429);
    assert.match(textOf(a1111.body.detail), /3 requests draw or wait/);
    // What does not draw is answered.
    assert.equal((await server.call('/v1/models')).status, 200);
    controller.abort();
    await Promise.all(others);
    assert.equal((await server.openai.images.generate(quick)).data?.length, 1);
  });

  it('draws what waited when the engine crashes, and tells the one that drew', async () => {
    const { done } = await startLong();
    const waiting = [1, 2].map(() => server.openai.images.generate(quick));
    await until('all', async () => (await queueLength()) === 3);
    process.kill(server.engine.pid!, 'SIGKILL');
    await assert.rejects(done, (thrown: unknown) => {
      assert.ok(thrown instanceof OpenAI.InternalServerError);
      assert.equal(thrown.status, 503);
      assert.equal(thrown.code, 'engine-crashed');
      return true;
    });
    for (const { data } of await Promise.all(waiting)) assert.equal(data?.length, 1);
    assert.equal(await server.metric('easel_engine_restarts_total'), 1);
  });

  it('tells clients whose job the engine was told to end', async () => {
    const { done } = await startLong();
    server.engine.dispose();
    await assert.rejects(done, /503 The job was cancelled on the machine that draws/);
  });

  it('logs each request without its prompt', async () => {
    await server.openai.images.generate(quick);
    const line = server.log.findLast(({ route }) => route === '/v1/images/generations');
    assert.equal(line?.status, 200);
    assert.equal(line.model, NAME);
    assert.equal(line.images, 1);
    assert.ok(!JSON.stringify(server.log).includes('a cat'));
  });
});

describe('a server that stops', function () {
  this.timeout(180_000);
  it('answers what is open, and logs prompts where it was asked to', async () => {
    const server = await startTestServer({ ...OPTIONS, logPrompts: true });
    const { done } = await startDrawing(server);
    const waiting = server.openai.images.generate(quick);
    const ended = Promise.allSettled([done, waiting]);
    await until('both', async () => (await server.metric('easel_queue_length')) === 2);
    await server.stop();
    for (const result of await ended) {
      assert.ok(result.status === 'rejected');
      assert.match(String(result.reason), /503 The server stops/);
    }
    await assert.rejects(fetch(`${server.address}/health`));
    assert.ok(server.log.some(({ prompt }) => prompt === 'a cat'));
  });
});

/** Starts a request, and waits until the engine has drawn the first of its images. */
async function startDrawing(server: TestServer, body: object = long) {
  const images = () => server.metric('easel_images_total{api="openai"}');
  const before = await images();
  const controller = new AbortController();
  const { signal } = controller;
  const done = server.openai.images.generate(body as never, { signal });
  done.catch(() => undefined);
  await until('an image', async () => (await images()) > before);
  return { controller, done };
}
