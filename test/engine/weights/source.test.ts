import * as assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { EaselError, type ErrorCode } from '../../../src/core/errors';
import { openComponentWeights, variantsAmong } from '../../../src/engine/weights/source';
import { encodeSafetensors, writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { encodeTorchCheckpoint } from '../../support/torch-file';

const tensor = (name: string, count = 1, dtype = 'U8') => ({
  name,
  dtype,
  shape: [count],
  bytes: new Uint8Array(count),
});

/** A folder with one safetensors file per name, each holding one byte tensor called like its file. */
function folderWith(...names: readonly string[]): string {
  const folder = tempFolder();
  for (const name of names) {
    if (name.endsWith('.safetensors')) writeSafetensors(join(folder, name), [tensor(name)]);
    else writeFileSync(join(folder, name), '');
  }
  return folder;
}

async function opened(folder: string, variant?: string): Promise<string[]> {
  return [...(await openComponentWeights(folder, { variant })).names()];
}

async function refused(folder: string, code: ErrorCode, message: RegExp): Promise<void> {
  await assert.rejects(openComponentWeights(folder), (thrown) => {
    assert.ok(thrown instanceof EaselError, String(thrown));
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  });
}

describe('component weights', () => {
  it('finds the file of a diffusers and of a transformers component', async () => {
    const unet = folderWith('config.json', 'diffusion_pytorch_model.safetensors');
    assert.deepEqual(await opened(unet), ['diffusion_pytorch_model.safetensors']);
    const text = folderWith('config.json', 'model.safetensors', 'pytorch_model.bin');
    assert.deepEqual(await opened(text), ['model.safetensors']);
  });

  it('takes the variant asked for, else the plain file, else the only precision there', async () => {
    const both = folderWith('model.safetensors', 'model.fp16.safetensors');
    assert.deepEqual(await opened(both, 'fp16'), ['model.fp16.safetensors']);
    assert.deepEqual(await opened(both), ['model.safetensors']);
    assert.deepEqual(await opened(both, 'bf16'), ['model.safetensors']);
    const half = folderWith('model.fp16.safetensors', 'model.non_ema.safetensors');
    assert.deepEqual(await opened(half), ['model.fp16.safetensors']);
    assert.deepEqual(await opened(half, 'non_ema'), ['model.non_ema.safetensors']);
    const other = folderWith('model.non_ema.safetensors');
    await refused(other, 'model-incomplete', /no weights.*--variant non_ema/);
  });

  it('takes a plain pickle before another precision, as diffusers does', async () => {
    const folder = folderWith('model.fp16.safetensors');
    const plain = { name: 'plain', dtype: 'F32', shape: [1], bytes: new Uint8Array(4) };
    writeFileSync(join(folder, 'pytorch_model.bin'), encodeTorchCheckpoint([plain]));
    assert.deepEqual(await opened(folder), ['plain']);
    assert.deepEqual(await opened(folder, 'fp16'), ['model.fp16.safetensors']);
  });

  it('takes of shards and one file what diffusers and transformers take', async () => {
    for (const [base, expected] of [
      ['diffusion_pytorch_model', 'sharded'],
      ['model', 'model.safetensors'],
    ]) {
      const folder = folderWith(`${base}.safetensors`);
      writeSafetensors(join(folder, 's-1.safetensors'), [tensor('sharded')]);
      const index = { weight_map: { sharded: 's-1.safetensors' } };
      writeFileSync(join(folder, `${base}.safetensors.index.json`), JSON.stringify(index));
      assert.deepEqual(await opened(folder), [expected]);
    }
  });

  it('names the variants that are there', () => {
    const names = [
      ...['config.json', 'model.safetensors', 'diffusion_pytorch_model.safetensors.index.json'],
      ...['model.fp16.safetensors', 'pytorch_model.non_ema.bin', 'model.fp16.bin'],
      'diffusion_pytorch_model.bf16-00001-of-00002.safetensors',
      'diffusion_pytorch_model-00001-of-00002.safetensors',
      'diffusion_pytorch_model.safetensors.index.ema.json',
      'model.fp32.safetensors.index.json',
    ];
    assert.deepEqual(variantsAmong(names), ['bf16', 'ema', 'fp16', 'fp32', 'non_ema']);
  });

  it('reads shards through their index, with either spelling of the variant', async () => {
    const spellings: [string | undefined, string][] = [
      [undefined, 'diffusion_pytorch_model.safetensors.index.json'],
      ['fp16', 'diffusion_pytorch_model.safetensors.index.fp16.json'],
      ['fp16', 'diffusion_pytorch_model.fp16.safetensors.index.json'],
    ];
    for (const [variant, index] of spellings) {
      const folder = tempFolder();
      writeSafetensors(join(folder, 's-1.safetensors'), [tensor('a', 3), tensor('unused', 9)]);
      writeSafetensors(join(folder, 's-2.safetensors'), [tensor('b', 4)]);
      const weightMap = { a: 's-1.safetensors', b: 's-2.safetensors' };
      writeFileSync(join(folder, index), JSON.stringify({ weight_map: weightMap }));
      const source = await openComponentWeights(folder, { variant });
      assert.deepEqual([...source.names()], ['a', 'b']);
      assert.equal(source.totalBytes, 7);
      assert.equal(source.get('b')?.file, realpathSync(join(folder, 's-2.safetensors')));
      assert.equal(source.get('c'), undefined);
    }
  });

  it('finds the blobs of a Hugging Face cache through its links', async () => {
    const cache = tempFolder();
    const blobs = join(cache, 'blobs');
    const unet = join(cache, 'snapshots', 'abc', 'unet');
    mkdirSync(blobs, { recursive: true });
    mkdirSync(unet, { recursive: true });
    writeSafetensors(join(blobs, 'sha'), [tensor('a')]);
    symlinkSync('../../../blobs/sha', join(unet, 'diffusion_pytorch_model.safetensors'));
    const file = (await openComponentWeights(unet)).get('a')?.file;
    assert.equal(file, realpathSync(join(blobs, 'sha')));
  });

  it('refuses a folder that has its weights only as pickles of other kinds', async () => {
    await refused(folderWith('flax_model.msgpack'), 'unsafe-file', /msgpack.*safetensors/);
    await refused(folderWith('model.ckpt'), 'unsafe-file', /can run code/);
  });

  it('says what is missing', async () => {
    await refused(folderWith('config.json'), 'model-incomplete', /model\.safetensors/);
    await refused(join(tempFolder(), 'unet'), 'model-incomplete', /unet is missing/);
  });

  it('refuses an index that lies', async () => {
    const cases: [unknown, ErrorCode, RegExp][] = [
      ['{', 'bad-file', /not JSON/],
      [[], 'bad-file', /weight_map/],
      [{ weight_map: { a: 3 } }, 'bad-file', /not a file name/],
      [{ weight_map: { a: '../x.safetensors' } }, 'bad-file', /not a file name/],
      [{ weight_map: { a: '..\\x.safetensors' } }, 'bad-file', /not a file name/],
      [{ weight_map: { a: '/etc/x.safetensors' } }, 'bad-file', /not a file name/],
      [{ weight_map: { a: 's.bin' } }, 'unsafe-file', /s\.bin/],
      [
        { weight_map: { a: 'gone.safetensors' } },
        'model-incomplete',
        /gone\.safetensors is missing/,
      ],
      [{ weight_map: { b: 's.safetensors' } }, 'model-incomplete', /s\.safetensors has no b/],
    ];
    for (const [index, code, message] of cases) {
      const folder = tempFolder();
      writeFileSync(join(folder, 's.safetensors'), encodeSafetensors([tensor('a')]));
      const text = typeof index === 'string' ? index : JSON.stringify(index);
      writeFileSync(join(folder, 'model.safetensors.index.json'), text);
      await refused(folder, code, message);
    }
  });
});
