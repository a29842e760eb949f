import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { foreignImage } from '../../../src/core/image/file-kind';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { DrawingEngine } from '../../../src/engine/engine';
import { decodeBmp } from '../../../src/engine/images/bmp';
import { iconSet } from '../../../src/engine/images/icon-set';
import { decodeImage } from '../../../src/engine/images/sharp-image';
import { openGivenImage } from '../../../src/engine/pipeline/given-image';
import { openSource } from '../../../src/engine/pipeline/source-image';
import { materialiseControl } from '../../support/controlnets';
import { oneDevice, runEngine } from '../../support/engine-run';
import { materialise, pictureBytes } from '../../support/fixture';
import { FIXTURES } from '../../support/paths';

const FOLDER = path.join(FIXTURES, 'pictures');
const read = (name: string) => new Uint8Array(readFileSync(path.join(FOLDER, name)));
const decode = (file: Uint8Array) => decodeImage(file, '#ffffff', 'initial image');
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A bitmap of 2 × 2 pixels with masks. */
function masked(bits: 16 | 32, masks: readonly number[], pixels: readonly number[]): Uint8Array {
  const tables = masks.length * 4;
  const stride = bits === 16 ? 4 : 8;
  const file = new Uint8Array(54 + tables + 2 * stride);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(10, 54 + tables, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, 2, true);
  view.setInt32(22, -2, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, masks.length === 4 ? 6 : 3, true);
  masks.forEach((mask, index) => view.setUint32(54 + 4 * index, mask, true));
  pixels.forEach((pixel, index) => {
    const at = 54 + tables + Math.floor(index / 2) * stride + (index % 2) * (bits / 8);
    if (bits === 16) view.setUint16(at, pixel, true);
    else view.setUint32(at, pixel, true);
  });
  return file;
}

describe('bitmaps (BMP) as images to start from', () => {
  // SHA-256 of the pixels that Pillow reads from the same files (RGB).
  for (const [name, expected] of [
    ['bitmap-24.bmp', 'c5628481bbeae30752a9e12d66e67624b747bbc6547ef239a88b03d119445cd7'],
    ['bitmap-8.bmp', 'c5628481bbeae30752a9e12d66e67624b747bbc6547ef239a88b03d119445cd7'],
    ['bitmap-grey.bmp', '87a0c5adf7d06e114dd3b311e2cac88f5d6570900a426a5ebc11756ceb2afad3'],
    ['bitmap-1.bmp', 'ea5b4dd0b902696e26babb6c79fd338763306ed93a1d1a855b06a4f7806178b9'],
  ] as const) {
    it(`have Pillow's pixels: ${name}`, async () => {
      const { width, height, data } = await decode(read(name));
      assert.deepEqual([width, height], [21, 13]);
      assert.equal(hash(data), expected);
    });
  }

  it('have opacity only where a mask names it', async () => {
    const { data } = await decode(read('bitmap-32.bmp'));
    const at = (10 * 21 + 10) * 3;
    assert.deepEqual([...data.subarray(at, at + 3)], [217, 192, 160]);
    const pixels = [0x80ff0000, 0xff00ff00, 0x000000ff, 0x40123456];
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    assert.deepEqual(
      [...decodeBmp(masked(32, masks, pixels), 100).data],
      [255, 0, 0, 128, 0, 255, 0, 255, 0, 0, 255, 0, 0x12, 0x34, 0x56, 0x40],
    );
  });

  it('of 16 bits have the channels of their masks', () => {
    const { data } = decodeBmp(masked(16, [0xf800, 0x7e0, 0x1f], [0xf800, 0x7e0, 0x1f, 0]), 100);
    const rgb = [255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0, 0, 0, 255];
    assert.deepEqual([...data], rgb);
  });

  it('that are damaged or too large are refused before they are read', async () => {
    const whole = read('bitmap-24.bmp');
    await assert.rejects(decode(whole.slice(0, 400)), { code: 'bad-file', message: /cut short/ });
    const huge = whole.slice();
    new DataView(huge.buffer).setInt32(18, 2 ** 30, true);
    await assert.rejects(decode(huge), { code: 'bad-file', message: /too large/ });
    const packed = whole.slice();
    new DataView(packed.buffer).setUint32(30, 1, true);
    await assert.rejects(decode(packed), { code: 'bad-file', message: /compressed.*PNG/ });
  });

  it('become icons too', async () => {
    const icons = await iconSet(read('bitmap-24.bmp'));
    assert.equal(icons[0]!.name, 'favicon.ico');
  });
});

describe('images of other colour spaces', () => {
  // SHA-256 of the pixels that diffusers' `load_image` reads from the same files.
  for (const [name, expected] of [
    ['sketch-wide.png', 'c5628481bbeae30752a9e12d66e67624b747bbc6547ef239a88b03d119445cd7'],
    ['sketch-ink.tif', 'f29d9b2ba93f1d33c4132c1e2feac8620467e539406be5d10bfe9f3e0a69d7bf'],
  ] as const) {
    it(`have Pillow's pixels: ${name}`, async () => {
      assert.equal(hash((await decode(read(name))).data), expected);
    });
  }
});

describe('images of enormous size', () => {
  it('are refused before they are decoded', async () => {
    const folder = materialise('sd1');
    const engine = new DrawingEngine(oneDevice('cpu'));
    const controlnets = [materialiseControl('lines')];
    const draw = (more: Partial<GenerationRequestInput>) =>
      runEngine(engine, { prompt: 'a house', model: folder, steps: 1, ...more });
    // Whoever decodes them finds that they are cut short.
    const square = headerOf(16384, 16384);
    const asked = { code: 'not-enough-memory', message: /16384 × 16384/ };
    await assert.rejects(draw({ initImage: square }), asked);
    await assert.rejects(draw({ controlnets, controlImages: [square] }), asked);
    const grounded = { ground: 'sky' as const, steps: 4, controlnets, controlImages: [square] };
    await assert.rejects(draw(grounded), asked);
    const small = pictureBytes('sketch.png');
    const second = { width: 16384, height: 16384, initImage: small, mask: square };
    await assert.rejects(draw(second), asked);
    const long = { code: 'bad-size', message: /8 × 100000 .*at most 16384/ };
    await assert.rejects(draw({ initImage: headerOf(1, 100000) }), long);
    const controlled = { controlnets, controlImages: [headerOf(1, 100000)] };
    await assert.rejects(draw(controlled), long);
    const many = { code: 'bad-file', message: /more than 268 million pixels/ };
    await assert.rejects(draw({ initImage: headerOf(16385, 16384) }), many);
    await assert.rejects(draw({ width: 64, height: 64, initImage: square }), { code: 'bad-file' });
  });

  it('are told by their name where their pixels do not fit into the memory', async () => {
    const file = headerOf(16384, 16384);
    const own = Object.getOwnPropertyDescriptor(process, 'constrainedMemory')!;
    Object.defineProperty(process, 'constrainedMemory', { ...own, value: () => 2 ** 30 });
    try {
      await assert.rejects(openGivenImage(file, '#ffffff', 'control image 2'), {
        code: 'not-enough-memory',
        message: /control image 2 of 16384 × 16384 pixels needs about 1\.6 GB.*Make it smaller/,
      });
    } finally {
      Object.defineProperty(process, 'constrainedMemory', own);
    }
  });
});

/** A PNG of a size that ends after the beginning of its pixels. */
function headerOf(width: number, height: number): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2], 8);
  const chunk = (name: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
    const whole = Buffer.alloc(body.length + 8);
    whole.writeUInt32BE(data.length, 0);
    body.copy(whole, 4);
    whole.writeUInt32BE(crc32(body), body.length + 4);
    return whole;
  };
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const pixels = deflateSync(new Uint8Array(64)).subarray(0, 8);
  return new Uint8Array(Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels)]));
}

describe('files that are no image that is read', () => {
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const targa = new Uint8Array(60);
  targa.set([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 3, 0, 24, 0]);
  const kinds: readonly (readonly [RegExp, Uint8Array])[] = [
    [/HEIC photo.*JPEG or PNG/, bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    [/HEIC photo/, bytes('\0\0\0\x18ftypmif1\0\0\0\0mif1heix')],
    [/HEIC photo/, bytes('\0\0\0\x14ftypmsf1\0\0\0\0hevc')],
    [/video \(MP4\).*frame/, bytes('\0\0\0\x18ftypisom\0\0\0\0isomavc1')],
    [/RAW photo/, bytes('\0\0\0\x18ftypcrx \0\0\0\x01crx isom')],
    [/RAW photo/, bytes('II*\0\x10\0\0\0CR\x02\0\0\0\0\0')],
    [/JPEG XL/, bytes('\xff\x0a\x18\x10')],
    [/JPEG XL/, bytes('\0\0\0\x0cJXL \r\n\x87\n')],
    [/JPEG 2000/, bytes('\0\0\0\x0cjP  \r\n\x87\n')],
    [/PSD/, bytes('8BPS\0\x01')],
    [/icon \(ICO\)/, bytes('\0\0\x01\0\x01\0')],
    [/PPM/, bytes('P6\n2 2\n255\n')],
    [/Targa/, targa],
    [/PDF.*page as PNG/, bytes('%PDF-1.7')],
    [/web page/, bytes('\n<!DOCTYPE html><html><head>')],
    [/Git LFS pointer/, bytes('version https://git-lfs.github.com/spec/v1\n')],
    [/JSON/, bytes('{"prompt": "a cat"}')],
    [/text file/, bytes('A photo of a cat on a mat.\n')],
    [/zip/, bytes('PK\x03\x04')],
    [/video \(WebM/, bytes('\x1a\x45\xdf\xa3')],
    [/empty/, new Uint8Array()],
  ];
  for (const [message, file] of kinds) {
    it(`are named with the next step: ${message.source}`, async () => {
      await assert.rejects(decode(file), (thrown) => {
        assert.ok(thrown instanceof Error);
        assert.match(thrown.message, /^The initial image cannot be read: it is /);
        assert.match(thrown.message, message);
        return true;
      });
    });
  }

  it('do not include the formats that are read', async () => {
    const image = sharp({ create: { width: 9, height: 7, channels: 3, background: '#336699' } });
    for (const format of ['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const) {
      const file = await image.clone().toFormat(format).toBuffer();
      assert.equal(foreignImage(file), undefined, format);
      assert.equal((await decode(file)).width, 9);
    }
    const svg =
      '<?xml version="1.0"?><!-- a --><svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"/>';
    assert.equal((await decode(Buffer.from(svg))).height, 7);
    assert.equal(foreignImage(read('bitmap-24.bmp')), undefined);
  });

  it('are told in one line, however many the image library reports', async () => {
    const file = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#369' } })
      .avif()
      .toBuffer();
    await assert.rejects(decode(file.subarray(0, file.length - 20)), (thrown) => {
      assert.ok(thrown instanceof Error);
      assert.ok(!thrown.message.includes('\n'));
      return true;
    });
  });

  it('empty ones are named in a request', () => {
    const empty = { prompt: 'a cat', initImage: new Uint8Array() };
    assert.throws(() => parseRequest(empty), {
      code: 'bad-request',
      message: /initImage.*empty file/,
    });
  });
});

describe('images of several frames', () => {
  it('give their first frame, and a note', async () => {
    const frame = (background: string) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
    const frames = await Promise.all([frame('#ff0000'), frame('#0000ff')]);
    for (const format of ['gif', 'webp'] as const) {
      const initImage = new Uint8Array(
        await sharp(frames, { join: { animated: true } })
          .toFormat(format, { lossless: true })
          .toBuffer(),
      );
      const source = await openSource(parseRequest({ prompt: 'a cat', initImage }));
      assert.deepEqual([source!.image.width, source!.image.height], [8, 8]);
      const { data } = await source!.image.pixels();
      assert.deepEqual([...data.subarray(0, 3)], [255, 0, 0], format);
      assert.deepEqual(source!.notes, [
        'The initial image has 2 frames or pages. The first is used.',
      ]);
    }
    const still = await openSource(
      parseRequest({ prompt: 'a cat', initImage: new Uint8Array(frames[0]) }),
    );
    assert.deepEqual(still!.notes, []);
  });
});
