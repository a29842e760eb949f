import assert from 'node:assert/strict';
import sharp from 'sharp';
import { EaselError } from '../../../src/core/errors';
import { IMAGE_FORMAT_NAMES, formatOfFileName } from '../../../src/core/image/formats';
import { drawnRecipe, embedRecipe, readRecipe } from '../../../src/core/recipe/index';
import { parseRequest } from '../../../src/core/request/request';
import { convertImage } from '../../../src/engine/images/image-file';
import { iconSet } from '../../../src/engine/images/icon-set';

const recipe = drawnRecipe({
  request: parseRequest({ prompt: 'ein Apfel, 灯台 <&>', negativePrompt: 'blurry' }),
  ...{ settings: { steps: 20, guidanceScale: 7.5, width: 96, height: 64 }, seed: 42 },
  ...{ scheduler: 'PNDMScheduler', model: 'starter', version: '1.2.3' },
});

/** A red disc on white: flat art. */
async function disc(): Promise<Uint8Array> {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="64"><rect width="96" height="64" ' +
    'fill="white"/><circle cx="48" cy="32" r="24" fill="#d02020"/></svg>';
  return embedRecipe(new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer()), recipe);
}

const pixels = (file: Uint8Array) => sharp(file).flatten().removeAlpha().raw().toBuffer();

describe('picture formats', () => {
  for (const format of IMAGE_FORMAT_NAMES) {
    it(`draws the same in ${format}, with its recipe`, async () => {
      const file = await disc();
      const converted = await convertImage({ file, format });
      assert.deepEqual([converted.width, converted.height], [96, 64]);
      const metadata = await sharp(converted.bytes).metadata();
      assert.equal(metadata.format, format === 'avif' ? 'heif' : format);
      assert.deepEqual(readRecipe(converted.bytes), recipe);
      const [before, after] = await Promise.all([pixels(file), pixels(converted.bytes)]);
      assert.equal(after.length, before.length);
      const mean =
        before.reduce((sum, value, i) => sum + Math.abs(value - after[i]!), 0) / before.length;
      assert.ok(mean < 4, `${format} differs by ${mean} on average`);
    });
  }

  it('keeps no recipe where there is none', async () => {
    const plain = await sharp(await disc())
      .png()
      .toBuffer();
    for (const format of IMAGE_FORMAT_NAMES) {
      const { bytes } = await convertImage({ file: plain, format });
      assert.equal(readRecipe(bytes), undefined);
    }
  });

  it('fits a picture to a size', async () => {
    const file = await disc();
    const fitted = await convertImage({ file, format: 'webp', width: 40, height: 40 });
    assert.deepEqual([fitted.width, fitted.height], [40, 40]);
    const narrow = await convertImage({ file, format: 'jpeg', width: 48 });
    assert.deepEqual([narrow.width, narrow.height], [48, 32]);
  });

  it('traces flat art in a few paths, the same each time', async () => {
    const file = await disc();
    const [once, again] = [
      await convertImage({ file, format: 'svg' }),
      await convertImage({ file, format: 'svg' }),
    ];
    assert.deepEqual(once.bytes, again.bytes);
    const paths = Buffer.from(once.bytes).toString('utf8').match(/<path/g) ?? [];
    assert.ok(paths.length > 1 && paths.length < 60, String(paths.length));
  });

  it('refuses what is no picture', async () => {
    const isBadFile = (thrown: unknown) =>
      thrown instanceof EaselError && thrown.code === 'bad-file';
    for (const file of [new Uint8Array(), Buffer.from('not a picture')]) {
      await assert.rejects(convertImage({ file, format: 'webp' }), isBadFile);
      await assert.rejects(iconSet(file), isBadFile);
    }
  });

  it('are told by the endings of file names', () => {
    assert.equal(formatOfFileName('a/b.JPG'), 'jpeg');
    assert.equal(formatOfFileName('a.b/c.webp'), 'webp');
    for (const name of ['a.gif', 'png', 'a.png/b', '.', ''])
      assert.equal(formatOfFileName(name), undefined);
  });
});

describe('icon set', () => {
  it('has every size, square, and an icon file of three', async () => {
    const icons = new Map((await iconSet(await disc())).map(({ name, file }) => [name, file]));
    for (const side of [16, 24, 32, 48, 64, 128, 192, 256, 512]) {
      const { width, height, format } = await sharp(icons.get(`icon-${side}.png`)).metadata();
      assert.deepEqual([width, height, format], [side, side, 'png']);
    }
    const apple = await sharp(icons.get('apple-touch-icon.png')).metadata();
    assert.deepEqual([apple.width, apple.hasAlpha], [180, false]);
    const ico = Buffer.from(icons.get('favicon.ico')!);
    assert.deepEqual([ico.readUInt16LE(0), ico.readUInt16LE(2), ico.readUInt16LE(4)], [0, 1, 3]);
    for (const [i, side] of [16, 32, 48].entries()) {
      const entry = 6 + 16 * i;
      const [length, place] = [ico.readUInt32LE(entry + 8), ico.readUInt32LE(entry + 12)];
      assert.deepEqual([ico[entry], ico[entry + 1]], [side, side]);
      const { width } = await sharp(ico.subarray(place, place + length)).metadata();
      assert.equal(width, side);
    }
  });
});
