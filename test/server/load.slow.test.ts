import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { materialise } from '../support/fixture';
import { fromBase64, startTestServer, type Answer } from '../support/serving';
import { pixelsOf } from '../support/starter-engine';

const CLIENTS = 20;
const REQUESTS = 200;
const FOLDER = materialise('sd1');
const NAME = path.basename(FOLDER);

/** Bytes that a process has in memory (Linux). */
function residentBytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid ?? 'self'}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) * 1024;
}

describe(`a server with ${CLIENTS} clients at once`, function () {
  this.timeout(600_000);

  it(`ends each of ${REQUESTS} requests with an image or a clear error, one crash between`, async () => {
    const server = await startTestServer({ paths: [FOLDER] });
    const answers: Answer[] = [];
    let sent = 0;
    /** The lowest of each quarter after the crash: one reading alone says nothing. */
    const lowest: number[] = [];
    const client = async () => {
      for (let k = sent++; k < REQUESTS; k = sent++) {
        const body =
          k % 2 === 0
            ? { prompt: 'a cat', model: NAME, size: '64x64', num_inference_steps: 2, seed: k }
            : { prompt: 'a cat', width: 64, height: 64, steps: 2, seed: k, override_settings: { sd_model_checkpoint: NAME } }; // prettier-ignore
        const route = k % 2 === 0 ? '/v1/images/generations' : '/sdapi/v1/txt2img';
        const answer = await server.call(route, body);
        answers.push(answer);
        if (answers.length === REQUESTS / 4) process.kill(server.engine.pid!, 'SIGKILL');
        if (answers.length > REQUESTS / 4 && server.engine.pid !== undefined) {
          const quarter = Math.floor((4 * answers.length) / (REQUESTS + 1));
          const bytes = residentBytes(server.engine.pid);
          lowest[quarter] = Math.min(lowest[quarter] ?? Infinity, bytes);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: CLIENTS }, client));
      assert.equal(answers.length, REQUESTS);
      const failed = answers.filter(({ status }) => status !== 200);
      // The one that drew when the engine was killed; none, where it was between two jobs.
      assert.ok(failed.length <= 1, `${failed.length} failed`);
      for (const { status, body } of failed) {
        assert.equal(status, 503);
        assert.match(JSON.stringify(body), /engine/);
      }
      for (const { body } of answers.filter(({ status }) => status === 200)) {
        const image = body.images?.[0] ?? body.data?.[0]?.b64_json;
        assert.equal((await pixelsOf(fromBase64(image))).width, 64);
      }
      assert.equal(await server.metric('easel_engine_restarts_total'), 1);
      assert.equal(await server.metric('easel_queue_length'), 0);
      const drawn = ['openai', 'a1111'].map((api) =>
        server.metric(`easel_images_total{api="${api}"}`),
      );
      const [openai = 0, a1111 = 0] = await Promise.all(drawn);
      assert.equal(openai + a1111, REQUESTS - failed.length);
      console.log(`      engine, lowest in each quarter: ${lowest.map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`).join(', ')}`); // prettier-ignore
      // The last quarter is not above the one before by more than the images that were drawn then would take.
      const [before, last] = [lowest.at(-2) ?? NaN, lowest.at(-1) ?? NaN];
      assert.ok(last - before < 50 * 2 ** 20, `${before} bytes, then ${last}`);
    } finally {
      await server.stop();
    }
  });
});
