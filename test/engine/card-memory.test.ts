import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { GraphicsCard } from '../../src/core/devices';
import { readRecipe } from '../../src/core/recipe/index';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { DrawingEngine } from '../../src/engine/engine';
import { writeSnapshot } from '../support/cached-repository';
import { materialiseRun, requestOf } from '../support/drawing';
import { oneDevice, runEngine, warningsOf } from '../support/engine-run';
import { materialise, reference, type ReferenceRun } from '../support/fixture';
import { FIXTURES } from '../support/paths';
import { assertSamePicture, readPixels } from '../support/pictures';
import { useSmallCard, type Loaded } from '../support/small-card';
import { tempFolder } from '../support/temp-folder';

const CARD: GraphicsCard = {
  name: 'A Card',
  kind: 'discrete',
  memoryBytes: 4e9,
  through: 'Vulkan',
};

/** A decoder of more than one tile of the models here. */
function isWholeDecoder({ name, output }: Loaded): boolean {
  return name === 'vae_decoder' && output.at(-1)! > 64;
}

describe('a card whose memory is full', () => {
  let isFull: (running: Loaded, others: readonly Loaded[]) => boolean;
  let end: () => void;
  const { HF_HUB_CACHE: cache } = process.env;

  before(async () => {
    end = await useSmallCard((running, others) => isFull(running, others));
  });
  beforeEach(() => {
    process.env.HF_HUB_CACHE = tempFolder();
  });
  after(() => {
    end();
    if (cache === undefined) delete process.env.HF_HUB_CACHE;
    else process.env.HF_HUB_CACHE = cache;
  });

  async function draw(
    run: ReferenceRun,
    changes: Partial<GenerationRequestInput> = {},
    { card = CARD, keepLoaded = true }: { card?: GraphicsCard; keepLoaded?: boolean } = {},
  ) {
    const engine = new DrawingEngine(oneDevice('webgpu', undefined, card));
    const asked = { ...requestOf(run, materialiseRun('sd1', run)), vaeTiling: undefined };
    const request = { ...asked, ...changes };
    const signal = new AbortController().signal;
    try {
      const drawn = await runEngine(engine, request, { keepLoaded });
      const next = await runEngine(engine, request, { keepLoaded });
      assert.deepEqual(warningsOf(next), warningsOf(drawn), 'the card is tried again');
      const image = drawn.images[0]!;
      const recipe = readRecipe(image.bytes)!.request;
      return { ...drawn, image, recipe, warnings: warningsOf(drawn) };
    } finally {
      await engine.handlers.release(null, { signal, emit: () => undefined });
    }
  }

  const expected = (name: string) => path.join(FIXTURES, 'pipelines', 'sd1', `${name}-0.png`);

  it('draws what diffusers draws while there is room, with an estimate of its memory', async () => {
    isFull = () => false;
    const { image, events, warnings, summary } = await draw(reference('sd1').run('default'));
    assert.deepEqual(warnings, []);
    await assertSamePicture(image.bytes, expected('default'));
    assert.deepEqual(summary.card, CARD);
    const memory = events.find(({ event }) => event === 'memory');
    assert.ok(memory?.event === 'memory');
    assert.equal(memory.card, CARD.name);
    assert.equal(memory.availableBytes, CARD.memoryBytes);
  });

  it('holds one network at a time, and the image is the same', async () => {
    isFull = (_running, others) => others.length > 0;
    const { image, warnings, recipe } = await draw(reference('sd1').run('default'));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^The memory of A Card is full\. Easel loads one network at a time/);
    await assertSamePicture(image.bytes, expected('default'));
    assert.equal(recipe.vae, 'full');
  });

  it('holds one at a time from the start where the estimate says so', async () => {
    isFull = (_running, others) => others.length > 0;
    const card = { ...CARD, memoryBytes: 2 ** 29 };
    const { image, warnings } = await draw(reference('sd1').run('two-images'), {}, { card });
    assert.deepEqual(warnings, []);
    await assertSamePicture(image.bytes, expected('two-images'));
  });

  it('decodes with the tiny autoencoder if that is downloaded, and the recipe says so', async () => {
    isFull = isWholeDecoder;
    const files = ['config.json', 'diffusion_pytorch_model.safetensors'];
    const folder = path.join(materialise('taesd'), 'vae');
    const tiny = files.map((name) => [name, readFileSync(path.join(folder, name))] as const);
    writeSnapshot(process.env.HF_HUB_CACHE!, 'madebyollin/taesd', Object.fromEntries(tiny));
    const run = reference('sd1').run('tiled');
    const { image, warnings, recipe } = await draw(run);
    assert.deepEqual(
      warnings.map((text) => /one network|TAESD|tiles/.exec(text)?.[0]),
      ['one network', 'TAESD'],
    );
    assert.equal(recipe.vae, 'tiny');
    isFull = () => false;
    const asked = await draw(run, { vae: 'tiny' });
    assert.deepEqual(await readPixels(image.bytes), await readPixels(asked.image.bytes));
  });

  it('decodes in tiles, as diffusers does, where there is no tiny autoencoder', async () => {
    isFull = isWholeDecoder;
    const { image, warnings, recipe } = await draw(
      reference('sd1').run('tiled'),
      {},
      {
        keepLoaded: false,
      },
    );
    assert.deepEqual(
      warnings.map((text) => /one network|TAESD|tiles/.exec(text)?.[0]),
      ['tiles'],
    );
    await assertSamePicture(image.bytes, expected('tiled'));
    assert.equal(recipe.vaeTiling, true);
  });

  it('leads to the processor in the end, where the image is drawn as asked', async () => {
    isFull = ({ name }) => name === 'vae_decoder';
    const { image, warnings, summary, recipe } = await draw(reference('sd1').run('tiled'), {
      vaeTiling: true,
    });
    assert.equal(summary.device, 'cpu');
    assert.equal(summary.card, undefined);
    assert.match(warnings.at(-1)!, /webgpu failed .*Easel draws on the CPU instead/);
    await assertSamePicture(image.bytes, expected('tiled'));
    assert.equal(recipe.vaeTiling, true);
  });

  it('goes to the processor at once where the denoiser does not fit', async () => {
    isFull = ({ name }) => name === 'unet';
    const { warnings, summary } = await draw(
      reference('sd1').run('default'),
      {},
      {
        keepLoaded: false,
      },
    );
    assert.equal(summary.device, 'cpu');
    assert.equal(warnings.length, 1);
  });

  it('is an error where the user named the device, with what to do', async () => {
    isFull = ({ name }) => name === 'unet';
    const drawing = draw(reference('sd1').run('default'), { device: 'webgpu' });
    const message = /memory of A Card is full.*--device cpu, or choose a smaller size/;
    await assert.rejects(drawing, { code: 'device-failed', message });
  });

  it('is not redrawn in full precision, which takes more memory', async () => {
    isFull = ({ name }) => name === 'unet';
    const half = { half: true, halfSpeed: 2, halfFault: '' };
    const engine = new DrawingEngine(oneDevice('webgpu', half, CARD));
    const model = materialise('sd1');
    const request = { prompt: 'a cat', model, steps: 2, width: 32, height: 32, seed: 1 } as const;
    const drawn = await runEngine(engine, { ...request, precision: 'half' }, { keepLoaded: false });
    assert.equal(drawn.summary.device, 'cpu');
    assert.equal(drawn.summary.precisionReason, 'the CPU does not have half');
    assert.ok(warningsOf(drawn).every((text) => !text.includes('full precision')));
  });
});
