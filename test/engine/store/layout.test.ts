import * as assert from 'node:assert/strict';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';

import { branchedModel } from '../../support/hub-models';
import { HubServer } from '../../support/hub-server';
import { run, storeEnvironment } from './store-case';
import { FIXTURES } from '../../support/paths';

const ID = 'easel/branched';

/** What scripts/reference/hub_cache.py records: link targets, texts of refs, sizes; without locks. */
function layoutOf(cache: string): Record<string, string> {
  const layout: Record<string, string> = {};
  for (const entry of readdirSync(cache, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const name = relative(cache, file).split('\\').join('/');
    const info = lstatSync(file);
    if (name.startsWith('.locks/') || info.isDirectory()) continue;
    if (info.isSymbolicLink()) layout[name] = `-> ${readlinkSync(file)}`;
    else layout[name] = name.includes('/refs/') ? readFileSync(file, 'utf8') : `${info.size} bytes`;
  }
  return layout;
}

function recorded(name: string): unknown {
  const file = join(FIXTURES, 'hub-cache', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

describe('the layout of the cache', () => {
  let hub: HubServer;
  before(async () => {
    hub = await HubServer.start(branchedModel());
  });
  after(() => hub.stop());

  for (const [name, environment] of [
    ['links', {}],
    ['no-links', { HF_HUB_DISABLE_SYMLINKS: '1' }],
  ] as const) {
    it(`is huggingface_hub's own (${name})`, async () => {
      const env = storeEnvironment(hub, environment);
      await run(env, { id: ID });
      await run(env, { id: `${ID}@second/try` });
      const cache = join(String(env.HF_HOME), 'hub');
      assert.deepEqual(layoutOf(cache), recorded(name));
      // Locks are gone with their holders.
      const left = readdirSync(join(cache, '.locks'), { recursive: true, withFileTypes: true });
      assert.deepEqual(
        left.filter((entry) => entry.isFile()),
        [],
      );
    });
  }

  it('lets a commit be asked for, which no ref then names', async () => {
    const env = storeEnvironment(hub);
    const commit = branchedModel().refs.get('second/try')?.id ?? '';
    const { summary } = await run(env, { id: `${ID}@${commit}` });
    assert.equal(summary.commit, commit);
    const repo = join(String(env.HF_HOME), 'hub', 'models--easel--branched');
    assert.deepEqual(readdirSync(repo).sort(), ['blobs', 'snapshots']);
  });

  it('goes on with what an older huggingface_hub left unfinished', async () => {
    const env = storeEnvironment(hub);
    const file = branchedModel()
      .refs.get('main')
      ?.files.get('unet/diffusion_pytorch_model.safetensors');
    assert.ok(file?.sha256);
    await run(env, { id: ID });
    const blob = join(String(env.HF_HOME), 'hub', 'models--easel--branched', 'blobs', file.sha256);
    rmSync(blob);
    writeFileSync(`${blob}.incomplete`, file.bytes.subarray(0, 20_000));
    const anHourAgo = new Date(Date.now() - 3_600_000);
    utimesSync(`${blob}.incomplete`, anHourAgo, anHourAgo);
    const { summary } = await run(env, { id: ID });
    assert.equal(summary.fetchedBytes, 10_000);
    assert.equal(statSync(blob).size, 30_000);
  });
});
