import assert from 'node:assert/strict';
import { readRecipe } from '../../../src/core/recipe/index';
import type { GenerationRequestInput } from '../../../src/core/request/request';
import type { SeamlessAxes } from '../../../src/core/request/seamless';
import { DrawingEngine } from '../../../src/engine/engine';
import { buildUNet } from '../../../src/engine/graph/unet';
import { parseUNetConfig } from '../../../src/engine/graph/unet-config';
import { openModel } from '../../../src/engine/model/open';
import { UNetModel } from '../../../src/engine/model/unet-model';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawModel, drawRequest, itDrawsAsDiffusers } from '../../support/drawing';
import { oneDevice, runEngine, warningsOf } from '../../support/engine-run';
import { materialise, materialiseChanged, pictureBytes } from '../../support/fixture';
import { networksOf } from '../../support/networks';
import { differences, readPixels } from '../../support/pictures';
import { GraphCase } from '../graph/graph-case';
import { relativeError, runGraph } from '../graph/run-graph';

const CASE = 'sd-x2-latent';

const TARGET = { device: 'cpu' } as const;
/** Columns of the graph case that is moved around. */
const COLUMNS = 12;

/** Rows of 12 numbers, each moved around by so many places. */
function movedRight(values: Float32Array, places: number): Float32Array {
  return values.map((_, i) => {
    const column = i % COLUMNS;
    return values[i - column + ((column - places + COLUMNS) % COLUMNS)]!;
  });
}

describe('making an image larger in its latents, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  itDrawsAsDiffusers(CASE, 'upscaling', sessions);
});

describe('a model that makes images larger in their latents', () => {
  const sessions = new SessionCache();
  let folder: string;
  before(() => {
    folder = materialise(CASE);
  });
  after(() => sessions.clear());

  const open = () => openModel({ id: 'upscaler', folder });
  const asked = (more: Partial<GenerationRequestInput> = {}): GenerationRequestInput => ({
    ...{ prompt: 'a house', seed: 1, steps: 2, initImage: pictureBytes('sketch-32x48.png') },
    ...more,
  });
  const enlarge = (more: Partial<GenerationRequestInput> = {}) =>
    drawRequest(asked({ ...more, model: folder }), folder, sessions);
  /** Opens the case with other fields in one of its JSON files. */
  const openChanged = (file: string, fields: object) =>
    openModel({ id: 'changed', folder: materialiseChanged(CASE, file, fields) });

  it('has the defaults of the pipeline, and says what it is', async () => {
    const model = await open();
    const sides = { multiple: 32, least: 64 };
    assert.deepEqual(model.upscaling, { ...model.upscaling, factor: 2, sides });
    assert.equal(model.upscaling.noiseLevel, undefined);
    assert.ok(!model.takesImage && !model.takesMask && !model.refines);
    assert.deepEqual([model.defaults.steps, model.defaults.guidanceScale], [75, 9]);
    // Its `timestep_cond` is no guidance scale, as that of LCM is.
    assert.deepEqual(
      [0, 1, 1.5].map((guidanceScale) => model.isGuided({ guidanceScale })),
      [false, false, true],
    );
  });

  it('is refused without an image, and what it does not take by its name', async () => {
    const cases: [Partial<GenerationRequestInput>, string, RegExp][] = [
      [{ initImage: undefined }, 'initImage', /2 times as large: it needs an initial image/],
      [{ mask: pictureBytes('mask.png') }, 'mask', /does not take mask/],
      [{ outpaint: { left: 8 } }, 'outpaint', /does not take outpaint/],
      [{ hires: {} }, 'hires', /does not take hires/],
      [{ noiseLevel: 20 }, 'noiseLevel', /models that add noise.*is not one/],
      [
        { freeu: { s1: 0.9, s2: 0.2, b1: 1.5, b2: 1.6 } },
        'freeu',
        /makes images larger, and takes no FreeU/,
      ],
      [{ clipSkip: 1 }, 'clipSkip', /makes images larger, and takes no clipSkip/],
      [{ pagScale: 3 }, 'pagScale', /makes images larger, and has no pagScale/],
      [{ scheduler: 'ddim' }, 'scheduler', /with EulerDiscreteScheduler alone.*--scheduler euler/],
    ];
    for (const [more, field, message] of cases) {
      await assert.rejects(enlarge(more), (thrown: Error & { code?: string; data?: unknown }) => {
        assert.equal(thrown.code, 'bad-request', field);
        assert.match(thrown.message, message);
        assert.equal((thrown.data as { field: string }).field, field);
        return true;
      });
    }
    const model = await open();
    await assert.rejects(model.withControlNets(['none/such']), {
      code: 'bad-request',
      message: /makes images larger, and takes no ControlNet/,
    });
  });

  it('is refused at sizes that its UNet cannot halve', async () => {
    const cases: [Partial<GenerationRequestInput>, RegExp][] = [
      [{ width: 80, height: 96 }, /multiples of 32\. The nearest is 96 × 96/],
      [{ width: 32, height: 96 }, /each side must be at least 64.*initial image needs 32/],
      [{ initImage: pictureBytes('sketch-24x40.png') }, /32 × 64 pixels are too small/],
    ];
    for (const [more, message] of cases) {
      await assert.rejects(enlarge(more), { code: 'bad-size', message });
    }
  });

  it('does not use a strength, and says so; the recipe redraws the same', async () => {
    const engine = new DrawingEngine(oneDevice('cpu'), sessions);
    const plain = await runEngine(engine, asked({ model: folder }));
    assert.deepEqual(warningsOf(plain), []);
    assert.equal(plain.events.filter(({ event }) => event === 'step').length, 2);
    const { width, height } = plain.summary.settings;
    assert.deepEqual([width, height], [64, 96]);
    const recipe = readRecipe(plain.images[0]!.bytes)!.request;
    assert.deepEqual([recipe.strength, recipe.guidanceScale, recipe.steps], [undefined, 9, 2]);
    const again = { ...recipe, initImage: asked().initImage, model: folder };
    const same = await runEngine(engine, { ...again, strength: 0.5 });
    assert.match(warningsOf(same).join(), /no strength: it is not used/);
    assert.equal(same.summary.settings.strength, 1);
    const [image, second] = [plain, same].map(({ images }) => readPixels(images[0]!.bytes));
    assert.deepEqual(await image, await second);
  });

  it('reads the prompt but for a guidance scale of 0', async () => {
    const notes = async (prompt: string, guidanceScale: number) =>
      (await enlarge({ prompt, guidanceScale })).warnings.join();
    assert.match(await notes('a house', 0), /does not read the prompt/);
    assert.deepEqual([await notes(' ', 0), await notes('a house', 1)], ['', '']);
    const drawn = async (prompt: string, guidanceScale: number) =>
      (await enlarge({ prompt, guidanceScale })).pictures[0]!;
    const difference = async (scale: number) =>
      differences(await drawn('a house', scale), await drawn('a red tree', scale)).largest;
    assert.equal(await difference(0), 0);
    assert.ok((await difference(1)) > 1);
  });

  it('leaves out guidance in steps outside of an interval', async () => {
    const all = await enlarge({ steps: 4, guidanceInterval: { start: 0, end: 1 } });
    const plain = await enlarge({ steps: 4 });
    assert.ok(differences(all.pictures[0]!, plain.pictures[0]!).largest <= 1);
    const half = await enlarge({ steps: 4, guidanceInterval: { start: 0, end: 0.5 } });
    assert.ok(differences(half.pictures[0]!, plain.pictures[0]!).largest > 1);
  });

  it('draws with another noise where the seed varies, and with forecasts', async () => {
    const plain = await enlarge({ steps: 8 });
    const varied = await enlarge({ steps: 8, variationStrength: 0.2, variationSeed: 5 });
    assert.ok(differences(varied.pictures[0]!, plain.pictures[0]!).largest > 1);
    const forecast = await enlarge({ steps: 8, forecast: {} });
    const { largest } = differences(forecast.pictures[0]!, plain.pictures[0]!);
    assert.ok(largest > 0 && largest < 64, `off by ${largest}`);
  });

  it('draws with the tiny autoencoder, whose latents have the scale of the UNet', async () => {
    const own = await open();
    const tiny = await openModel({ id: 'taesd', folder: materialise('taesd') });
    assert.ok(own instanceof UNetModel && tiny instanceof UNetModel);
    const { autoencoder } = tiny.parts;
    const model = new UNetModel({ ...own.parts, autoencoder });
    const image = { width: 32, height: 48, planes: new Float32Array(3 * 32 * 48).fill(0.5) };
    const options = { tiled: false, after: 'keep', noiseLevel: undefined } as const;
    const networks = networksOf(model, sessions, () => undefined);
    const channels = await model.encodeSmall(networks, image, options);
    const given = channels((count) => new Float32Array(count));
    const size = { width: 4, height: 6 };
    const encoded = await autoencoder.encode(networks, image.planes, size, options);
    const latents = encoded((count) => new Float32Array(count));
    // Each cell four times.
    assert.equal(given.length, latents.length * 4);
    for (const at of [0, 1, 8, 9]) assert.equal(given[at], latents[0]);
    assert.equal(given.at(-1), latents.at(-1));
    const { pictures } = await drawModel(asked({ model: folder }), model, sessions);
    assert.deepEqual([pictures[0]!.width, pictures[0]!.height], [64, 96]);
  });

  it('needs the memory of the large image, and of guidance', async () => {
    const model = await open();
    const bytesOf = (side: number, guided: boolean, vaeTiling: boolean) =>
      model.estimateMemory({ width: side, height: side, guided, steps: 1, vaeTiling }).bytes;
    assert.ok(bytesOf(4096, false, false) > 2 * bytesOf(2048, false, false));
    assert.ok(bytesOf(2048, true, true) > bytesOf(2048, false, true));
  });

  it('draws an image without a seam as the same image moved around its edges', async () => {
    const graphCase = new GraphCase('unet-k-diffusion');
    const weights = await graphCase.weights();
    const config = parseUNetConfig(graphCase.file.config, graphCase.name);
    const [run] = graphCase.runs(weights, { device: 'cpu' });
    const sizes = { batch: 2, height: 8, width: 12, sequenceLength: 9, target: TARGET };
    const outputs = async (seamless: SeamlessAxes | undefined, moved: number) => {
      const graph = buildUNet(config, weights, { ...sizes, seamless });
      const sample = movedRight(run!.inputs.sample as Float32Array, moved);
      const { out_sample: out } = await runGraph(graph, { ...run!.inputs, sample });
      return movedRight(out!, -moved);
    };
    const movedBy = async (seamless: SeamlessAxes | undefined) =>
      relativeError(await outputs(seamless, 4), await outputs(seamless, 0));
    assert.ok((await movedBy('x')) < 1e-5);
    assert.ok((await movedBy('xy')) < 1e-5);
    assert.ok((await movedBy('y')) > 1e-2);
    assert.ok((await movedBy(undefined)) > 1e-2);
  });

  it('is refused where its parts do not belong together', async () => {
    const plain = {
      down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
      up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
      norm_num_groups: 8,
    };
    const cases: [string, object, RegExp][] = [
      ['unet/config.json', { in_channels: 4 }, /takes 4 channels, and not the 8/],
      ['unet/config.json', { out_channels: 4 }, /gives 4 channels, of which it needs 5/],
      ['unet/config.json', { time_cond_proj_dim: 128 }, /time_cond_proj_dim does not fit/],
      ['unet/config.json', plain, /without the blocks of k-diffusion/],
      ['model_index.json', { _class_name: 'StableDiffusionPipeline' }, /blocks of k-diffusion/],
    ];
    for (const [file, fields, message] of cases) {
      await assert.rejects(openChanged(file, fields), { code: 'unsupported-model', message });
    }
  });
});
