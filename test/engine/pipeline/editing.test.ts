import assert from 'node:assert/strict';
import { readRecipe } from '../../../src/core/recipe/index';
import type { GenerationRequestInput } from '../../../src/core/request/request';
import { DrawingEngine } from '../../../src/engine/engine';
import { openModel } from '../../../src/engine/model/open';
import { UNetModel } from '../../../src/engine/model/unet-model';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawRequest, itDrawsAsDiffusers } from '../../support/drawing';
import { oneDevice, runEngine, warningsOf } from '../../support/engine-run';
import { materialise, pictureBytes } from '../../support/fixture';
import { networksOf } from '../../support/networks';
import { differences, readPixels } from '../../support/pictures';
import { LoraCase } from '../lora/lora-case';

describe('editing by words, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  for (const name of ['sd-edit', 'sdxl-edit']) itDrawsAsDiffusers(name, 'editing', sessions);
});

describe('a model that edits by words', () => {
  const sessions = new SessionCache();
  let folder: string;
  before(() => {
    folder = materialise('sd-edit');
  });
  after(() => sessions.clear());

  const asked = (more: Partial<GenerationRequestInput> = {}): GenerationRequestInput => ({
    ...{ prompt: 'make it snow', seed: 1, steps: 2, initImage: pictureBytes('sketch.png') },
    ...more,
  });
  const edit = (more: Partial<GenerationRequestInput>, model = folder) =>
    drawRequest(asked({ ...more, model }), model, sessions);

  it('has the defaults of the pipelines, and says what it is', async () => {
    for (const [name, guidanceScale] of [
      ['sd-edit', 7.5],
      ['sdxl-edit', 5],
    ] as const) {
      const model = await openModel({ id: name, folder: materialise(name) });
      assert.ok(model.takesImage && !model.takesMask);
      const { steps, guidanceScale: own, imageGuidanceScale } = model.defaults;
      assert.deepEqual([steps, own, imageGuidanceScale], [100, guidanceScale, 1.5]);
    }
  });

  it('is refused without an image, and what it does not take by its name', async () => {
    const cases: [Partial<GenerationRequestInput>, string, RegExp][] = [
      [{ initImage: undefined }, 'initImage', /edits an image by words.*needs an initial image/],
      [{ mask: pictureBytes('mask.png') }, 'mask', /does not take mask/],
      [{ outpaint: { left: 8 } }, 'outpaint', /does not take outpaint/],
      [{ hires: {} }, 'hires', /does not take hires/],
      [{ imageGuidanceScale: -1 }, 'imageGuidanceScale', /imageGuidanceScale/],
    ];
    for (const [more, field, message] of cases) {
      await assert.rejects(edit(more), { code: 'bad-request', message, data: { field } }, field);
    }
    const model = await openModel({ id: 'sd-edit', folder });
    await assert.rejects(model.withControlNets(['none/such']), /takes no ControlNet/);
  });

  it('is what the scale of the image is for', async () => {
    const other = materialise('sd1');
    const message = /imageGuidanceScale is for models that edit/;
    await assert.rejects(edit({ imageGuidanceScale: 2 }, other), { code: 'bad-request', message });
  });

  it('does not use a strength, and says so', async () => {
    const engine = new DrawingEngine(oneDevice('cpu'), sessions);
    const plain = await runEngine(engine, asked({ model: folder }));
    const strong = await runEngine(engine, asked({ model: folder, strength: 0.3 }));
    assert.deepEqual(warningsOf(plain), []);
    assert.match(warningsOf(strong).join(), /no strength: it is not used/);
    assert.equal(plain.events.filter(({ event }) => event === 'step').length, 2);
    assert.equal(plain.summary.settings.imageGuidanceScale, 1.5);
    const recipe = readRecipe(strong.images[0]!.bytes)?.request;
    assert.deepEqual([recipe?.imageGuidanceScale, recipe?.strength], [1.5, undefined]);
    const [image, same] = [plain, strong].map(({ images }) => readPixels(images[0]!.bytes));
    assert.deepEqual(await image, await same);
  });

  it('leaves out guidance in steps outside of an interval', async () => {
    const all = await edit({ steps: 4, guidanceInterval: { start: 0, end: 1 } });
    const plain = await edit({ steps: 4 });
    assert.ok(differences(all.pictures[0]!, plain.pictures[0]!).largest <= 1);
    const half = await edit({ steps: 4, guidanceInterval: { start: 0, end: 0.5 } });
    assert.ok(differences(half.pictures[0]!, plain.pictures[0]!).largest > 1);
  });

  it('takes LoRAs of its family', async () => {
    const [lora] = new LoraCase('kohya').loras();
    const engine = new DrawingEngine(oneDevice('cpu'), sessions);
    const plain = await runEngine(engine, asked({ model: folder }));
    const loras = [{ path: lora!.path }];
    const changed = await runEngine(engine, asked({ model: folder, loras }));
    assert.deepEqual(warningsOf(changed), []);
    const [before, after] = [plain, changed].map(({ images }) => readPixels(images[0]!.bytes));
    assert.ok(differences(await before!, await after!).largest > 1);
  });

  it('encodes the image by its own autoencoder where the tiny one decodes', async () => {
    const tiny = await openModel({ id: 'taesd', folder: materialise('taesd') });
    const own = await openModel({ id: 'edit', folder });
    assert.ok(tiny instanceof UNetModel && own instanceof UNetModel);
    const { autoencoder } = tiny.parts;
    const mixed = new UNetModel({
      ...own.parts,
      autoencoder,
      editedEncoder: own.parts.autoencoder,
    });
    const networks = networksOf(mixed, sessions, () => undefined);
    const planes = new Float32Array(3 * 64 * 64).fill(0.5);
    const encode = (model: UNetModel) =>
      model.encodeEdited(
        networks,
        planes,
        { width: 8, height: 8 },
        { tiled: false, after: 'keep' },
      );
    assert.deepEqual(await encode(mixed), await encode(own));
    assert.ok(mixed.decodesCheaply);
  });

  it('needs memory for a third row of the batch', async () => {
    const use = { width: 512, height: 512, steps: 1, vaeTiling: true } as const;
    const bytesOf = async (name: string, guided: boolean) => {
      const model = await openModel({ id: name, folder: materialise(name) });
      return model.estimateMemory({ ...use, guided }).bytes;
    };
    const row = (await bytesOf('sd1', true)) - (await bytesOf('sd1', false));
    const rows = (await bytesOf('sd-edit', true)) - (await bytesOf('sd-edit', false));
    assert.ok(row > 0);
    assert.ok(rows > row, `${rows} bytes`);
  });
});
