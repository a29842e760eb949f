import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listModels } from '../../../src/engine/models/list';
import { listUpscalers } from '../../../src/engine/models/upscalers';
import { verifyModel } from '../../../src/engine/models/verify';
import { openUpscaler } from '../../../src/engine/model/components/upscaler/upscaler';
import { tempFolder } from '../../support/temp-folder';
import { materialiseUpscaler } from '../../support/upscalers';

/** A cache with one repository of these files. */
function cacheWith(repo: string, files: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const home = tempFolder();
  const folder = path.join(home, 'hub', `models--${repo.replace('/', '--')}`);
  const commit = 'a'.repeat(40);
  const snapshot = path.join(folder, 'snapshots', commit);
  mkdirSync(snapshot, { recursive: true });
  mkdirSync(path.join(folder, 'refs'));
  writeFileSync(path.join(folder, 'refs', 'main'), commit);
  for (const [file, network] of Object.entries(files)) {
    materialiseUpscaler(network, { folder: snapshot, file });
  }
  return { HF_HOME: home };
}

describe('the upscalers of this machine', () => {
  it('are found in the cache, each by the id that a request takes', async () => {
    const files = { 'RealESRGAN_x2.pth': 'unshuffle-x2', 'RealESRGAN_x4.safetensors': 'new-x4' };
    const env = cacheWith('org/Real-ESRGAN', files);
    const found = await listUpscalers(env);
    assert.deepEqual(found.map(({ id, name }) => [id, name]).sort(), [
      ['org/Real-ESRGAN/RealESRGAN_x2.pth', 'RealESRGAN_x2'],
      ['org/Real-ESRGAN/RealESRGAN_x4.safetensors', 'RealESRGAN_x4'],
    ]);
    const before = process.env.HF_HOME;
    process.env.HF_HOME = env.HF_HOME;
    try {
      for (const { id } of found) assert.ok((await openUpscaler(id)).scale > 1);
    } finally {
      if (before === undefined) delete process.env.HF_HOME;
      else process.env.HF_HOME = before;
    }
  });

  it('are found at paths, with those of other programs’ folders', async () => {
    const folder = path.join(tempFolder(), 'ESRGAN');
    mkdirSync(folder);
    materialiseUpscaler('compact-x4', { folder, file: 'lollypop.pth' });
    materialiseUpscaler('compact-x4', { folder, file: '4xUltrasharpV10.pt' });
    const single = materialiseUpscaler('compact-x2');
    writeFileSync(path.join(folder, 'broken.safetensors'), 'no weights');
    const ids = (await listUpscalers({ HF_HOME: tempFolder() }, [folder, single])).map(({ id }) => id); // prettier-ignore
    const own = ['4xUltrasharpV10.pt', 'lollypop.pth'].map((name) => path.join(folder, name));
    assert.deepEqual(ids, [...own, single]);
  });

  it('are listed as such among the models, and are whole', async () => {
    const env = cacheWith('org/Real-ESRGAN', { 'RealESRGAN_x4.pth': 'new-x4' });
    const single = materialiseUpscaler('old-x4');
    const listed = (await listModels(env, [single])).filter(({ origin }) => origin !== 'starter');
    assert.deepEqual(
      listed.map(({ id, kind, runnable }) => [id, kind, runnable]),
      [
        ['org/Real-ESRGAN', 'upscaler', false],
        [single, 'upscaler', false],
      ],
    );
    for (const { reason } of listed) assert.match(reason, /An upscaler.*--upscale/);
    const context = { env, signal: new AbortController().signal, emit: () => undefined };
    assert.equal((await verifyModel('org/Real-ESRGAN', false, context)).reason, '');
  });
});
