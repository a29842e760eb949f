import assert from 'node:assert/strict';
import path from 'node:path';
import { readRecipe } from '../../../src/core/recipe/index';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { styleRequest } from '../../../src/core/request/styles';
import { DrawingEngine } from '../../../src/engine/engine';
import type { Model } from '../../../src/engine/model/model';
import { openModel } from '../../../src/engine/model/open';
import { UNetModel } from '../../../src/engine/model/unet-model';
import { resolveSettings } from '../../../src/engine/pipeline/settings';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawRequest, itDrawsAsDiffusers } from '../../support/drawing';
import { oneDevice, runEngine, warningsOf } from '../../support/engine-run';
import { materialise, materialiseChanged, pictureBytes } from '../../support/fixture';
import { networksOf } from '../../support/networks';
import { readPixels } from '../../support/pictures';
import { writeHollow } from '../../support/published-checkpoint';

const CASE = 'sd-x4-upscale';

/** `alphas_cumprod[20]` of diffusers' DDPMScheduler with the published betas, scaled_linear from 0.0001 to 0.02. */
const ALPHA_20 = 0.9973012804985046;

describe('making an image larger, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  itDrawsAsDiffusers(CASE, 'upscaling', sessions);
});

describe('a model that makes images larger', () => {
  const sessions = new SessionCache();
  let folder: string;
  before(() => {
    folder = materialise(CASE);
  });
  after(() => sessions.clear());

  const open = () => openModel({ id: 'upscaler', folder });
  const asked = (more: Partial<GenerationRequestInput> = {}): GenerationRequestInput => ({
    ...{ prompt: 'a house', seed: 1, steps: 2, initImage: pictureBytes('sketch-18x13.png') },
    ...more,
  });
  const enlarge = (more: Partial<GenerationRequestInput>, model = folder) =>
    drawRequest(asked({ ...more, model }), model, sessions);
  /** Opens the case with other fields in one of its JSON files. */
  const openChanged = (file: string, fields: object) =>
    openModel({ id: 'changed', folder: materialiseChanged(CASE, file, fields) });

  it('has the defaults of the pipeline, and says what it is', async () => {
    const model = await open();
    assert.deepEqual(model.upscaling, {
      ...model.upscaling,
      ...{ factor: 4, noiseLevel: { usual: 20, largest: 350 } },
    });
    assert.ok(!model.takesImage && !model.takesMask && !model.refines);
    const { steps, guidanceScale } = model.defaults;
    assert.deepEqual([steps, guidanceScale], [75, 9]);
    assert.deepEqual(model.nativeSize, { width: 64, height: 64 });
  });

  it('is refused without an image, and what it does not take by its name', async () => {
    const cases: [Partial<GenerationRequestInput>, string, RegExp][] = [
      [{ initImage: undefined }, 'initImage', /4 times as large: it needs an initial image/],
      [{ mask: pictureBytes('mask.png') }, 'mask', /does not take mask.*inpainting model first/],
      [{ outpaint: { left: 8 } }, 'outpaint', /does not take outpaint/],
      [{ hires: {} }, 'hires', /does not take hires/],
      [{ imageGuidanceScale: 2 }, 'imageGuidanceScale', /for models that edit/],
      [{ noiseLevel: 351 }, 'noiseLevel', /noiseLevel 351 is too large.*at most 350/],
      [{ noiseLevel: 2.5 }, 'noiseLevel', /noiseLevel/],
      [{ pagScale: 3 }, 'pagScale', /makes images larger, and has no pagScale/],
    ];
    for (const [more, field, message] of cases) {
      await assert.rejects(enlarge(more), (thrown: Error & { code?: string; data?: unknown }) => {
        assert.equal(thrown.code, 'bad-request');
        assert.match(thrown.message, message);
        assert.equal((thrown.data as { field: string }).field, field);
        return true;
      });
    }
    const model = await open();
    const refused = { code: 'bad-request' } as const;
    await assert.rejects(model.withControlNets(['none/such']), {
      ...refused,
      message: /makes images larger, and takes no ControlNet/,
    });
    const ipAdapter = { ipAdapters: ['none/such'], ipAdapterBlocks: [] };
    await assert.rejects(model.withIpAdapters({ ...ipAdapter, ipAdapterImageEncoder: undefined }), {
      ...refused,
      message: /makes images larger, and takes no IP-Adapter/,
    });
    await assert.rejects(model.withTinyAutoencoder(), {
      ...refused,
      message: /no tiny autoencoder/,
    });
  });

  it('is what the noise level is for', async () => {
    const message = /noiseLevel is for models that add noise/;
    await assert.rejects(enlarge({ noiseLevel: 20 }, materialise('sd1')), {
      code: 'bad-request',
      message,
    });
  });

  it('does not use a strength, and says so; the recipe redraws the same', async () => {
    const engine = new DrawingEngine(oneDevice('cpu'), sessions);
    const plain = await runEngine(engine, asked({ model: folder, noiseLevel: 100 }));
    assert.deepEqual(warningsOf(plain), []);
    assert.equal(plain.events.filter(({ event }) => event === 'step').length, 2);
    const { width, height, noiseLevel } = plain.summary.settings;
    assert.deepEqual([width, height, noiseLevel], [64, 48, 100]);
    const recipe = readRecipe(plain.images[0]!.bytes)!;
    assert.deepEqual([recipe.request.noiseLevel, recipe.request.strength], [100, undefined]);
    const again = { ...recipe.request, initImage: asked().initImage };
    const same = await runEngine(engine, { ...again, model: folder, strength: 0.5 });
    assert.match(warningsOf(same).join(), /no strength: it is not used.*noiseLevel/);
    assert.equal(same.summary.settings.strength, 1);
    const [image, second] = [plain, same].map(({ images }) => readPixels(images[0]!.bytes));
    assert.deepEqual(await image, await second);
    const usual = await runEngine(engine, asked({ model: folder }));
    assert.equal(readRecipe(usual.images[0]!.bytes)!.request.noiseLevel, 20);
    assert.notDeepEqual(await readPixels(usual.images[0]!.bytes), await image);
  });

  it('draws at four times the size of its image, or at a size that is asked for', async () => {
    const model = await open();
    assert.deepEqual(sizeOf(model, [18, 13]), [64, 48]);
    assert.deepEqual(sizeOf(model, [3, 200]), [16, 800]);
    assert.deepEqual(sizeOf(model, [18, 13], { width: 160, height: 96 }), [160, 96]);
    assert.throws(() => sizeOf(model, [18, 13], { width: 100, height: 96 }), {
      code: 'bad-size',
      message: /multiples of 16\. The nearest is 96 × 96/,
    });
    assert.throws(() => sizeOf(model, [4100, 13]), {
      code: 'bad-size',
      message: /makes 4100 × 13 pixels 4 times as large, which is more than 16384/,
    });
  });

  it('needs the memory of the large image, and tiles of its autoencoder', async () => {
    const model = await open();
    const bytesOf = (side: number, vaeTiling: boolean) =>
      model.estimateMemory({ width: side, height: side, guided: false, steps: 1, vaeTiling }).bytes;
    assert.ok(bytesOf(4096, false) > 2 * bytesOf(2048, false));
    assert.ok(bytesOf(4096, true) < bytesOf(4096, false));
  });

  it('is read from the single file that is published', async function () {
    // NTFS would write out the gigabytes.
    if (process.platform === 'win32') this.skip();
    const file = writeHollow('x4-upscaler');
    const model = await openModel({ id: file, folder: path.dirname(file), file });
    const { factor, noiseLevel } = model.upscaling!;
    assert.deepEqual([factor, noiseLevel], [4, { usual: 20, largest: 350 }]);
    assert.deepEqual(model.nativeSize, { width: 512, height: 512 });
    assert.deepEqual([model.latents.factor, model.createScheduler().name], [4, 'DDIMScheduler']);
    assert.equal(model.createScheduler().predictionType, 'v_prediction');
    // Of the image with noise of the published schedule: sqrt(alpha) of timestep 20.
    const networks = networksOf(model, sessions, () => undefined);
    const small = { width: 1, height: 1, planes: Float32Array.of(1, 0.5, -1) };
    const options = { tiled: false, after: 'done', noiseLevel: 20 } as const;
    const channels = await model.encodeSmall(networks, small, options);

    const [plain, noised] = [0, 1].map((value) => channels((n) => new Float32Array(n).fill(value)));
    for (const [index, colour] of small.planes.entries()) {
      assert.ok(Math.abs(plain![index]! - colour * Math.sqrt(ALPHA_20)) < 1e-6);
      assert.ok(Math.abs(noised![index]! - plain![index]! - Math.sqrt(1 - ALPHA_20)) < 1e-6);
    }
    // Cells attend to each other in the lowest level alone, so that 8192 pixels need no scores of all cells.
    const use = { guided: true, steps: 1, vaeTiling: undefined };
    const { bytes } = model.estimateMemory({ ...use, width: 8192, height: 8192 });
    assert.ok(bytes < 300 * 2 ** 30, `${bytes} bytes`);
  });

  it('is refused where its parts do not belong together', async () => {
    const cases: [string, object, RegExp][] = [
      ['model_index.json', { max_noise_level: 1000 }, /max_noise_level that is no timestep/],
      ['model_index.json', { max_noise_level: 'much' }, /max_noise_level that is no timestep/],
      ['unet/config.json', { num_class_embeds: 300 }, /knows 300 noise levels/],
      ['unet/config.json', { in_channels: 8 }, /takes 8 channels, and not the 7/],
      [
        'vae/config.json',
        {
          block_out_channels: [8, 8],
          down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
          up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
        },
        /makes 2 pixels of a cell, of which it needs 4/,
      ],
    ];
    for (const [file, fields, message] of cases) {
      await assert.rejects(openChanged(file, fields), { code: 'unsupported-model', message });
    }
    await assert.rejects(
      openChanged('low_res_scheduler/scheduler_config.json', { beta_start: 'x' }),
      {
        code: 'unsupported-config',
      },
    );
  });

  it('draws with a UNet that is told no noise level', async () => {
    const model = await openChanged('unet/config.json', { num_class_embeds: null });
    assert.ok(model instanceof UNetModel);
    assert.equal(model.parts.unet.config.classCount, undefined);
  });
});

/** Width and height that a model draws at. */
function sizeOf(
  model: Model,
  [width, height]: readonly [number, number],
  more: Partial<GenerationRequestInput> = {},
): [number, number] {
  const initImage = pictureBytes('sketch.png');
  const request = styleRequest(parseRequest({ prompt: 'a house', initImage, ...more }));
  const settings = resolveSettings(
    request,
    model,
    { source: { image: { width, height } }, controlSize: undefined },
    'ddim',
  );
  return [settings.width, settings.height];
}
