import { strict as assert } from 'node:assert';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import sharp from 'sharp';
import { readRecipe } from '../../src/core/recipe';
import { materialise } from '../support/fixture';
import { fromBase64, startTestServer, type TestServer } from '../support/serving';
import { pixelsOf, type Pixels } from '../support/starter-engine';

const PROMPT = 'a red apple';
/** A model outside of the cache, whose path clients must not learn. */
const FOLDER = materialise('sd1');
const NAME = path.basename(FOLDER);

/** Fields of the server that OpenAI's types do not have. */
const quick = (more: object = {}) => ({ prompt: PROMPT, num_inference_steps: 2, seed: 5, ...more });

/** A picture of one colour, with a transparent square in its middle where one is wanted. */
async function square(side: number, hole: number, colour = '#3060c0'): Promise<Uint8Array> {
  const at = (side - hole) / 2;
  const { data } = await sharp({
    create: { width: side, height: side, channels: 4, background: colour },
  })
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let y = 0; y < hole; y++) {
    for (let x = 0; x < hole; x++) data[((at + y) * side + at + x) * 4 + 3] = 0;
  }
  return new Uint8Array(
    await sharp(data, { raw: { width: side, height: side, channels: 4 } })
      .png()
      .toBuffer(),
  );
}

const png = (bytes: Uint8Array, name = 'image.png') => toFile(bytes, name, { type: 'image/png' });

/** How far two images of a size are apart at a place, from 0 to 255. */
function difference(a: Pixels, b: Pixels, x: number, y: number): number {
  const channels = [0, 1, 2].map((c) =>
    Math.abs(
      a.data[(y * a.width + x) * a.channels + c]! - b.data[(y * b.width + x) * b.channels + c]!,
    ),
  );
  return Math.max(...channels);
}

describe("OpenAI's own client", () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      limits: { maxSize: 512, maxImages: 3 },
      paths: [FOLDER],
    });
  });
  after(() => server.stop());

  it('draws the image that the engine draws', async () => {
    const { data, ...answer } = await server.openai.images.generate(
      quick({ size: '96x64' }) as OpenAI.ImageGenerateParamsNonStreaming,
    );
    const drawn = fromBase64(data?.[0]?.b64_json);
    const direct: Uint8Array[] = [];
    await server.engine.call(
      'generate',
      {
        request: {
          ...{ prompt: PROMPT, steps: 2, seed: 5, format: 'png', device: 'cpu' },
          fit: { width: 96, height: 64 },
        },
      },
      { onEvent: (event) => event.event === 'image' && direct.push(event.bytes) },
    );
    assert.deepEqual(Buffer.from(drawn), Buffer.from(direct[0]!));
    assert.equal(data?.length, 1);
    assert.equal(answer.size, '96x64');
    assert.equal(answer.output_format, 'png');
    assert.equal(answer.background, 'opaque');
  });

  it('draws several, in other formats and without a background', async () => {
    const { data = [] } = await server.openai.images.generate(
      quick({
        ...{ n: 2, size: '64x64', output_format: 'webp', background: 'transparent' },
        ...{ quality: 'high', user: 'me', moderation: 'low', output_compression: 50 },
      }) as OpenAI.ImageGenerateParamsNonStreaming,
    );
    const images = data.map(({ b64_json: text }) => fromBase64(text));
    assert.equal(images.length, 2);
    for (const image of images) {
      const { format, hasAlpha, width } = await sharp(image).metadata();
      assert.deepEqual({ format, hasAlpha, width }, { format: 'webp', hasAlpha: true, width: 64 });
    }
    assert.deepEqual(
      images.map((image) => readRecipe(image)?.request.seed),
      [5, 6],
    );
  });

  it('gets a link where it asks for one, that others cannot guess', async () => {
    const { data } = await server.openai.images.generate(
      quick({ size: '64x64', response_format: 'url', model: 'dall-e-3', style: 'vivid' }) as never,
    );
    const url = data?.[0]?.url ?? '';
    assert.ok(url.startsWith(`${server.address}/v1/images/files/`), url);
    const answer = await fetch(url);
    assert.equal(answer.headers.get('content-type'), 'image/png');
    const { width } = await pixelsOf(new Uint8Array(await answer.arrayBuffer()));
    assert.equal(width, 64);
    const other = await fetch(`${url.slice(0, -3)}abc`);
    assert.equal(other.status, 404);
  });

  it('streams unfinished images, then the image', async () => {
    // The starter makes previews only of images that take a while.
    const asked = { model: NAME, size: '96x96', num_inference_steps: 9 };
    const params = { ...asked, stream: true, partial_images: 2 };
    const stream = await server.openai.images.generate(
      quick(params) as unknown as OpenAI.ImageGenerateParamsStreaming,
    );
    const events: OpenAI.ImageGenStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    const last = events.pop();
    assert.equal(last?.type, 'image_generation.completed');
    assert.equal((await pixelsOf(fromBase64(last.b64_json))).width, 96);
    assert.equal(events.length, 2);
    for (const [index, event] of events.entries()) {
      assert.ok(event.type === 'image_generation.partial_image');
      assert.equal(event.partial_image_index, index);
      // As large as the image will be.
      assert.equal((await pixelsOf(fromBase64(event.b64_json))).width, 96);
    }
    const plain = await server.openai.images.generate(quick(asked) as never);
    assert.equal(last.b64_json, plain.data?.[0]?.b64_json);
  });

  it('gets the error of a stream, whether it has begun or not', async () => {
    const wrong = server.openai.images.generate(
      quick({ stream: true, size: '9999x9999' }) as never,
    );
    await assert.rejects(wrong, OpenAI.BadRequestError);
    // Found out by the engine, after the status was sent.
    const late = (await server.openai.images.generate(
      quick({
        stream: true,
        scheduler: 'x',
        size: '16x16',
        background: 'transparent',
        prompt: 'sky',
      }) as never,
    )) as unknown as AsyncIterable<OpenAI.ImageGenStreamEvent>;
    const read = async () => {
      const types: string[] = [];
      for await (const event of late) types.push(event.type);
      return types;
    };
    const types = await read().catch((thrown: unknown) => {
      assert.ok(thrown instanceof OpenAI.APIError);
      return [thrown.message];
    });
    assert.equal(types.length, 1);
  });

  it('draws a part of an image: what is transparent in the mask', async () => {
    const image = await square(256, 0);
    const { data } = await server.openai.images.edit({
      ...quick({ strength: 1, num_inference_steps: 4 }),
      image: await png(image),
      mask: await png(await square(256, 128), 'mask.png'),
    } as OpenAI.ImageEditParamsNonStreaming);
    const [before, after] = [
      await pixelsOf(image),
      await pixelsOf(fromBase64(data?.[0]?.b64_json)),
    ];
    assert.deepEqual([after.width, after.height], [256, 256]);
    let inside = 0;
    for (let at = 0; at < 64; at++) {
      inside = Math.max(inside, difference(before, after, 96 + at, 96 + at));
      // The edge of the image, far from the hole.
      assert.ok(difference(before, after, 4, at * 4) < 24);
    }
    assert.ok(inside > 60, `inside, the largest difference is ${inside}`);
  });

  it('edits at another size, and streams that too', async () => {
    const stream = await server.openai.images.edit({
      ...quick({ size: '128x64', stream: true }),
      image: [await png(await square(96, 0))],
    } as unknown as OpenAI.ImageEditParamsStreaming);
    const events: OpenAI.ImageEditStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    const [event] = events;
    assert.ok(event?.type === 'image_edit.completed');
    const { width, height } = await pixelsOf(fromBase64(event.b64_json));
    assert.deepEqual([width, height], [128, 64]);
  });

  it('varies an image by the prompt in its file', async () => {
    const first = await server.openai.images.generate(quick() as never);
    const image = fromBase64(first.data?.[0]?.b64_json);
    const { data } = await server.openai.images.createVariation({
      image: await png(image),
      model: 'dall-e-2',
      size: '256x256',
    });
    const recipe = readRecipe(fromBase64(data?.[0]?.b64_json));
    assert.equal(recipe?.request.prompt, PROMPT);
    assert.equal(recipe.request.strength, 0.6);
  });

  it('names a model outside of the cache without its path, also in its images', async () => {
    const ids = (await server.openai.models.list()).data.map(({ id }) => id);
    assert.ok(ids.includes(NAME), ids.join(' '));
    const { data, ...answer } = await server.openai.images.generate(
      quick({ model: NAME, size: '64x64' }) as never,
    );
    assert.equal((answer as unknown as { model: string }).model, NAME);
    const file = Buffer.from(fromBase64(data?.[0]?.b64_json));
    assert.equal(readRecipe(file)?.model, NAME);
    assert.ok(!file.includes(FOLDER), 'the path is in the file');
    await assert.rejects(
      server.openai.images.generate(quick({ model: FOLDER }) as never),
      OpenAI.NotFoundError,
    );
  });

  it('lists models, and describes one', async () => {
    const ids: string[] = [];
    for await (const { id } of server.openai.models.list()) ids.push(id);
    assert.ok(ids.includes('starter'));
    assert.equal((await server.openai.models.retrieve('starter')).owned_by, 'easel');
    await assert.rejects(server.openai.models.retrieve('org/none'), OpenAI.NotFoundError);
    assert.equal((await server.call('/v1/models/org/none')).status, 404);
  });

  const wrong: readonly (readonly [string, object, new (...args: never[]) => Error, RegExp])[] = [
    ['an unknown model', { model: 'org/none' }, OpenAI.NotFoundError, /org\/none/],
    ['a path', { model: '/etc/passwd' }, OpenAI.NotFoundError, /GET \/v1\/models/],
    ['a prototype', { model: '__proto__' }, OpenAI.NotFoundError, /__proto__/],
    ['no prompt', { prompt: undefined }, OpenAI.BadRequestError, /prompt/],
    ['an empty prompt', { prompt: '' }, OpenAI.BadRequestError, /prompt/],
    ['a long prompt', { prompt: 'x'.repeat(9000) }, OpenAI.BadRequestError, /8000/],
    ['too many images', { n: 4 }, OpenAI.BadRequestError, /n: .*at most 3 images.*--max-images/],
    ['half an image', { n: 1.5 }, OpenAI.BadRequestError, /n: must be a whole number/],
    ['a large size', { size: '64x513' }, OpenAI.BadRequestError, /at most 512 pixels/],
    ['no size', { size: '0x64' }, OpenAI.BadRequestError, /size/],
    ['a size in words', { size: 'large' }, OpenAI.BadRequestError, /size: must be auto, or/],
    ['many steps', { num_inference_steps: 151 }, OpenAI.BadRequestError, /150 steps/],
    ['transparent JPEG', { background: 'transparent', output_format: 'jpeg' }, OpenAI.BadRequestError, /jpeg/], // prettier-ignore
    [
      'ControlNets in another field',
      { controlnets: ['org/canny'] },
      OpenAI.BadRequestError,
      /takes no ControlNets/,
    ],
    ['another format', { output_format: 'gif' }, OpenAI.BadRequestError, /output_format/],
  ];
  for (const [what, fields, kind, message] of wrong) {
    it(`refuses ${what}`, async () => {
      const drawing = server.openai.images.generate(quick(fields) as never);
      await assert.rejects(drawing, (thrown: unknown) => {
        assert.ok(thrown instanceof kind, String(thrown));
        assert.match(thrown.message, message);
        assert.ok(thrown instanceof OpenAI.APIError);
        assert.equal(thrown.type, 'invalid_request_error');
        return true;
      });
    });
  }

  it('refuses files that are no images, masks without a hole, and several images', async () => {
    const image = await png(await square(64, 0));
    const edit = (more: object) =>
      server.openai.images.edit({ ...quick(), image, ...more } as never) as Promise<unknown>;
    const text = await toFile(Buffer.from('not an image'), 'a.png', { type: 'image/png' });
    await assert.rejects(edit({ image: text }), /400 The image cannot be read/);
    await assert.rejects(edit({ mask: image }), /400 The mask has no transparent part/);
    await assert.rejects(edit({ mask: await png(await square(64, 8)), image: text }), /400/);
    await assert.rejects(
      edit({ image: [image, image] }),
      /400 image: Easel takes one image, not 2/,
    );
    const wide = await sharp(await square(64, 8))
      .extend({ right: 64 })
      .png()
      .toBuffer();
    await assert.rejects(edit({ mask: await png(wide) }), /400 mask: has 128 × 64 pixels/);
  });
});
