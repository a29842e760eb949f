import assert from 'node:assert/strict';
import sharp from 'sharp';
import {
  canBeTransparent,
  IMAGE_FORMAT_NAMES,
  TRANSPARENT_FORMATS,
  type ImageFormat,
} from '../../../src/core/image/formats';
import type { DrawnImage } from '../../../src/core/image/pixels';
import { readRecipe } from '../../../src/core/recipe/index';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { convertImage, encodeDrawnImage } from '../../../src/engine/images/image-file';

/** A blue disc on light grey. */
async function disc() {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><rect width="96" height="64" ' +
    'fill="#eee"/><circle cx="48" cy="32" r="24" fill="#2040d0"/></svg>';
  const picture = sharp(Buffer.from(svg)).flatten().removeAlpha().raw();
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

/** The disc as a model draws it that predicts opacity: with a soft edge. */
async function discWithOpacity(): Promise<DrawnImage> {
  const image = await disc();
  const opacity = new Uint8Array(96 * 64);
  for (const pixel of opacity.keys()) {
    const distance = Math.hypot((pixel % 96) - 47.5, Math.floor(pixel / 96) - 31.5);
    opacity[pixel] = Math.max(0, Math.min(255, (25 - distance) * 100));
  }
  return { ...image, opacity };
}

async function encode(input: Partial<GenerationRequestInput>, image?: DrawnImage) {
  const request = parseRequest({ prompt: 'a disc', ...input });
  const settings = { steps: 2, guidanceScale: 1, width: 96, height: 64 };
  const drawing = { request, settings, scheduler: 'DDIMScheduler', seed: 7, model: 'starter' };
  return encodeDrawnImage(image ?? (await disc()), drawing);
}

function meanDifference(one: Uint8Array, other: Uint8Array): number {
  assert.equal(one.length, other.length);
  return one.reduce((sum, value, at) => sum + Math.abs(value - other[at]!), 0) / one.length;
}

const decode = (file: Uint8Array) => sharp(file).raw().toBuffer({ resolveWithObject: true });

describe('an image file', () => {
  // A file is encoded straight from pixels; a conversion of the lossless PNG file must show the same.
  for (const format of IMAGE_FORMAT_NAMES) {
    for (const fit of [undefined, { width: 50, height: 40 }]) {
      for (const transparent of canBeTransparent(format) ? [false, true] : [false]) {
        const how = `${transparent ? 'transparent' : 'opaque'}, ${fit ? 'resized' : 'as drawn'}`;
        it(`has the pixels and recipe of the PNG file as ${format}, ${how}`, async () => {
          for (const image of [await disc(), await discWithOpacity()]) {
            const png = await encode({ format: 'png', transparent, fit }, image);
            const file = await encode({ format, transparent, fit }, image);
            const converted = await convertImage({ file: png.bytes, format });
            assert.equal(file.format, format);
            assert.deepEqual([file.width, file.height], [fit?.width ?? 96, fit?.height ?? 64]);
            const { data, info } = await decode(file.bytes);
            assert.deepEqual([info.width, info.height], [file.width, file.height]);
            const other = (await decode(converted.bytes)).data;
            if (format !== 'svg' || !fit) assert.ok(data.equals(other));
            // A drawing is traced before it is resized.
            else assert.ok(meanDifference(data, other) < 5, `${meanDifference(data, other)}`);
            const recipe = readRecipe(file.bytes)?.request;
            assert.deepEqual([recipe?.prompt, recipe?.seed], ['a disc', 7]);
            assert.deepEqual([recipe?.transparent, recipe?.fit], [transparent, fit]);
          }
        });
      }
    }
  }

  it('as PNG holds the very pixels that were drawn', async () => {
    const image = await disc();
    const { bytes } = await encode({ format: 'png' }, image);
    assert.deepEqual(new Uint8Array((await decode(bytes)).data), image.data);
  });

  for (const format of TRANSPARENT_FORMATS) {
    it(`is transparent as ${format} where asked for, and tells so`, async () => {
      const { bytes, width, height } = await encode({ format, transparent: true });
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      assert.deepEqual([width, height, info.channels], [96, 64, 4]);
      const alpha = (x: number, y: number) => data[(y * 96 + x) * 4 + 3]!;
      assert.deepEqual([alpha(1, 1), alpha(94, 62), alpha(48, 32)], [0, 0, 255]);
      assert.equal(readRecipe(bytes)?.request.transparent, true);
    });
  }

  it('keeps its soft edges when it is fitted to a size', async () => {
    const fit = { width: 32, height: 32 };
    const { bytes, width, height } = await encode({ transparent: true, fit });
    const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([width, height], [32, 32]);
    assert.equal(data[3], 0);
    // Where anything shows, it is the disc's blue: nothing of the grey behind it has come along.
    for (let pixel = 0; pixel < data.length; pixel += 4) {
      if (data[pixel + 3]! > 60) assert.ok(data[pixel + 2]! - data[pixel]! > 150, String(pixel));
    }
  });

  it('as WebP has no colour of transparent pixels in its soft edges', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><radialGradient id="a">' +
      '<stop stop-color="#f80"/><stop offset="1" stop-color="#fe8"/></radialGradient>' +
      '<circle cx="48" cy="48" r="40" fill="url(#a)"/></svg>';
    const file = await sharp(Buffer.from(svg)).png().toBuffer();
    const { bytes } = await convertImage({ file, format: 'webp', quality: 90 });
    const [before, after] = [(await decode(file)).data, (await decode(bytes)).data];
    let [sum, edge] = [0, 0];
    for (let at = 0; at < before.length; at += 4) {
      const alpha = before[at + 3]!;
      assert.equal(after[at + 3], alpha);
      if (alpha === 0 || alpha === 255) continue;
      edge += 1;
      for (const channel of [0, 1, 2])
        sum += Math.abs(before[at + channel]! - after[at + channel]!);
    }
    assert.ok(edge > 100 && sum / edge / 3 < 4.5, `${sum / edge / 3} at ${edge} pixels`);
  });

  it('as WebP keeps the very pixels of art in few colours', async () => {
    const image = await disc();
    const { bytes } = await encode({ format: 'webp' }, image);
    assert.deepEqual(new Uint8Array((await decode(bytes)).data), image.data);
  });

  it('is opaque else', async () => {
    for (const format of ['png', 'jpeg'] satisfies ImageFormat[]) {
      const { hasAlpha } = await sharp((await encode({ format })).bytes).metadata();
      assert.equal(hasAlpha, false);
    }
  });

  it('says nothing of how it was made where that is to be left out, in every format', async () => {
    for (const format of ['png', 'webp', 'jpeg', 'avif', 'svg'] satisfies ImageFormat[]) {
      const { bytes } = await encode({ format, metadata: false });
      assert.equal(readRecipe(bytes), undefined);
      assert.ok(!Buffer.from(bytes).toString('latin1').includes('a disc'), format);
      const told = await encode({ format });
      assert.equal(readRecipe(told.bytes)?.request.prompt, 'a disc', format);
    }
  });
});
