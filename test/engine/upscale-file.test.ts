import assert from 'node:assert/strict';
import sharp from 'sharp';
import { EaselError } from '../../src/core/errors';
import { drawnRecipe, embedRecipe, readRecipe } from '../../src/core/recipe';
import type { UpscaleInput } from '../../src/core/upscale';
import { DrawingEngine } from '../../src/engine/engine';
import { SessionCache } from '../../src/engine/runtime/session-cache';
import type { UpscaleEvent } from '../../src/protocol/engine';
import { oneDevice } from '../support/engine-run';
import { pictureBytes } from '../support/fixture';
import { differences, readPixels } from '../support/pictures';
import { pixelsOf } from '../support/starter-engine';
import { materialiseUpscaler, upscalerPictures } from '../support/upscalers';

describe('making an image file larger', function () {
  this.timeout(60_000);
  const sessions = new SessionCache();
  const engine = new DrawingEngine(oneDevice('cpu'), sessions);
  after(() => sessions.clear());

  const upscale = async (
    params: UpscaleInput,
    onEvent: (event: UpscaleEvent, stop: AbortController) => void = () => undefined,
  ) => {
    const events: UpscaleEvent[] = [];
    const stop = new AbortController();
    const emit = (event: UpscaleEvent) => {
      events.push(event);
      onEvent(event, stop);
    };
    const made = await engine.handlers.upscale(params, { signal: stop.signal, emit });
    return { ...made, events };
  };
  const warnings = (events: readonly UpscaleEvent[]) =>
    events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
  const flat = (channels: 3 | 4, background: object) =>
    sharp({ create: { width: 12, height: 8, channels, background } });

  it('by a network gives what spandrel gives, and reports each tile', async () => {
    const { input, made } = upscalerPictures('compact-x4');
    const file = new Uint8Array(await sharp(input).png().toBuffer());
    const model = materialiseUpscaler('compact-x4', { file: 'x4.pth' });
    const result = await upscale({ file, model });
    assert.deepEqual([result.format, result.upscaler, result.factor], ['png', 'x4', 4]);
    assert.deepEqual([result.device, result.precision], ['cpu', 'full']);
    const { largest } = differences(await readPixels(result.bytes), await readPixels(made));
    assert.ok(largest <= 1, `pixels differ by up to ${largest}`);
    assert.deepEqual(
      result.events.map(({ event }) => event),
      ['memory', 'loading', 'tile'],
    );
  });

  it('gives the size that is asked for: by another run where the network makes it smaller', async () => {
    const file = pictureBytes('sketch-24x40.png');
    for (const [network, factor, size, tiles] of [
      ['compact-x2', 3, [72, 120], 2],
      ['compact-x4', 1.5, [36, 60], 1],
      ['compact-x1', 2, [48, 80], 1],
      ['compact-x1', undefined, [24, 40], 1],
    ] as const) {
      const { width, height, events } = await upscale({ file, model: materialiseUpscaler(network), factor }); // prettier-ignore
      assert.deepEqual([width, height], size);
      assert.equal(events.filter(({ event }) => event === 'tile').length, tiles, network);
    }
  });

  it('without a network resamples, and says so', async () => {
    const { width, height, events, upscaler } = await upscale({ file: pictureBytes('sketch.png') });
    assert.deepEqual([width, height, upscaler], [128, 128, undefined]);
    assert.match(warnings(events)[0] ?? '', /resampled/);
  });

  it('keeps what is transparent, and drops opacity that says nothing', async () => {
    const model = materialiseUpscaler('compact-x2');
    const half = await flat(4, { r: 200, g: 100, b: 50, alpha: 0.5 }).png().toBuffer();
    for (const params of [{ model }, {}]) {
      const { bytes } = await upscale({ file: half, ...params });
      const { channels, width } = await pixelsOf(bytes);
      assert.deepEqual([channels, width], [4, 24]);
    }
    const resampled = await pixelsOf((await upscale({ file: half })).bytes);
    assert.deepEqual([...resampled.data.subarray(0, 4)], [200, 100, 50, 128]);
    const opaque = await flat(4, { r: 9, g: 9, b: 9, alpha: 1 }).png().toBuffer();
    assert.equal((await pixelsOf((await upscale({ file: opaque })).bytes)).channels, 3);
  });

  it('enlarges the opacity by the network, as shades of grey', async () => {
    const model = materialiseUpscaler('compact-x4');
    const { input, made } = upscalerPictures('compact-x4');
    const { data, info } = await sharp(input)
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const grey = sharp(data, { raw: { width: info.width, height: info.height, channels: 1 } });
    const [alpha, asImage] = [await grey.clone().png().toBuffer(), await grey.clone().toColourspace('srgb').png().toBuffer()]; // prettier-ignore
    const file = await sharp(input).joinChannel(alpha).png().toBuffer();
    const both = await pixelsOf((await upscale({ file, model })).bytes);
    const expected = await readPixels(made);
    const opacity = await readPixels(
      (await upscale({ file: asImage, model, format: 'png' })).bytes,
    );
    let [colours, alphas] = [0, 0];
    for (let i = 0; i < both.width * both.height; i++) {
      colours = Math.max(colours, Math.abs(both.data[4 * i]! - expected.data[3 * i]!));
      const [r, g, b] = opacity.data.subarray(3 * i, 3 * i + 3) as unknown as [
        number,
        number,
        number,
      ];
      const grey = 0.299 * r + 0.587 * g + 0.114 * b;
      alphas = Math.max(alphas, Math.abs(both.data[4 * i + 3]! - grey));
    }
    assert.ok(colours <= 1 && alphas <= 1, `colours ${colours}, opacity ${alphas}`);
  });

  it('keeps grey images grey, and reads palettes, 16 bits and turned photos', async () => {
    const grey = await flat(3, { r: 90, g: 90, b: 90 }).toColourspace('b-w').png().toBuffer();
    assert.equal((await sharp((await upscale({ file: grey })).bytes).metadata()).channels, 1);
    const palette = await sharp(pictureBytes('sketch.png')).png({ palette: true }).toBuffer();
    const { width } = await upscale({ file: palette });
    assert.equal(width, 128);
    const deep = await flat(3, { r: 90, g: 9, b: 0 }).toColourspace('rgb16').png().toBuffer();
    const { events } = await upscale({ file: deep, factor: 2 });
    assert.match(warnings(events)[0] ?? '', /16 bits/);
    // 56 × 64 as it is stored; upright it is turned.
    const turned = await upscale({ file: pictureBytes('sketch-turned.jpg') });
    const upright = await sharp(pictureBytes('sketch-turned.jpg')).rotate().toBuffer({ resolveWithObject: true }); // prettier-ignore
    assert.deepEqual(
      [turned.width, turned.height, turned.format],
      [2 * upright.info.width, 2 * upright.info.height, 'jpeg'],
    );
  });

  it('takes the shades of a grey image from the luma of what the network makes', async () => {
    const model = materialiseUpscaler('new-x4');
    const { input } = upscalerPictures('new-x4');
    const grey = await sharp(input).toColourspace('b-w').png().toBuffer();
    // sharp writes a grey image with one channel, unless one of its pixels has a colour.
    const { data, info } = await sharp(grey).extractChannel(0).raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
    const coloured = Buffer.from([...data].flatMap((shade) => [shade, shade, shade]));
    coloured[0] = data[0]! ^ 1;
    const asColours = await sharp(coloured, { raw: { ...info, channels: 3 } })
      .png()
      .toBuffer();
    const made = await upscale({ file: grey, model });
    const shades = await sharp(made.bytes).extractChannel(0).raw().toBuffer();
    const { data: colours } = await readPixels((await upscale({ file: asColours, model })).bytes);
    const wrong = shades.filter((shade, i) => {
      const [r = 0, g = 0, b = 0] = colours.subarray(3 * i, 3 * i + 3);
      return Math.abs(shade - (0.299 * r + 0.587 * g + 0.114 * b)) > 1;
    });
    assert.equal(wrong.length, 0);
    assert.ok(new Set(shades).size > 10);
  });

  it('is a PNG file where the format of the image has no such size, unless that is asked for', async () => {
    const long = sharp({ create: { width: 6000, height: 2, channels: 3, background: '#123' } });
    const file = await long.webp().toBuffer();
    const { format, width, events } = await upscale({ file, factor: 3 });
    assert.deepEqual([format, width], ['png', 18_000]);
    assert.match(
      warnings(events).join(),
      /18000 × 6 pixels.*webp file at most 16383.*saved as png/,
    );
    const asked = upscale({ file, factor: 3, format: 'webp' });
    await assert.rejects(asked, { code: 'bad-size', message: /--format png/ });
    const part = await upscale({ file, factor: 3, crop: { width: 100, height: 6 } });
    assert.equal(part.format, 'webp');
  });

  it('refuses animations, and what would have too many pixels', async () => {
    const frames = [0, 255].map((level) => Buffer.alloc(8 * 8 * 3, level));
    const animation = await sharp(Buffer.concat(frames), {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    })
      .gif()
      .toBuffer();
    await assert.rejects(upscale({ file: animation }), {
      code: 'bad-request',
      message: /2 frames/,
    });
    const large = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#000' } }).png().toBuffer(); // prettier-ignore
    await assert.rejects(upscale({ file: large, factor: 2 }), { code: 'bad-size' });
    await assert.rejects(upscale({ file: Buffer.from('no image') }), { code: 'bad-file' });
    await assert.rejects(upscale({ file: large, factor: 0.5 }), { code: 'bad-request' });
  });

  it('ends at once where it is cancelled', async () => {
    const model = materialiseUpscaler('compact-x2');
    const file = await sharp(pictureBytes('sketch.png')).resize(900, 900).png().toBuffer();
    let tiles = 0;
    const cancelled = upscale({ file, model }, ({ event }, stop) => {
      if (event !== 'tile') return;
      tiles += 1;
      stop.abort();
    });
    await assert.rejects(cancelled, (thrown) => thrown instanceof EaselError && thrown.code === 'cancelled'); // prettier-ignore
    assert.equal(tiles, 1);
  });

  it('keeps the recipe, and says what was done', async () => {
    const settings = { steps: 2, guidanceScale: 1, width: 64, height: 64 };
    const drawn = drawnRecipe({ request: { prompt: 'a cat' }, settings, seed: 5, model: 'org/name', version: '1' }); // prettier-ignore
    const file = embedRecipe(pictureBytes('sketch.png'), drawn);
    const { bytes } = await upscale({ file, model: materialiseUpscaler('compact-x2') });
    const kept = readRecipe(bytes);
    assert.deepEqual([kept?.request.prompt, kept?.request.seed], ['a cat', 5]);
    assert.deepEqual(kept?.details, { Upscaled: '2 × by compact-x2' });
    assert.equal(
      readRecipe((await upscale({ file: pictureBytes('sketch.png') })).bytes),
      undefined,
    );
  });
});
