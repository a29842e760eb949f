import * as assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ByteStore } from '../../src/engine/bytes/byte-store';
import { DrawingEngine } from '../../src/engine/engine';
import { openModel } from '../../src/engine/model/open';
import { resolveModel } from '../../src/engine/store/resolve';
import { SessionCache } from '../../src/engine/runtime/session-cache';
import type { GenerationRequestInput } from '../../src/core/request/request';
import type { ChooseBytes } from '../../src/engine/model/network';
import { readRecipe } from '../../src/core/recipe/index';
import { materialiseWideControl } from '../support/controlnets';
import { oneDevice, runEngine } from '../support/engine-run';
import { pictureBytes } from '../support/fixture';
import { writeWideAdapter } from '../support/ip-adapters';
import { psnr, readPixels } from '../support/pictures';
import { tempFolder } from '../support/temp-folder';
import { randomTensors } from '../support/random-weights';
import { writeSafetensors } from '../support/safetensors-file';
import { makeLarge, materialiseWide } from '../support/wide-model';
import { needsExactBytes } from '../support/exact-bytes';

/** Peak signal-to-noise ratio in dB that images in bytes have at least, against float32. */
const CLOSE_ENOUGH = 30;

describe('images computed in bytes', () => {
  needsExactBytes();
  const sessions = new SessionCache();
  let folder: string;
  before(() => {
    folder = path.join(tempFolder(), 'int8');
  });
  after(() => sessions.clear());

  async function draw(
    request: GenerationRequestInput,
    store = new ByteStore(folder),
    choose?: ChooseBytes,
    keepLoaded = true,
  ) {
    const engine = new DrawingEngine(oneDevice('cpu'), sessions, store, choose);
    const { summary, images, events } = await runEngine(engine, request, { keepLoaded });
    const [image] = images;
    assert.ok(image);
    const { data: pixels } = await readPixels(image.bytes);
    const prepared = events.filter((event) => event.event === 'preparing');
    return { summary, pixels, prepared, events, bytes: image.bytes };
  }

  for (const name of ['sd1', 'sd2', 'sdxl', 'turbo', 'lcm']) {
    it(`are nearly those of float32: ${name}`, async () => {
      const model = materialiseWide(name, 4, 2);
      const request = { prompt: 'a red apple', seed: 7, steps: 4, model };
      const exact = await draw({ ...request, precision: 'full' });
      // Small text encoders would stay in float32.
      const inBytes = await draw({ ...request, precision: 'int8' }, undefined, () => true);
      assert.equal(inBytes.summary.precision, 'int8');
      const components = new Set(inBytes.prepared.map(({ component }) => component));
      assert.deepEqual([...components], ['text encoder', 'unet', 'vae']);
      const likeness = psnr(exact.pixels, inBytes.pixels);
      assert.ok(likeness >= CLOSE_ENOUGH, `${likeness} dB`);
      assert.ok(likeness < 70, 'nothing was computed in bytes');
    });
  }

  for (const [what, name, textTimes, times] of [
    ['is edited by words', 'sd-edit', 2, 4],
    ['becomes larger by a prompt', 'sd-x4-upscale', 4, 2],
    ["becomes larger in its latents, by k-diffusion's blocks", 'sd-x2-latent', 1, 2],
  ] as const) {
    it(`are nearly those of float32 where an image ${what}`, async () => {
      const model = materialiseWide(name, times, textTimes);
      const initImage = pictureBytes('sketch.png');
      const request = { prompt: 'make it snow', seed: 7, steps: 4, model, initImage };
      const exact = await draw({ ...request, precision: 'full' });
      const inBytes = await draw({ ...request, precision: 'int8' });
      assert.equal(inBytes.summary.precision, 'int8');
      assert.ok(inBytes.prepared.some(({ component }) => component === 'unet'));
      const likeness = psnr(exact.pixels, inBytes.pixels);
      assert.ok(likeness >= CLOSE_ENOUGH && likeness < 70, `${likeness} dB`);
    });
  }

  it('are so with a large text encoder, but not with a small one, or one that is changed', async () => {
    const model = materialiseWide('sd1', 4, 2);
    const request = { prompt: 'a boat', seed: 1, steps: 1, model, precision: 'int8' } as const;
    const componentsOf = async (more: Partial<GenerationRequestInput> = {}) => {
      await sessions.clear();
      const { prepared } = await draw({ ...request, ...more });
      return new Set(prepared.map(({ component }) => component));
    };
    assert.deepEqual(await componentsOf(), new Set(['unet', 'vae']));
    makeLarge(model, 'text_encoder');
    const embedding = path.join(tempFolder(), 'word.safetensors');
    writeSafetensors(embedding, randomTensors({ emb_params: [1, 64] }, 'F32'));
    const embeddings = [{ path: embedding }];
    assert.deepEqual(await componentsOf({ embeddings }), new Set());
    assert.deepEqual(await componentsOf(), new Set(['text encoder']));
  });

  it('follow T2I-Adapters, which run once and are not in bytes', async () => {
    const model = materialiseWide('sd1', 4, 1);
    const request = {
      ...{ prompt: 'a boat', seed: 1, steps: 3, model, width: 64, height: 64 },
      controlnets: [materialiseWideControl('adapter', 4)],
      controlImages: [pictureBytes('sketch.png')],
    };
    const exact = await draw({ ...request, precision: 'full' });
    const inBytes = await draw({ ...request, precision: 'int8' });
    const components = inBytes.prepared.map(({ component }) => component);
    assert.deepEqual([...new Set(components)], ['unet', 'vae']);
    const likeness = psnr(exact.pixels, inBytes.pixels);
    assert.ok(likeness >= CLOSE_ENOUGH && likeness < 70, `${likeness} dB`);
    const alone = await draw({ ...request, controlnets: [], controlImages: [], precision: 'int8' });
    assert.ok(psnr(exact.pixels, alone.pixels) < CLOSE_ENOUGH);
  });

  it('follow ControlNets, which are in bytes too', async () => {
    const model = materialiseWide('sd1', 4, 1);
    const request = {
      ...{ prompt: 'a boat', seed: 1, steps: 3, model, width: 64, height: 64 },
      controlnets: [materialiseWideControl('lines', 4)],
      controlImages: [pictureBytes('sketch.png')],
    };
    const exact = await draw({ ...request, precision: 'full' });
    const inBytes = await draw({ ...request, precision: 'int8' });
    const components = inBytes.prepared.map(({ component }) => component);
    assert.deepEqual([...new Set(components)], ['unet', 'controlnet', 'vae']);
    const likeness = psnr(exact.pixels, inBytes.pixels);
    assert.ok(likeness >= CLOSE_ENOUGH && likeness < 70, `${likeness} dB`);
    const alone = await draw({ ...request, controlnets: [], controlImages: [], precision: 'int8' });
    assert.ok(psnr(exact.pixels, alone.pixels) < CLOSE_ENOUGH);
    // Of the UNet, what was prepared serves both.
    assert.ok(!alone.prepared.some(({ component }) => component === 'unet'));
  });

  it('attend to images, whose layers are in bytes too', async () => {
    const model = materialiseWide('sd1', 4, 2);
    const request = {
      ...{ prompt: 'a boat', seed: 1, steps: 3, model, width: 64, height: 64 },
      ipAdapters: [writeWideAdapter('sd1-full', 4, 2)],
      ipAdapterImages: [pictureBytes('sketch.png')],
    };
    const exact = await draw({ ...request, precision: 'full' });
    const inBytes = await draw({ ...request, precision: 'int8' });
    const components = new Set(inBytes.prepared.map(({ component }) => component));
    assert.ok(components.has('ip-adapter'), [...components].join());
    const likeness = psnr(exact.pixels, inBytes.pixels);
    assert.ok(likeness >= CLOSE_ENOUGH && likeness < 70, `${likeness} dB`);
    const without = { ...request, ipAdapters: [], ipAdapterImages: [] };
    const alone = await draw({ ...without, precision: 'int8' });
    assert.ok(psnr(exact.pixels, alone.pixels) < CLOSE_ENOUGH);
  });

  it('can be limited to some layers, to measure what they cost', async () => {
    const model = materialiseWide('sd1', 4);
    const request = { prompt: 'a boat', seed: 1, steps: 2, model } as const;
    const inBytes = { ...request, precision: 'int8' } as const;
    const exact = await draw({ ...request, precision: 'full' });
    await sessions.clear();
    const all = await draw(inBytes);
    await sessions.clear();
    const store = new ByteStore(path.join(tempFolder(), 'int8'));
    const some = await draw(
      inBytes,
      store,
      (component, module) => component === 'unet' && module.startsWith('mid_block.'),
    );
    assert.deepEqual([...new Set(some.prepared.map(({ component }) => component))], ['unet']);
    const apart = psnr(exact.pixels, some.pixels);
    assert.ok(apart < Infinity && apart > psnr(exact.pixels, all.pixels), `${apart} dB`);
    await sessions.clear();
    const none = await draw(inBytes, store, () => false);
    assert.deepEqual(none.pixels, exact.pixels);
  });

  it('are the same each time, also with weights that were prepared before', async () => {
    const model = materialiseWide('sd1', 4);
    const request = { prompt: 'a boat', seed: 1, steps: 2, model, precision: 'int8' } as const;
    const first = await draw(request);
    await sessions.clear();
    const second = await draw(request);
    assert.ok(first.prepared.length > 0);
    assert.equal(second.prepared.length, 0);
    assert.deepEqual(first.pixels, second.pixels);
  });

  it('are the same by an engine that ends after its job', async () => {
    const model = materialiseWide('sd1', 4);
    const request = { prompt: 'a boat', seed: 1, steps: 2, model, precision: 'int8' } as const;
    const kept = await draw(request);
    await sessions.clear();
    const once = await draw(request, new ByteStore(folder), undefined, false);
    assert.deepEqual(once.pixels, kept.pixels);
  });

  it('are known to be prepared before the networks are opened', async () => {
    const folder = materialiseWide('sd1', 4);
    const store = new ByteStore(path.join(tempFolder(), 'int8'));
    const model = await openModel(await resolveModel(folder));
    const { nativeSize, latents } = model;
    const network = model.denoiserOf(latents.sizeOf(nativeSize), true);
    assert.equal(await store.has(network.bytesWanted!()), false);
    await sessions.clear();
    await draw({ prompt: 'a boat', seed: 1, steps: 1, model: folder, precision: 'int8' }, store);
    assert.equal(await store.has(network.bytesWanted!()), true);
  });

  it('say what the weights take and where they are kept, before any is prepared', async () => {
    const model = materialiseWide('sd1', 4);
    const store = new ByteStore(path.join(tempFolder(), 'int8'));
    const request = { prompt: 'a boat', seed: 1, steps: 1, model, precision: 'int8' } as const;
    const { prepared } = await draw(request, store);
    for (const component of ['unet', 'vae']) {
      const shares = prepared.filter((event) => event.component === component);
      assert.equal(shares[0]?.share, 0);
      assert.equal(shares.at(-1)?.share, 1);
      assert.ok(shares.every(({ folder }) => folder === store.folder));
    }
    const sizes = new Set(prepared.map(({ bytes }) => bytes));
    const written = readdirSync(store.folder).map((name) =>
      statSync(path.join(store.folder, name)),
    );
    const total = written.reduce((sum, { size }) => sum + size, 0);
    const said = [...sizes].reduce((sum, bytes) => sum + bytes, 0);
    // The files have headers too.
    assert.ok(said <= total && said > 0.9 * total, `${said} bytes were said, ${total} written`);
  });

  it('are not offered exactly where int8 was asked for', async () => {
    const model = materialiseWide('sd1', 4);
    const { events } = await draw({ prompt: 'a boat', steps: 1, model, precision: 'int8' });
    const image = events.find((event) => event.event === 'image');
    assert.equal(image?.unasked, undefined);
  });

  it('say so in their recipe, which draws them again', async () => {
    const model = materialiseWide('sd1', 4);
    const request = { prompt: 'a boat', seed: 1, steps: 2, model } as const;
    const drawn = await draw({ ...request, precision: 'int8' });
    const recipe = readRecipe(drawn.bytes);
    assert.equal(recipe?.request.precision, 'int8');
    const again = await draw({ ...recipe.request, model });
    assert.deepEqual(again.bytes, drawn.bytes);
    const exact = await draw(request);
    assert.equal(exact.summary.precision, 'full', 'a small model stays exact');
    assert.equal(readRecipe(exact.bytes)?.request.precision, undefined);
  });

  it('are drawn again from their recipe, with fewer calls of the network', async () => {
    const model = materialiseWide('sd1', 4);
    const request = { prompt: 'a boat', seed: 1, steps: 12, model } as const;
    const shorter = {
      forecast: { warmup: 3 },
      guidanceInterval: { start: 0, end: 0.5 },
      tokenDownsampling: 2,
    };
    const drawn = await draw({ ...request, ...shorter });
    const recipe = readRecipe(drawn.bytes);
    assert.deepEqual(recipe?.notes, []);
    assert.equal(recipe.request.forecast?.warmup, 3);
    const again = await draw({ ...recipe.request, model });
    assert.deepEqual(again.bytes, drawn.bytes);
    const plain = await draw(request);
    assert.notDeepEqual(plain.pixels, drawn.pixels);
    assert.equal(readRecipe(plain.bytes)?.request.tokenDownsampling, undefined);
    for (const [field, value] of Object.entries(shorter)) {
      const one = await draw({ ...request, [field]: value });
      assert.notDeepEqual(one.pixels, plain.pixels, field);
    }
  });

  it('are drawn in full precision, with a word about it, where nothing can be kept', async () => {
    const model = materialiseWide('sd1', 4);
    const request = { prompt: 'a boat', seed: 1, steps: 2, model } as const;
    // A folder below a file can never be made.
    const store = new ByteStore(path.join(process.execPath, 'int8'));
    const drawn = await draw({ ...request, precision: 'int8' }, store);
    const warnings = drawn.events.filter((event) => event.event === 'warning');
    assert.ok(
      warnings.some(({ message }) => /cannot be kept as bytes.*full precision/.test(message)),
    );
    const exact = await draw({ ...request, precision: 'full' });
    assert.deepEqual(drawn.pixels, exact.pixels);
    assert.equal(drawn.summary.precision, 'full');
  });
});
