import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { hubCacheFolder, hubHome } from '../../../src/engine/store/hub-cache';
import { listModels } from '../../../src/engine/models/list';
import { verifyModel } from '../../../src/engine/models/verify';
import { findLeftovers, planRemoval, removeModel } from '../../../src/engine/store/remove';
import { resolveModel } from '../../../src/engine/store/resolve';
import { materialise } from '../../support/fixture';
import { encodeSafetensors, writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

const COMMITS = ['a', 'b', 'c'].map((digit) => digit.repeat(40));

/** A cache with one repository, whose snapshots are copies of a folder, as on a system without links. */
function cacheWith(
  repo: string,
  snapshots: readonly string[],
  refs: Readonly<Record<string, string>>,
): { env: NodeJS.ProcessEnv; folder: string; cache: string } {
  const home = tempFolder();
  const cache = join(home, 'hub');
  const folder = join(cache, `models--${repo.replace('/', '--')}`);
  const model = materialise('sd1');
  for (const commit of snapshots) {
    cpSync(model, join(folder, 'snapshots', commit), { recursive: true });
  }
  for (const [ref, commit] of Object.entries(refs)) {
    const file = join(folder, 'refs', ref);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, commit);
  }
  return { env: { HF_HOME: home }, folder, cache };
}

const [first = '', second = '', third = ''] = COMMITS;
const cached = async (env: NodeJS.ProcessEnv, paths: readonly string[] = []) =>
  (await listModels(env, paths)).filter(({ origin }) => origin !== 'starter');

describe('the defaults of a model', () => {
  it('say what suits a sketch only where the model does', async () => {
    const { env } = cacheWith('org/model', [first], { main: first });
    const models = await listModels(env);
    const strengthOf = (id: string) => {
      const defaults = models.find((model) => model.id === id)?.defaults;
      assert.ok(defaults, id);
      return defaults.sketchStrength;
    };
    assert.equal(strengthOf('org/model'), undefined);
    assert.equal(strengthOf('starter'), 0.45);
  });
});

describe('a model that edits by words', () => {
  it('says so', async () => {
    const { env } = cacheWith('org/model', [first], { main: first });
    const edit = materialise('sd-edit');
    const models = await listModels(env, [edit]);
    const edits = models.map(({ id, defaults }) => [id, defaults?.edits]);
    assert.deepEqual(new Map(edits as [string, unknown][]).get(edit), true);
    assert.equal(models.filter(({ defaults }) => defaults?.edits).length, 1);
  });
});

describe('where the cache is looked for', () => {
  const home = join(homedir(), '.cache', 'huggingface');
  const cases: readonly (readonly [string, NodeJS.ProcessEnv, string])[] = [
    ['the default', {}, join(home, 'hub')],
    ['XDG_CACHE_HOME', { XDG_CACHE_HOME: '/x' }, join('/x', 'huggingface', 'hub')],
    ['HF_HOME', { HF_HOME: '/h', XDG_CACHE_HOME: '/x' }, join('/h', 'hub')],
    ['HUGGINGFACE_HUB_CACHE', { HUGGINGFACE_HUB_CACHE: '/o', HF_HOME: '/h' }, '/o'],
    ['HF_HUB_CACHE', { HF_HUB_CACHE: '/c', HUGGINGFACE_HUB_CACHE: '/o', HF_HOME: '/h' }, '/c'],
    ['easel.hfHome', { EASEL_HF_HOME: '/e', HF_HUB_CACHE: '/c' }, join('/e', 'hub')],
    ['an empty variable', { HF_HUB_CACHE: '', HF_HOME: '' }, join(home, 'hub')],
    ['a tilde', { HF_HOME: '~/models' }, join(homedir(), 'models', 'hub')],
    ['another variable', { HF_HOME: '$DISK/hf', DISK: '/d' }, join('/d', 'hf', 'hub')],
  ];
  for (const [name, env, expected] of cases) {
    it(`follows ${name}`, () => assert.equal(hubCacheFolder(env), expected));
  }

  it('takes an easel.hfHome that is the cache itself', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'models--a--b'));
    assert.equal(hubCacheFolder({ EASEL_HF_HOME: folder }), folder);
    assert.equal(hubHome({ EASEL_HF_HOME: folder }), folder);
  });
});

describe('finding models', () => {
  it('finds every revision of a repository, with and without links', async () => {
    const { env } = cacheWith('org/model', [first, second, third], {
      main: first,
      'refs/pr/1': second,
    });
    const entries = await cached(env);
    assert.deepEqual(
      entries.map(({ id }) => id).sort(),
      ['org/model', 'org/model@refs/pr/1', `org/model@${third}`].sort(),
    );
    assert.ok(entries.every(({ runnable }) => runnable));
    assert.equal(entries[0]?.id, 'org/model');
    for (const { id, path } of entries) assert.equal((await resolveModel(id, env)).folder, path);

    const linked = materialise('sd1', { layout: 'hf-cache', dtype: 'F16', variant: 'fp16' });
    const [entry] = await cached({ HF_HUB_CACHE: join(linked, '..', '..', '..') });
    assert.equal(entry?.id, 'easel/tiny');
    assert.equal(entry.runnable, true);
    assert.equal(entry.precision, 'F16');
    assert.ok(entry.lastUsedMs > Date.now() - 86_400_000 * 2);
  });

  it('takes the newest snapshot where no ref names one, or where the named one holds no model', async () => {
    const { env, folder } = cacheWith('org/model', [first], {});
    assert.equal((await cached(env))[0]?.id, 'org/model');
    // What asking the hub for one small file leaves behind.
    mkdirSync(join(folder, 'snapshots', second));
    writeFileSync(join(folder, 'snapshots', second, 'README.md'), '');
    mkdirSync(join(folder, 'refs'));
    writeFileSync(join(folder, 'refs', 'main'), second);
    const entries = await cached(env);
    assert.deepEqual(
      entries.map(({ id, runnable }) => [id, runnable]),
      [['org/model', true]],
    );
  });

  it('judges what does not run, with the reason', async () => {
    const { env, folder } = cacheWith('org/model', [first], { main: first });
    const snapshot = join(folder, 'snapshots', first);
    const reasonOf = async () => {
      const [entry] = await cached(env);
      assert.equal(entry?.runnable, false);
      return entry.reason;
    };
    const unet = join(snapshot, 'unet', 'diffusion_pytorch_model.safetensors');
    renameSync(unet, `${unet}.away`);
    assert.match(await reasonOf(), /unet/);
    writeFileSync(unet, 'version https://git-lfs.github.com/spec/v1\n');
    assert.match(await reasonOf(), /LFS/);
    writeFileSync(unet, Buffer.alloc(100));
    assert.match(await reasonOf(), /unet/);
    renameSync(`${unet}.away`, unet);
    const index = join(snapshot, 'model_index.json');
    writeFileSync(index, '{"_class_name": "FluxPipeline"}');
    const [flux] = await cached(env);
    assert.equal(flux?.family, 'FLUX.1');
    assert.match(flux.reason, /FluxPipeline/);
    unlinkSync(index);
    assert.match(await reasonOf(), /model_index\.json/);
  });

  it('goes on past a repository that is broken, and names what is wrong with it', async function () {
    if (process.platform === 'win32') this.skip();
    const { env, cache, folder } = cacheWith('org/model', [first], {});
    symlinkSync('nowhere', join(folder, 'snapshots', second));
    symlinkSync(third, join(folder, 'snapshots', third));
    const usual = join(folder, 'snapshots', first);
    symlinkSync('loop', join(usual, 'loop'));
    symlinkSync('nowhere', join(usual, 'gone.safetensors'));
    execFileSync('mkfifo', [join(usual, 'pipe.safetensors')]);
    const other = join(cache, 'models--a--dangling', 'snapshots');
    mkdirSync(other, { recursive: true });
    symlinkSync('nowhere', join(other, first));
    mkdirSync(join(cache, 'models--a--odd', 'refs', 'main'), { recursive: true });
    writeFileSync(join(cache, 'models--a--file'), '');
    writeFileSync(join(cache, 'models--a--odd', 'snapshots'), '');
    const entries = await cached(env);
    assert.deepEqual(
      entries.map(({ id, runnable }) => [id, runnable]),
      [
        ['a/dangling', false],
        ['org/model', true],
      ],
    );
    assert.match(entries[0]?.reason ?? '', /is a link to nothing.*download it again/);
    // Drawing finds the model too, where no ref names a snapshot.
    assert.equal((await resolveModel('org/model', env)).folder, usual);
    const context = { signal: new AbortController().signal, emit: () => undefined, env };
    const { files } = await verifyModel('org/model', false, context);
    assert.deepEqual(
      files.filter(({ state }) => state !== 'unchecked').map(({ path }) => path),
      ['gone.safetensors', 'loop'],
    );
    await assert.rejects(resolveModel('a/dangling', env), { code: 'model-not-found' });
  });

  it('deletes nothing of a repository that cannot be read completely, except as a whole', async function () {
    if (process.platform === 'win32') this.skip();
    const { env, folder } = cacheWith('org/model', [first, second], { main: first });
    const blob = join(folder, 'blobs', 'a'.repeat(40));
    mkdirSync(join(folder, 'blobs'));
    writeFileSync(blob, 'x');
    utimesSync(blob, new Date(0), new Date(0));
    symlinkSync('nowhere', join(folder, 'snapshots', third));
    assert.equal((await findLeftovers(env)).files, 0);
    await assert.rejects(planRemoval(`org/model@${second}`, env), { code: 'bad-request' });
    await removeModel('org/model', env);
    assert.equal(existsSync(folder), false);
  });

  it('reads no pickle: one that could not be read is listed like any other', async () => {
    const { env, folder } = cacheWith('org/model', [first], { main: first });
    const unet = join(folder, 'snapshots', first, 'unet');
    unlinkSync(join(unet, 'diffusion_pytorch_model.safetensors'));
    const head = Buffer.from('PK\x03\x04 and then nothing that could be read', 'latin1');
    writeFileSync(join(unet, 'diffusion_pytorch_model.bin'), head);
    const checkpoint = join(tempFolder(), 'x.ckpt');
    writeFileSync(checkpoint, head);
    const entries = await cached(env, [checkpoint]);
    assert.deepEqual(
      entries.map(({ runnable, precision }) => [runnable, precision]),
      [
        [true, 'pickle'],
        [true, 'pickle'],
      ],
    );
    writeFileSync(join(unet, 'diffusion_pytorch_model.bin'), '<!doctype html><html>');
    assert.match((await cached(env))[0]?.reason ?? '', /a web page/);
  });

  it('says that a download is not finished', async () => {
    const { env, folder } = cacheWith('org/model', [first], { main: first });
    rmSync(join(folder, 'snapshots', first, 'vae'), { recursive: true });
    mkdirSync(join(folder, 'blobs'));
    writeFileSync(join(folder, 'blobs', `${'0'.repeat(64)}.easel.incomplete`), 'part');
    assert.match((await cached(env))[0]?.reason ?? '', /^Its download is not finished/);
  });

  it('leaves out what is no image model', async () => {
    const { env, folder, cache } = cacheWith('org/words', [first], { main: first });
    const snapshot = join(folder, 'snapshots', first);
    rmSync(snapshot, { recursive: true });
    mkdirSync(snapshot);
    writeFileSync(join(snapshot, 'config.json'), '{"model_type": "gpt2"}');
    writeFileSync(join(snapshot, 'model.safetensors'), '');
    mkdirSync(join(cache, 'datasets--org--data', 'snapshots'), { recursive: true });
    mkdirSync(join(cache, 'models--broken'), { recursive: true });
    writeFileSync(join(cache, 'version.txt'), '1');
    assert.deepEqual(await cached(env), []);
    assert.deepEqual(await cached({ HF_HOME: join(cache, 'nowhere') }), []);
  });

  it('shows autoencoders and LoRAs as parts', async () => {
    const home = tempFolder();
    const make = (repo: string) => {
      const folder = join(home, 'hub', repo, 'snapshots', first);
      mkdirSync(folder, { recursive: true });
      return folder;
    };
    const taesd = make('models--madebyollin--taesd');
    writeFileSync(join(taesd, 'config.json'), '{"_class_name": "AutoencoderTiny"}');
    const tensor = { name: 'x', dtype: 'F32', shape: [1], bytes: new Uint8Array(4) };
    writeSafetensors(join(taesd, 'diffusion_pytorch_model.safetensors'), [tensor]);
    const down = {
      name: 'unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight',
      ...{ dtype: 'F16', shape: [1, 768], bytes: new Uint8Array(1536) },
    };
    writeSafetensors(join(make('models--org--style'), 'pytorch_lora_weights.safetensors'), [down]);
    const entries = await cached({ HF_HOME: home });
    assert.deepEqual(
      entries.map(({ id, kind, runnable }) => ({ id, kind, runnable })),
      [
        { id: 'madebyollin/taesd', kind: 'autoencoder', runnable: false },
        { id: 'org/style', kind: 'lora', runnable: false },
      ],
    );
    assert.match(entries[1]?.reason ?? '', /LoRA/);
  });

  it('says for which models a ControlNet is, alone and in a folder of models', async () => {
    const shelf = tempFolder();
    const config = { _class_name: 'ControlNetModel', cross_attention_dim: 768 };
    const folder = join(shelf, 'scribble');
    mkdirSync(folder);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const tensor = { name: 'x', dtype: 'F16', shape: [1], bytes: new Uint8Array(2) };
    writeSafetensors(join(folder, 'diffusion_pytorch_model.safetensors'), [tensor]);
    for (const place of [folder, shelf]) {
      const [entry, ...others] = await cached({ HF_HOME: tempFolder() }, [place]);
      assert.deepEqual(others, []);
      assert.deepEqual(
        [entry?.id, entry?.kind, entry?.family, entry?.precision],
        [folder, 'controlnet', 'SD 1.x', 'F16'],
      );
    }
  });

  it('finds LoRAs in folders and their sub-folders, with what their metadata says', async () => {
    const shelf = tempFolder();
    mkdirSync(join(shelf, 'styles', 'old'), { recursive: true });
    const part = (name: string, shape: readonly number[]) => ({
      ...{ name, dtype: 'F32', shape },
      bytes: new Uint8Array(4 * shape.reduce((product, size) => product * size, 1)),
    });
    const key = 'lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k';
    const metadata = {
      ss_output_name: 'ink_v3',
      ss_tag_frequency: JSON.stringify({ '10_ink': { 'ink drawing': 9, cat: 3 } }),
    };
    writeFileSync(
      join(shelf, 'styles', 'ink.safetensors'),
      encodeSafetensors(
        [part(`${key}.lokr_w1`, [4, 8]), part(`${key}.lokr_w2`, [80, 256])],
        metadata,
      ),
    );
    const far = join(shelf, 'styles', 'old', 'flux.safetensors');
    writeSafetensors(far, [
      part('transformer.single_transformer_blocks.0.x.lora_A.weight', [1, 4]),
    ]);
    writeSafetensors(join(shelf, 'model.safetensors'), [part('conv_in.weight', [4])]);
    const list = await listModels({ HF_HOME: tempFolder() }, [], [shelf, far, join(shelf, 'gone')]);
    const loras = list.filter(({ kind }) => kind === 'lora');
    assert.deepEqual(
      loras.map(({ path, family, lora }) => ({ path, family, lora })),
      [
        {
          path: join(shelf, 'styles', 'ink.safetensors'),
          family: 'SDXL',
          lora: { title: 'ink_v3', tags: ['ink drawing', 'cat'] },
        },
        { path: far, family: 'FLUX', lora: { tags: [] } },
      ],
    );
    assert.ok(list.every(({ path }) => !path.endsWith('model.safetensors')));
  });

  it('takes folders, single files, and folders of both, by path', async () => {
    const shelf = tempFolder();
    cpSync(materialise('sd1'), join(shelf, 'model'), { recursive: true });
    mkdirSync(join(shelf, 'notes'));
    const key = {
      name: 'model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight',
      ...{ dtype: 'F16', shape: [1, 1024], bytes: new Uint8Array(2048) },
    };
    const file = join(shelf, 'v2.safetensors');
    writeSafetensors(file, [key]);
    const env = { HF_HOME: tempFolder() };
    const ids = async (place: string) =>
      (await cached(env, [place])).map(({ id, family, origin }) => ({ id, family, origin }));
    const single = { id: file, family: 'SD 2.x', origin: 'path' };
    const folder = { id: join(shelf, 'model'), family: '', origin: 'path' };
    assert.deepEqual(await ids(file), [single]);
    assert.deepEqual(await ids(join(shelf, 'model')), [folder]);
    assert.deepEqual(await ids(shelf), [folder, single]);
    assert.deepEqual(
      (await cached(env, [join(shelf, 'notes')])).map((e) => e.runnable),
      [false],
    );
  });
});
