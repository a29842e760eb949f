import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { readRecipe } from '../../src/core/recipe';
import { materialise } from '../support/fixture';
import { differences, readPixels } from '../support/pictures';
import {
  fromBase64,
  startTestServer,
  textOf,
  type Answer,
  type TestServer,
} from '../support/serving';
import { materialiseUpscaler, upscalerPictures } from '../support/upscalers';

const FILE = materialiseUpscaler('compact-x4');
const NAME = path.parse(FILE).name;
const FOLDER = materialise('sd1');
const PICTURES = upscalerPictures('compact-x4');
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const SMALL = base64(readFileSync(PICTURES.input));

describe("AUTOMATIC1111's API for larger images", () => {
  let server: TestServer;
  const single = (body: object) =>
    server.call('/sdapi/v1/extra-single-image', { image: SMALL, upscaler_1: 'Lanczos', ...body });
  const sizeOf = async (answer: Answer) => {
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const { width, height, format } = await sharp(fromBase64(answer.body.image)).metadata();
    assert.equal(format, 'png');
    return [width, height];
  };
  before(async () => {
    server = await startTestServer({ paths: [FILE, FOLDER], limits: { maxImages: 2 } });
  });
  after(() => server.stop());

  it('lists the upscalers of this machine, without their paths', async () => {
    const { body } = await server.call('/sdapi/v1/upscalers');
    const names = (body as unknown as readonly { readonly name: string }[]).map(({ name }) => name);
    assert.deepEqual(names, ['None', 'Lanczos', NAME]);
    assert.ok(!JSON.stringify(body).includes(path.dirname(FILE)));
  });

  it('makes an image larger as the network does', async () => {
    const answer = await single({ upscaler_1: NAME, upscaling_resize: 4 });
    assert.deepEqual(await sizeOf(answer), [64, 48]);
    const made = await readPixels(fromBase64(answer.body.image));
    const { largest } = differences(made, await readPixels(readFileSync(PICTURES.made)));
    assert.ok(largest <= 1, `${largest} of 255`);
  });

  it('makes it as large as is said, and cuts off what is over', async () => {
    assert.deepEqual(await sizeOf(await single({})), [32, 24]);
    const to = { resize_mode: 1, upscaling_resize_w: 40, upscaling_resize_h: 40 };
    assert.deepEqual(await sizeOf(await single(to)), [40, 40]);
    assert.deepEqual(await sizeOf(await single({ ...to, upscaling_crop: false })), [53, 40]);
    // What is cut off is the same at both sides.
    const whole = fromBase64((await single({ ...to, upscaling_crop: false })).body.image);
    const middle = { left: 6, top: 0, width: 40, height: 40 };
    const part = await sharp(whole).extract(middle).png().toBuffer();
    const cut = await readPixels(fromBase64((await single(to)).body.image));
    assert.equal(differences(cut, await readPixels(part)).largest, 0);
  });

  it('leaves an image as it is without an upscaler', async () => {
    const answer = await single({ upscaler_1: 'None' });
    assert.equal(answer.body.image, SMALL);
  });

  it('makes several images larger, in their order', async () => {
    const other = base64(
      await sharp({ create: { width: 8, height: 8, channels: 3, background: '#804020' } })
        .png()
        .toBuffer(),
    );
    const images = [SMALL, other].map((data) => ({ data, name: 'any.png' }));
    const batch = (imageList: readonly object[]) =>
      server.call('/sdapi/v1/extra-batch-images', { upscaler_1: 'Lanczos', imageList });
    const { body } = await batch(images);
    assert.equal(body.html_info, '');
    const sizes = [0, 1].map((k) => sharp(fromBase64(body.images![k])).metadata());
    const widths = (await Promise.all(sizes)).map(({ width }) => width);
    assert.deepEqual(widths, [32, 16]);
    const many = await batch([...images, ...images]);
    assert.equal(many.status, 400);
    assert.match(textOf(many.body.detail), /at most 2 images/);
    assert.equal((await batch([])).status, 400);
  });

  it('refuses what is too large or no image', async () => {
    const wide = base64(
      await sharp({ create: { width: 800, height: 8, channels: 3, background: '#fff' } })
        .png()
        .toBuffer(),
    );
    const large = await single({ image: wide, upscaling_resize: 4 });
    assert.equal(large.status, 400);
    assert.match(textOf(large.body.detail), /at most 2048 pixels a side, not 3200/);
    const text = await single({ image: base64(Buffer.from('text')) });
    assert.equal(text.status, 400);
    assert.match(textOf(text.body.detail), /cannot be read/);
    assert.equal((await single({ image: 'http://127.0.0.1/a.png' })).status, 400);
    const unknown = await single({ upscaler_1: FILE });
    assert.equal(unknown.status, 400);
    assert.match(textOf(unknown.body.detail), /no upscaler/);
  });

  it('draws a second pass by an upscaler, and hides where its file is', async () => {
    const answer = await server.call('/sdapi/v1/txt2img', {
      ...{ prompt: 'a cat', seed: 5, steps: 2, width: 64, height: 64, denoising_strength: 0.5 },
      ...{ enable_hr: true, hr_scale: 2, hr_upscaler: NAME },
      override_settings: { sd_model_checkpoint: path.basename(FOLDER) },
    });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const file = Buffer.from(fromBase64(answer.body.images![0]));
    assert.ok(!file.includes(path.dirname(FILE)), 'the path is in the file');
    assert.equal(readRecipe(file)!.request.hiresUpscaler, NAME);
  });
});
