import assert from 'node:assert/strict';
import sharp from 'sharp';
import { readRecipe } from '../../../../src/core/recipe';
import type { GenerationRequestInput } from '../../../../src/core/request/request';
import { DrawingEngine } from '../../../../src/engine/engine';
import { SessionCache } from '../../../../src/engine/runtime/session-cache';
import { oneDevice, runEngine } from '../../../support/engine-run';
import { materialise } from '../../../support/fixture';
import { differences, readPixels } from '../../../support/pictures';
import { materialiseUpscaler } from '../../../support/upscalers';

describe('an image that is drawn and made larger', function () {
  this.timeout(120_000);
  const sessions = new SessionCache();
  const engine = new DrawingEngine(oneDevice('cpu'), sessions);
  let model: string;
  let upscaler: string;
  before(() => {
    model = materialise('sd1');
    upscaler = materialiseUpscaler('compact-x4', { file: 'x4.pth' });
  });
  after(() => sessions.clear());

  const draw = (more: Partial<GenerationRequestInput>) =>
    runEngine(engine, {
      prompt: 'a cat',
      model,
      seed: 7,
      steps: 2,
      width: 64,
      height: 48,
      ...more,
    });
  const fileOf = async (bytes: Uint8Array) => new Uint8Array(await sharp(bytes).png().toBuffer());

  it('is the drawn image, made larger by the upscaler', async () => {
    const { images: plain } = await draw({});
    const { images, events } = await draw({ upscale: { model: upscaler, factor: 3 } });
    const [{ width, height, bytes } = assert.fail()] = images;
    assert.deepEqual([width, height], [192, 144]);
    const emit = () => undefined;
    const { signal } = new AbortController();
    const file = plain[0]!.bytes;
    const made = await engine.handlers.upscale({ file, model: upscaler, factor: 3 }, { signal, emit }); // prettier-ignore
    const { largest } = differences(await readPixels(bytes), await readPixels(made.bytes));
    assert.equal(largest, 0);
    assert.equal(events.filter(({ event }) => event === 'tile').length, 1);
    assert.deepEqual(readRecipe(bytes)?.request.upscale, { model: upscaler, factor: 3 });
  });

  it('without an upscaler is resampled, which is said', async () => {
    const { images, events } = await draw({ upscale: { factor: 2 } });
    assert.equal(images[0]?.width, 128);
    const said = events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
    assert.ok(
      said.some((message) => message.includes('resampled')),
      said.join(),
    );
  });

  it('between two passes starts the second as image to image from the larger image', async () => {
    const { images: first } = await draw({});
    const twofold = materialiseUpscaler('compact-x2');
    const larger = await engine.handlers.upscale(
      { file: await fileOf(first[0]!.bytes), model: twofold },
      { signal: new AbortController().signal, emit: () => undefined },
    );
    const { images: expected } = await draw({
      ...{ initImage: larger.bytes, strength: 0.7, steps: 4, width: 128, height: 96 },
    });
    const hires = { scale: 2, strength: 0.7, steps: 4 };
    const { images, events } = await draw({ hires, hiresUpscaler: twofold });
    const [{ bytes } = assert.fail()] = images;
    const found = await readPixels(bytes);
    const { largest } = differences(found, await readPixels(expected[0]!.bytes));
    assert.ok(largest <= 1, `pixels differ by up to ${largest}`);
    const { images: plain } = await draw({ hires: { ...hires, upscaler: 'lanczos' } });
    assert.ok(differences(found, await readPixels(plain[0]!.bytes)).largest > 10);
    assert.equal(events.filter(({ event }) => event === 'tile').length, 1);
    assert.equal(readRecipe(bytes)?.request.hiresUpscaler, twofold);
  });

  it('is refused where there is nothing to enlarge, before anything is drawn', async () => {
    const asked: readonly [Partial<GenerationRequestInput>, RegExp][] = [
      [{ hiresUpscaler: upscaler }, /give --hires too/],
      [{ upscale: { factor: 2 }, format: 'svg' }, /SVG/],
      [{ upscale: { factor: 9 } }, /at most 8/],
      [
        { upscale: { factor: 8 }, width: 2056, format: 'webp' },
        /16448 × 384 .*webp.*at most 16383/,
      ],
      [{ upscale: { model: 'none' } }, /There is no upscaler none/],
      [{ upscale: { factor: 2 }, model: 'starter' }, /any size larger by itself|--upscale/],
    ];
    for (const [more, message] of asked) await assert.rejects(draw(more), { message });
  });

  it('counts the memory of the larger image', async () => {
    const memoryOf = async (more: Partial<GenerationRequestInput>) => {
      const { events } = await draw(more);
      return events.flatMap((event) => (event.event === 'memory' ? [event.bytes] : []))[0]!;
    };
    assert.ok((await memoryOf({ upscale: { factor: 8 } })) >= (await memoryOf({})));
  });
});
