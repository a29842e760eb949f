import * as assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import {
  cleanLeftovers,
  findLeftovers,
  planRemoval,
  removeModel,
} from '../../../src/engine/store/remove';
import { verifyModel } from '../../../src/engine/models/verify';
import {
  branchedModel,
  ipAdapterModel,
  noiseModel,
  publishedModel,
} from '../../support/hub-models';
import { HubServer } from '../../support/hub-server';
import { tempFolder } from '../../support/temp-folder';
import { run, storeEnvironment } from './store-case';

describe('managing the cache', () => {
  let hub: HubServer;
  let env: NodeJS.ProcessEnv;
  let cache: string;
  before(async () => {
    hub = await HubServer.start(
      publishedModel(),
      branchedModel(),
      noiseModel('easel/noise', 50_000),
      ipAdapterModel(),
    );
  });
  beforeEach(() => {
    env = storeEnvironment(hub);
    cache = join(String(env.HF_HOME), 'hub');
  });
  after(() => hub.stop());

  const verify = (id: string, repair = false) =>
    verifyModel(id, repair, { env, signal: new AbortController().signal, emit: () => undefined });
  const fileOf = (repo: string, path: string) => {
    const snapshots = join(cache, repo, 'snapshots');
    return join(snapshots, readdirSync(snapshots)[0] ?? '', path);
  };

  describe('verifying', () => {
    it('finds a whole model whole', async () => {
      await run(env, { id: 'easel/tiny-sd' });
      const report = await verify('easel/tiny-sd');
      assert.equal(report.reason, '');
      assert.ok(report.ok);
      assert.ok(report.files.every(({ state }) => state === 'ok'));
    });

    it('finds a changed byte and a missing blob, repairs, and the next download fetches them', async () => {
      await run(env, { id: 'easel/tiny-sd' });
      const unet = fileOf(
        'models--easel--tiny-sd',
        'unet/diffusion_pytorch_model.fp16.safetensors',
      );
      const bytes = Buffer.alloc(statSync(unet).size, 7);
      writeFileSync(unet, bytes);
      const vae = fileOf('models--easel--tiny-sd', 'vae/config.json');
      rmSync(join(vae, '..', readlinkSync(vae)));
      const report = await verify('easel/tiny-sd', true);
      const states = new Map(report.files.map(({ path, state }) => [path, state]));
      assert.equal(states.get('unet/diffusion_pytorch_model.fp16.safetensors'), 'damaged');
      assert.equal(states.get('vae/config.json'), 'missing');
      assert.ok(!report.ok);
      const { summary } = await run(env, { id: 'easel/tiny-sd' });
      assert.equal(summary.fetchedBytes, bytes.length + statSync(vae).size);
      assert.ok((await verify('easel/tiny-sd')).ok);
    });

    for (const links of ['with links', 'without links']) {
      it(`brings back the IP-Adapters that were here, and no others, ${links}`, async () => {
        if (links === 'without links') env.HF_HUB_DISABLE_SYMLINKS = '1';
        const id = 'easel/ip-adapters';
        const adapter = 'sdxl_models/ip-adapter_sdxl.safetensors';
        await run(env, { id: `${id}/${adapter}` });
        const here = [
          'sdxl_models/image_encoder/config.json',
          'sdxl_models/image_encoder/model.safetensors',
          adapter,
        ];
        const filesHere = async () => (await verify(id)).files.map(({ path }) => path);
        assert.deepEqual(await filesHere(), here);
        // Without links nothing is known of a file but whether its header is one, which noise never is.
        const damaged = links === 'with links' ? here.slice(0, 2) : here.slice(1);
        for (const path of damaged)
          writeFileSync(fileOf('models--easel--ip-adapters', path), 'cut');
        const report = await verify(id, true);
        const found = report.files.filter(({ state }) => state === 'damaged');
        assert.deepEqual(found.map(({ path }) => path).sort(), [...damaged].sort());
        const { summary } = await run(env, { id });
        assert.ok(summary.fetchedBytes > 5000 && summary.fetchedBytes <= 10_000);
        assert.deepEqual(await filesHere(), here);
        if (links === 'with links') assert.ok((await verify(id)).ok);
        // What is whole is not fetched again, and without a repair the usual adapter is.
        await run(env, { id });
        assert.ok((await filesHere()).includes('models/ip-adapter_sd15.safetensors'));
      });
    }

    it('brings back a file that was here, and that a download alone would not take', async () => {
      await run(env, { id: 'easel/tiny-sd' });
      const whole = fileOf('models--easel--tiny-sd', 'unet/diffusion_pytorch_model.safetensors');
      assert.ok(!existsSync(whole));
      symlinkSync('../../../blobs/0123', whole);
      assert.ok(!(await verify('easel/tiny-sd', true)).ok);
      const { summary } = await run(env, { id: 'easel/tiny-sd' });
      assert.equal(summary.fetchedBytes, statSync(whole).size);
      assert.ok((await verify('easel/tiny-sd')).ok);
    });

    it('says what it cannot check where there are no links', async () => {
      env.HF_HUB_DISABLE_SYMLINKS = '1';
      await run(env, { id: 'easel/tiny-sd' });
      const whole = await verify('easel/tiny-sd');
      assert.ok(whole.ok);
      assert.ok(whole.files.every(({ state }) => state === 'unchecked'));
      const unet = fileOf(
        'models--easel--tiny-sd',
        'unet/diffusion_pytorch_model.fp16.safetensors',
      );
      writeFileSync(unet, Buffer.alloc(9));
      assert.ok(!(await verify('easel/tiny-sd')).ok);
    });
  });

  describe('removing', () => {
    it('says the size first, and keeps the blobs that another revision needs', async () => {
      await run(env, { id: 'easel/branched' });
      await run(env, { id: 'easel/branched@second/try' });
      const plan = await planRemoval('easel/branched@second/try', env);
      assert.equal(plan.commits.length, 1);
      assert.equal(plan.freedBytes, 19); // its config
      assert.equal(plan.keptBytes, 30_069);
      assert.deepEqual(await removeModel('easel/branched@second/try', env), plan);
      const repo = join(cache, 'models--easel--branched');
      assert.ok(!existsSync(join(repo, 'refs', 'second', 'try')));
      assert.equal(readdirSync(join(repo, 'snapshots')).length, 1);
      const report = await verify('easel/branched');
      assert.ok(report.files.every(({ state }) => state === 'ok'));
    });

    it('removes a whole repository without a trace', async () => {
      await run(env, { id: 'easel/noise' });
      await run(env, { id: 'easel/branched' });
      const { freedBytes } = await removeModel('easel/noise', env);
      assert.ok(freedBytes > 66_000);
      const left = readdirSync(cache).filter((name) => name.startsWith('models--'));
      assert.deepEqual(left, ['models--easel--branched']);
      await assert.rejects(planRemoval('easel/noise', env), { code: 'model-not-found' });
    });

    it('lets a file shared between repositories go with the last that names it', async () => {
      await run(env, { id: 'easel/noise' });
      const alone = await planRemoval('easel/noise', env);
      const blobs = join(cache, 'models--easel--noise', 'blobs');
      const name = readdirSync(blobs).find((blob) => blob.length === 64) ?? '';
      const size = statSync(join(blobs, name)).size;
      // As huggingface_hub 2 shares blobs: a store for all, and links to it.
      const shared = join(cache, 'blobs', 'ab', `ab${'0'.repeat(62)}`);
      mkdirSync(join(shared, '..'), { recursive: true });
      renameSync(join(blobs, name), shared);
      const other = join(cache, 'models--other--copy', 'blobs');
      mkdirSync(other, { recursive: true });
      mkdirSync(join(other, '..', 'snapshots'));
      for (const folder of [blobs, other]) {
        symlinkSync(join('..', '..', 'blobs', 'ab', `ab${'0'.repeat(62)}`), join(folder, name));
      }
      const both = await planRemoval('easel/noise', env);
      await removeModel('easel/noise', env);
      assert.equal(statSync(shared).size, size);
      assert.equal((await planRemoval('other/copy', env)).freedBytes, size);
      assert.equal(both.freedBytes, alone.freedBytes - size);
      await removeModel('other/copy', env);
      assert.ok(!existsSync(shared));
    });

    it('touches nothing outside of the cache, and nothing that is being fetched', async () => {
      const folder = tempFolder();
      await assert.rejects(removeModel(folder, env), { code: 'bad-request' });
      await assert.rejects(removeModel('starter', env), { code: 'bad-request' });
      await assert.rejects(removeModel('../../etc', env), { code: 'bad-request' });
      assert.ok(existsSync(folder));
      await run(env, { id: 'easel/noise' });
      const lock = join(cache, '.locks', 'models--easel--noise', `${'0'.repeat(64)}.easel.lock`);
      writeFileSync(lock, JSON.stringify({ token: 'x', pid: process.pid, host: hostname() }));
      await assert.rejects(removeModel('easel/noise', env), { message: /being downloaded/ });
      rmSync(lock);
      mkdirSync(join(cache, 'elsewhere'));
      symlinkSync(join(cache, 'elsewhere'), join(cache, 'models--a--link'));
      await assert.rejects(removeModel('a/link', env), { message: /is a link to/ });
      // A link that leads out of the repository is removed; what it leads to is not.
      const precious = join(folder, 'precious');
      writeFileSync(precious, 'mine');
      symlinkSync(precious, fileOf('models--easel--noise', 'mine.bin'));
      await removeModel('easel/noise', env);
      assert.ok(existsSync(precious));
    });
  });

  describe('freeing space', () => {
    it('deletes what interrupted downloads left, and blobs that no snapshot names', async () => {
      await run(env, { id: 'easel/noise' });
      const stop = new AbortController();
      hub.fault = ({ kind }) => (kind === 'storage' ? { bytesPerSecond: 50_000 } : undefined);
      const second = run(env, { id: 'easel/branched' }, stop.signal, ({ event }) => {
        if (event === 'progress') stop.abort();
      });
      await assert.rejects(second, { code: 'cancelled' });
      hub.fault = () => undefined;
      const found = await findLeftovers(env);
      assert.ok(found.files === 1 && found.bytes > 0, JSON.stringify(found));
      assert.deepEqual(await cleanLeftovers(env), found);
      assert.deepEqual(await findLeftovers(env), { files: 0, bytes: 0 });
      const { files } = await verify('easel/noise');
      assert.ok(files.every(({ state }) => state === 'ok'));
    });
  });
});
