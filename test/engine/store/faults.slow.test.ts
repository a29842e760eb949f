import * as assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import { verifyModel } from '../../../src/engine/models/verify';
import { noiseModel } from '../../support/hub-models';
import { HubServer, type Fault, type SeenRequest } from '../../support/hub-server';
import { damage } from './damage';
import { run, storeEnvironment } from './store-case';

const ID = 'easel/noise';
const UNET_BYTES = 300_000;

describe('a download where things go wrong', () => {
  let hub: HubServer;
  before(async () => {
    hub = await HubServer.start(noiseModel(ID, UNET_BYTES));
  });
  beforeEach(() => {
    hub.requests.length = 0;
    hub.fault = () => undefined;
  });
  after(() => hub.stop());

  /** Lets the first requests for large files go wrong in turn. */
  const storageFaults = (...faults: readonly Fault[]) => {
    const left = [...faults];
    hub.fault = ({ kind }) => (kind === 'storage' ? left.shift() : undefined);
  };
  const isWhole = async (env: NodeJS.ProcessEnv) => {
    const context = { env, signal: new AbortController().signal, emit: () => undefined };
    const { files } = await verifyModel(ID, false, context);
    return files.length === 5 && files.every(({ state }) => state === 'ok');
  };
  const blobs = (env: NodeJS.ProcessEnv) =>
    readdirSync(join(String(env.HF_HOME), 'hub', 'models--easel--noise', 'blobs'));

  it('ends whole, wherever the connection breaks', async () => {
    const cut = fc.record({ cutAfter: fc.integer({ min: 0, max: UNET_BYTES + 10 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 5 }), async (cuts) => {
        const env = storeEnvironment(hub);
        storageFaults(...cuts);
        const { summary } = await run(env, { id: ID });
        assert.ok(await isWhole(env));
        assert.equal(summary.fetchedBytes, summary.totalBytes);
      }),
      { numRuns: 25 },
    );
  });

  it('ends whole, wherever it was stopped before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: UNET_BYTES - 1 }), async (cutAfter) => {
        const env = storeEnvironment(hub);
        const stop = new AbortController();
        hub.fault = ({ kind, from }) => {
          if (kind !== 'storage') return undefined;
          if (from > 0) stop.abort();
          return { cutAfter };
        };
        await run(env, { id: ID }, stop.signal).catch(() => undefined);
        hub.fault = () => undefined;
        await run(env, { id: ID });
        assert.ok(await isWhole(env));
      }),
      { numRuns: 15 },
    );
  });

  it('throws away what has the wrong checksum, and says so when it stays wrong', async () => {
    const env = storeEnvironment(hub);
    hub.fault = ({ kind }) => (kind === 'storage' ? { corruptAt: 1000 } : undefined);
    await assert.rejects(run(env, { id: ID }), { code: 'bad-file', message: /checksum/ });
    const made = blobs(env).filter((name) => name.length === 64);
    assert.deepEqual(made, []);
    hub.fault = () => undefined;
    await run(env, { id: ID });
    assert.ok(await isWhole(env));
  });

  it('begins again when what an earlier run left turns out wrong', async () => {
    const env = storeEnvironment(hub);
    const stop = new AbortController();
    // The first answer is damaged and cut; what goes on from it can never have the right checksum.
    let storage = 0;
    hub.fault = ({ kind }) => {
      if (kind !== 'storage') return undefined;
      storage += 1;
      if (storage > 2) stop.abort();
      return storage > 2 ? { status: 503 } : { stallAfter: 150_000 };
    };
    await run(env, { id: ID }, stop.signal).catch(() => undefined);
    await damage(env, ID);
    hub.fault = () => undefined;
    await run(env, { id: ID });
    assert.ok(await isWhole(env));
  });

  it('takes a server that ignores ranges, and one that answers with other ranges', async () => {
    for (const fault of [{ ignoreRange: true }, { shiftRange: true }] as const) {
      const env = storeEnvironment(hub);
      storageFaults({ cutAfter: 100_000 }, { cutAfter: 90_000 }, fault, fault);
      await run(env, { id: ID });
      assert.ok(await isWhole(env));
    }
  });

  it('asks again when nothing comes any more', async () => {
    const env = storeEnvironment(hub, { HF_HUB_DOWNLOAD_TIMEOUT: '0.3' });
    storageFaults({ stallAfter: 5000 }, { stallAfter: 0 });
    await run(env, { id: ID });
    assert.ok(await isWhole(env));
  });

  it('takes a slow trickle, and tells how long it takes', async () => {
    const env = storeEnvironment(hub);
    hub.fault = ({ kind }) => (kind === 'storage' ? { bytesPerSecond: 250_000 } : undefined);
    const { events } = await run(env, { id: ID });
    const rates = events.flatMap((event) =>
      event.event === 'progress' && event.bytesPerSecond ? [event] : [],
    );
    assert.ok(rates.length > 0);
    for (const { bytesPerSecond = 0, secondsLeft = -1 } of rates) {
      assert.ok(bytesPerSecond > 50_000 && bytesPerSecond < 1_000_000, String(bytesPerSecond));
      assert.ok(secondsLeft >= 0 && secondsLeft < 10);
    }
  });

  it('waits as long as a busy hub asks, and gives up where that is too long', async () => {
    const env = storeEnvironment(hub);
    storageFaults({ status: 429, headers: { 'retry-after': '1' } }, { status: 503 });
    const { events } = await run(env, { id: ID });
    const waits = events.flatMap((event) => (event.event === 'waiting' ? [event.seconds] : []));
    assert.ok(waits.includes(1));
    const busy = storeEnvironment(hub);
    hub.fault = () => ({ status: 429, headers: { 'retry-after': '3000' } });
    await assert.rejects(run(busy, { id: ID }), {
      code: 'rate-limited',
      message: /Try again in 50 min\./,
    });
  });

  it('says what each refusal means and what to do', async () => {
    const token = 'hf_good';
    hub.put({ ...noiseModel('easel/gated', 100), gatedBy: token });
    hub.put({ ...noiseModel('easel/private', 100), privateTo: token });
    const refused = async (id: string, code: string, message: RegExp, given?: string) => {
      const params = { id, ...(given && { token: given }) };
      await assert.rejects(run(storeEnvironment(hub), params), { code, message });
    };
    await refused('easel/gated', 'access-denied', /accept its terms, then give Easel a token/);
    await refused('easel/gated', 'access-denied', /accept its terms with the account/, 'hf_other');
    await refused('easel/private', 'model-not-found', /private: then give Easel a token/);
    await refused('easel/nothing', 'model-not-found', /is not at http/, token);
    await refused('easel/noise@v9', 'model-not-found', /no such revision/);
    await refused('easel/noise', 'access-denied', /does not accept your token/, 'hf_expired');
    await refused(
      'runwayml/stable-diffusion-v1-5',
      'model-not-found',
      /also at stable-diffusion-v1-5\//,
    );
    await refused('no id at all', 'bad-request', /org\/name/);
    await refused('a/b@../../up', 'bad-request', /org\/name/);
    for (const id of ['easel/gated', 'easel/private']) {
      await run(storeEnvironment(hub, { HF_TOKEN: token }), { id });
    }
  });

  it('gives the token to the hub alone', async () => {
    await run(storeEnvironment(hub, { HF_TOKEN: 'hf_good' }), { id: ID });
    const told = (kind: SeenRequest['kind']) =>
      hub.requests.filter((request) => request.kind === kind).map((r) => r.authorization);
    assert.ok(told('api').every((value) => value === 'Bearer hf_good'));
    assert.ok(told('storage').every((value) => value === undefined));
  });

  it('says when there is no network, and when the network is forbidden', async () => {
    const gone = storeEnvironment(hub, { HF_ENDPOINT: 'http://127.0.0.1:1' });
    await assert.rejects(run(gone, { id: ID }), { code: 'no-network', message: /127\.0\.0\.1/ });
    const unknown = storeEnvironment(hub, { HF_ENDPOINT: 'http://hub.invalid' });
    await assert.rejects(run(unknown, { id: ID }), { code: 'no-network', message: /not known/ });
    const offline = storeEnvironment(hub, { HF_HUB_OFFLINE: '1' });
    hub.requests.length = 0;
    await assert.rejects(run(offline, { id: ID }), { code: 'offline' });
    assert.deepEqual(hub.requests, []);
  });
});
