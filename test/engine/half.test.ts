import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRecipe } from '../../src/core/recipe/index';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { ByteStore } from '../../src/engine/bytes/byte-store';
import { DrawingEngine } from '../../src/engine/engine';
import { SessionCache } from '../../src/engine/runtime/session-cache';
import { breakTensor, scaleTensor } from '../support/broken-weights';
import { CONTROL_RUNS, controlRequest } from '../support/controlnets';
import { ADAPTER_RUNS, adapterRequest } from '../support/ip-adapters';
import { materialiseRun, requestOf } from '../support/drawing';
import { oneDevice, runEngine, warningsOf } from '../support/engine-run';
import { materialise, reference } from '../support/fixture';
import { FIXTURES } from '../support/paths';
import { psnr, readPixels } from '../support/pictures';
import { roundInSessions } from '../support/rounded-model';
import { makeLarge } from '../support/wide-model';
import { LoraCase } from './lora/lora-case';

/** Peak signal-to-noise ratio in dB that images in float16 have at least, against float32. */
const CLOSE_ENOUGH = 35;

/** Of every family and kind of autoencoder, with weights stored in float32, float16 and bfloat16. */
const RUNS = [
  ['sd1', 'default', 'seamless', 'freeu', 'ddim', 'img2img', 'inpaint-partly', 'hires-lanczos'],
  ['sd-inpaint', 'default'],
  ['sd2', 'default', 'img2img'],
  ['zero-snr', 'default'],
  ['sdxl', 'default', 'img2img', 'inpaint'],
  ['sdxl-inpaint', 'default'],
  ['sd-edit', 'default'],
  ['sdxl-edit', 'default'],
  ['sd-x2-latent', 'default'],
  ['sd-x4-upscale', 'default'],
  ['turbo', 'default'],
  ['lcm', 'default'],
  ['taesd', 'default'],
  ['deep', 'default'],
] as const;

const REQUEST = { prompt: 'a boat', seed: 1, steps: 2, width: 32, height: 32 } as const;

const RIGHT = { half: true, halfSpeed: 2, halfFault: '' };

describe('images computed in float16', () => {
  const sessions = new SessionCache();
  let endRounding: () => void;
  before(async () => {
    endRounding = await roundInSessions();
  });
  after(async () => {
    endRounding();
    await sessions.clear();
  });

  /** On the processor, where users cannot ask for it. */
  const engine = () =>
    new DrawingEngine(oneDevice('cpu', RIGHT), sessions, new ByteStore(), undefined, [
      'full',
      'half',
    ]);

  async function draw(request: GenerationRequestInput, own = engine()) {
    const run = await runEngine(own, request);
    const image = run.images[0]!;
    const { data: pixels } = await readPixels(image.bytes);
    return { ...run, image, pixels };
  }

  for (const [name, ...runNames] of RUNS) {
    for (const runName of runNames) {
      it(`are nearly those of float32: ${name}, ${runName}`, async () => {
        const run = reference(name).run(runName);
        const request = requestOf(run, materialiseRun(name, run));
        const exact = await draw({ ...request, precision: 'full' });
        const half = await draw({ ...request, precision: 'half' });
        assert.equal(half.summary.precision, 'half');
        const likeness = psnr(exact.pixels, half.pixels);
        assert.ok(likeness >= CLOSE_ENOUGH, `${likeness} dB`);
        assert.ok(likeness < 90, 'nothing was computed in float16');
      });
    }
  }

  it('are taken by auto for large models, and their recipe draws them again', async () => {
    const model = makeLarge(materialise('sd1'));
    const request = { ...REQUEST, model };
    const drawn = await draw(request);
    assert.equal(drawn.summary.precision, 'half');
    assert.match(drawn.summary.precisionReason, /float16 is right here/);
    assert.equal(drawn.image.unasked, 'half');
    const recipe = readRecipe(drawn.image.bytes);
    assert.equal(recipe?.request.precision, 'half');
    const again = await draw({ ...recipe.request, model });
    assert.deepEqual(again.image.bytes, drawn.image.bytes);
    assert.equal(again.image.unasked, undefined);
  });

  it('have LoRAs and textual inversions merged in', async () => {
    const [lora] = new LoraCase('kohya').loras();
    const plain = { ...REQUEST, steps: 4, model: materialise('sd1') };
    const embeddings = [{ path: path.join(FIXTURES, 'embeddings', 'bad_hands.pt') }];
    const request = {
      ...plain,
      prompt: 'a bad_hands boat',
      loras: [{ path: lora!.path }],
      embeddings,
    };
    const exact = await draw({ ...request, precision: 'full' });
    const half = await draw({ ...request, precision: 'half' });
    assert.ok(psnr(exact.pixels, half.pixels) >= CLOSE_ENOUGH);
    const without = await draw({ ...plain, precision: 'half' });
    assert.ok(psnr(exact.pixels, without.pixels) < CLOSE_ENOUGH);
  });

  it('follow ControlNets and T2I-Adapters', async () => {
    for (const name of ['sd1-two', 'sdxl', 'adapter-two', 'adapter-sdxl']) {
      const run = CONTROL_RUNS[name]!;
      const request = { ...controlRequest(run), model: materialise(run.model) };
      const exact = await draw({ ...request, precision: 'full' });
      const half = await draw({ ...request, precision: 'half' });
      assert.equal(half.summary.precision, 'half');
      const likeness = psnr(exact.pixels, half.pixels);
      assert.ok(likeness >= CLOSE_ENOUGH && likeness < 90, `${name}: ${likeness} dB`);
    }
  });

  it('attend to images', async () => {
    for (const name of ['sd1-two', 'sdxl-full']) {
      const run = ADAPTER_RUNS[name]!;
      const request = { ...adapterRequest(run), model: materialise(run.model) };
      const exact = await draw({ ...request, precision: 'full' });
      const half = await draw({ ...request, precision: 'half' });
      assert.equal(half.summary.precision, 'half');
      const likeness = psnr(exact.pixels, half.pixels);
      assert.ok(likeness >= CLOSE_ENOUGH && likeness < 90, `${name}: ${likeness} dB`);
    }
  });

  it('are not taken by auto for small models', async () => {
    const { summary, image } = await draw({ ...REQUEST, model: materialise('sd1') });
    assert.equal(summary.precision, 'full');
    assert.match(summary.precisionReason, /small/);
    assert.equal(readRecipe(image.bytes)?.request.precision, undefined);
  });

  it('are drawn again in float32 where values are too large for float16, and that is said', async () => {
    const model = makeLarge(materialise('sd1'));
    scaleTensor(model, 'unet', 'conv_in.weight', 1e5);
    const own = engine();
    const exact = await draw({ ...REQUEST, model, precision: 'full' }, own);
    const asked = await draw({ ...REQUEST, model, precision: 'half' }, own);
    assert.deepEqual(asked.pixels, exact.pixels);
    assert.equal(asked.images.length, 1);
    assert.equal(asked.summary.precision, 'full');
    assert.match(asked.summary.precisionReason, /float16 were not finite/);
    assert.equal(readRecipe(asked.image.bytes)?.request.precision, 'full');
    const warnings = warningsOf(asked);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^In half precision: At step 1 of 3.*in full precision instead/);

    // The next job that leaves it open does not try float16 again.
    const next = await draw({ ...REQUEST, model }, own);
    assert.deepEqual(next.pixels, exact.pixels);
    assert.match(next.summary.precisionReason, /did not work with this model before/);
    assert.deepEqual(warningsOf(next), []);
  });

  it('are an error where float32 is not finite either', async () => {
    const model = materialise('sd1');
    breakTensor(model, 'vae', 'decoder.conv_out.bias');
    const drawing = draw({ ...REQUEST, model, precision: 'half' });
    await assert.rejects(drawing, { code: 'not-finite' });
  });

  for (const forceUpcast of [true, false]) {
    it(`of SDXL are decoded in ${forceUpcast ? 'float32' : 'float16'} where its config says force_upcast: ${forceUpcast}`, async () => {
      const model = materialise('sdxl', { dtype: 'F32' });
      scaleTensor(model, 'vae', 'decoder.conv_in.weight', 1e6);
      const file = path.join(model, 'vae', 'config.json');
      const config = JSON.parse(readFileSync(file, 'utf8')) as object;
      writeFileSync(file, JSON.stringify({ ...config, force_upcast: forceUpcast }));
      const run = await draw({ ...REQUEST, model, precision: 'half' });
      assert.equal(run.summary.precision, forceUpcast ? 'half' : 'full');
      assert.equal(warningsOf(run).length, forceUpcast ? 0 : 1);
    });
  }
});
