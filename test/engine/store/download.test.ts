import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeModel } from '../../../src/engine/models/describe';
import { noiseModel, publishedModel } from '../../support/hub-models';
import { HubServer } from '../../support/hub-server';
import { run, storeEnvironment } from './store-case';

describe('downloading a model', () => {
  let hub: HubServer;
  before(async () => {
    hub = await HubServer.start(publishedModel(), noiseModel('easel/noise', 3_000_000));
  });
  beforeEach(() => {
    hub.requests.length = 0;
    hub.fault = () => undefined;
  });
  after(() => hub.stop());

  it('fetches the smallest files that serve, and no others', async () => {
    const { summary, events } = await run(storeEnvironment(hub), { id: 'easel/tiny-sd' });
    const plan = events[0]?.event === 'plan' ? events[0].plan : undefined;
    assert.deepEqual(plan?.files.map(({ path }) => path).sort(), [
      'feature_extractor/preprocessor_config.json',
      'model_index.json',
      'scheduler/scheduler_config.json',
      'text_encoder/config.json',
      'text_encoder/model.fp16.safetensors',
      'tokenizer/merges.txt',
      'tokenizer/special_tokens_map.json',
      'tokenizer/tokenizer_config.json',
      'tokenizer/vocab.json',
      'unet/config.json',
      'unet/diffusion_pytorch_model.fp16.safetensors',
      'vae/config.json',
      'vae/diffusion_pytorch_model.fp16.safetensors',
    ]);
    assert.equal(plan.licence, 'creativeml-openrail-m');
    assert.equal(plan.variant, 'fp16');
    assert.equal(summary.fetchedBytes, plan.totalBytes);
    assert.match(summary.python, /variant="fp16", .*safety_checker=None, local_files_only=True/);
    const folder = summary.path;
    const entry = await describeModel({ id: 'easel/tiny-sd', folder }, 'cache');
    assert.equal(entry.reason, '');
    assert.equal(entry.runnable, true);
  });

  it('asks for nothing twice', async () => {
    const env = storeEnvironment(hub);
    await run(env, { id: 'easel/noise' });
    hub.requests.length = 0;
    const { summary } = await run(env, { id: 'easel/noise' });
    assert.equal(summary.fetchedBytes, 0);
    const again = hub.filesAsked().filter(({ url }) => !url.includes('model_index.json'));
    assert.deepEqual(again, []);
  });

  it('goes on where the connection broke', async () => {
    const env = storeEnvironment(hub);
    let cuts = 0;
    hub.fault = ({ kind }) =>
      kind === 'storage' && cuts++ < 5 ? { cutAfter: 700_001 } : undefined;
    const { summary, events } = await run(env, { id: 'easel/noise' });
    const plan = events[0]?.event === 'plan' ? events[0].plan : undefined;
    assert.ok(cuts > 5);
    assert.ok(events.some(({ event }) => event === 'waiting'));
    // A break loses at most what the network held back, never what had arrived.
    assert.equal(summary.fetchedBytes, plan?.totalBytes);
    assert.ok(hub.requests.some(({ from }) => from > 0));
  });

  it('goes on where an aborted download stopped', async () => {
    const env = storeEnvironment(hub);
    hub.fault = ({ kind }) => (kind === 'storage' ? { bytesPerSecond: 2_000_000 } : undefined);
    const stop = new AbortController();
    const first = run(env, { id: 'easel/noise' }, stop.signal, (event) => {
      if (event.event === 'progress' && event.bytes > 1_000_000) stop.abort();
    });
    await assert.rejects(first, { code: 'cancelled' });
    const blobs = join(String(env.HF_HOME), 'hub', 'models--easel--noise', 'blobs');
    assert.ok(readdirSync(blobs).some((name) => name.endsWith('.incomplete')));
    assert.ok(!existsSync(join(blobs, '..', 'refs', 'main')));
    hub.fault = () => undefined;
    hub.requests.length = 0;
    const { summary, events } = await run(env, { id: 'easel/noise' });
    const plan = events[0]?.event === 'plan' ? events[0].plan : undefined;
    assert.ok(plan && plan.presentBytes > 900_000);
    assert.equal(summary.fetchedBytes, plan.totalBytes - plan.presentBytes);
    assert.equal(readFileSync(join(blobs, '..', 'refs', 'main'), 'utf8'), summary.commit);
    assert.ok(!readdirSync(blobs).some((name) => name.endsWith('.incomplete')));
  });
});
