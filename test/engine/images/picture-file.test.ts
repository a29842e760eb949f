import assert from 'node:assert/strict';
import sharp from 'sharp';
import type { ImageFormat } from '../../../src/core/image/formats';
import { readRecipe } from '../../../src/core/recipe/index';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { encodePicture } from '../../../src/engine/images/picture-file';

/** A blue disc on light grey. */
async function disc() {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><rect width="96" height="64" ' +
    'fill="#eee"/><circle cx="48" cy="32" r="24" fill="#2040d0"/></svg>';
  const picture = sharp(Buffer.from(svg)).flatten().removeAlpha().raw();
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8Array(data) };
}

async function encode(input: Partial<GenerationRequestInput>) {
  const request = parseRequest({ prompt: 'a disc', ...input });
  const settings = { steps: 2, guidanceScale: 1, width: 96, height: 64 };
  const drawing = { request, settings, scheduler: 'DDIMScheduler', seed: 7, model: 'starter' };
  return encodePicture(await disc(), drawing);
}

describe('a picture file', () => {
  for (const format of ['png', 'webp', 'avif'] satisfies ImageFormat[]) {
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
