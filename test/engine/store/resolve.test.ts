import * as assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { resolveModel } from '../../../src/engine/store/resolve';
import { tempFolder } from '../../support/temp-folder';

const COMMIT = 'a'.repeat(40);

describe('a model that is named', () => {
  const home = tempFolder();
  const env = { HF_HOME: home };
  const snapshot = join(home, 'hub', 'models--org--name', 'snapshots', COMMIT);
  const working = process.cwd();

  before(() => {
    mkdirSync(snapshot, { recursive: true });
    writeFileSync(join(snapshot, 'model_index.json'), '{}');
    process.chdir(tempFolder());
    mkdirSync(join('org', 'name'), { recursive: true });
  });
  after(() => process.chdir(working));

  it('is the folder of the working folder on the command line, with a warning', async () => {
    const found = await resolveModel('org/name', env);
    assert.equal(found.folder, join(process.cwd(), 'org', 'name'));
    assert.match(found.warning ?? '', /folder org\/name .* not the model of that name/);
    assert.equal((await resolveModel('./org/name', env)).warning, undefined);
  });

  it('is the model of the cache for all others, who cannot name a relative path', async () => {
    const options = { relativePaths: false };
    const found = await resolveModel('org/name', env, options);
    assert.deepEqual(found, { id: 'org/name', folder: snapshot });
    const absolute = join(process.cwd(), 'org', 'name');
    assert.equal((await resolveModel(absolute, env, options)).folder, absolute);
    writeFileSync('there.safetensors', 'x');
    const messages: string[] = [];
    for (const name of ['./org', 'org/', './there.safetensors', './missing.safetensors']) {
      await assert.rejects(resolveModel(name, env, options), (thrown: Error) => {
        messages.push(thrown.message.replace(name, 'X'));
        return true;
      });
    }
    // Nothing tells whether a file is there.
    assert.equal(new Set(messages).size, 1);
  });

  it('is refused at once where it is a device', async function () {
    if (process.platform === 'win32') this.skip();
    await assert.rejects(resolveModel('/dev/zero', env), { code: 'bad-file', message: /a device/ });
  });

  it('is looked for in the cache where the working folder was deleted', async function () {
    if (process.platform === 'win32') this.skip();
    const kept = process.cwd();
    const gone = tempFolder();
    process.chdir(gone);
    rmSync(gone, { recursive: true });
    try {
      assert.equal((await resolveModel('org/name', env)).folder, snapshot);
      await assert.rejects(resolveModel('./x', env), { code: 'model-not-found' });
    } finally {
      process.chdir(kept);
    }
  });
});
