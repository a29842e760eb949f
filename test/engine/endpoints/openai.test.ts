import assert from 'node:assert/strict';
import sharp from 'sharp';
import { readRecipe } from '../../../src/core/recipe';
import {
  EndpointServer,
  flatPng,
  flatPngText,
  TestEndpoints,
  type DrawnElsewhere,
  type Routes,
} from '../../support/endpoint-server';

const MODELS: Routes = {
  'GET /v1/models': () => ({ body: { data: [{ id: 'sd-turbo' }, { id: 'flux' }] } }),
};

/** A server that names vLLM-Omni's fields in its description, as FastAPI writes it. */
const WITH_ADDED_FIELDS: Routes = {
  ...MODELS,
  'GET /openapi.json': () => ({
    body: {
      paths: {
        '/v1/images/generations': {
          post: {
            requestBody: {
              content: {
                'application/json': { schema: { $ref: '#/components/schemas/ImageRequest' } },
              },
            },
          },
        },
      },
      components: {
        schemas: {
          ImageRequest: {
            properties: Object.fromEntries(
              [
                'prompt',
                'size',
                'seed',
                'num_inference_steps',
                'guidance_scale',
                'partial_images',
              ].map((name) => [name, {}]),
            ),
          },
        },
      },
    },
  }),
};

function warningsOf({ events }: DrawnElsewhere): string {
  return events.flatMap((event) => (event.event === 'warning' ? event.message : [])).join('\n');
}

/** How every PNG file begins. */
const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

describe('an endpoint of the OpenAI kind', () => {
  let server: EndpointServer;
  const endpoints = new TestEndpoints();
  const start = async (name: string, routes: Routes, path = '') => {
    server = await EndpointServer.start(routes);
    return endpoints.add({ name, url: `${server.url}${path}`, protocol: 'auto', model: 'flux' });
  };
  afterEach(() => server.close());

  it('is recognised, lists its models, and takes what OpenAI documents', async () => {
    assert.equal((await start('plain', MODELS)).protocol, 'openai');
    const { models, abilities } = await endpoints.test('plain');
    assert.deepEqual(models, ['sd-turbo', 'flux']);
    assert.deepEqual(abilities.fields, ['width', 'height', 'numImages', 'initImage', 'mask']);
    await assert.rejects(endpoints.draw('plain', { prompt: 'x', seed: 1, steps: 4 }), {
      code: 'not-supported',
      message: /The endpoint plain does not take --seed, --steps\./,
    });
  });

  it('draws in the sizes of OpenAI’s models, and fits the image to the one asked for', async () => {
    await start('sizes', {
      ...MODELS,
      'POST /v1/images/generations': async (sent) => {
        const [width, height] = String(sent.json().size).split('x').map(Number);
        return { body: { data: [{ b64_json: await flatPngText(width!, height!) }] } };
      },
    });
    const model = 'gpt-image-1.5';
    const wide = await endpoints.draw('sizes', { prompt: 'x', model, width: 1200, height: 630 });
    assert.deepEqual([wide.images[0]!.width, wide.images[0]!.height], [1200, 630]);
    assert.match(warningsOf(wide), /is drawn at 1536 × 1024 and fitted to 1200 × 630\./);
    const fit = { width: 400, height: 500 };
    const tall = await endpoints.draw('sizes', { prompt: 'x', model, fit });
    assert.deepEqual([tall.images[0]!.width, tall.images[0]!.height], [400, 500]);
    assert.equal(warningsOf(tall), '');
    const usual = await endpoints.draw('sizes', { prompt: 'x', width: 1200, height: 630 });
    assert.deepEqual(
      server.to('POST /v1/images/generations').map((sent) => sent.json().size),
      ['1536x1024', '1024x1536', '1200x630'],
    );
    assert.equal(usual.images[0]!.width, 1200);
    // Drawn again from its recipe, it is the same request.
    const recipe = readRecipe(wide.images[0]!.bytes);
    assert.deepEqual(recipe?.request.fit, { width: 1200, height: 630 });
    assert.equal(recipe.request.width, 1536);
  });

  it('draws, with the key, and writes no seed that was not taken', async () => {
    await start('usual', {
      ...MODELS,
      'POST /v1/images/generations': async () => ({
        body: {
          data: [{ b64_json: await flatPngText(64, 64) }],
          usage: { total_tokens: 4160 },
        },
      }),
    });
    const request = { prompt: 'a fox', width: 64, height: 64 };
    const { images, summary } = await endpoints.draw('usual', request, { key: 'sk-secret' });
    const [sent] = server.to('POST /v1/images/generations');
    assert.deepEqual(sent!.json(), { prompt: 'a fox', model: 'flux', size: '64x64' });
    assert.equal(sent!.headers.authorization, 'Bearer sk-secret');
    assert.equal(images[0]!.seed, undefined);
    assert.equal(summary.cost, '4160 tokens');
    const recipe = readRecipe(images[0]!.bytes);
    assert.equal(recipe?.request.seed, undefined);
    assert.equal(recipe?.request.width, 64);
    assert.ok(!Buffer.from(images[0]!.bytes).includes('sk-secret'));
  });

  it('says where fewer images came than were asked for', async () => {
    await start('fewer', {
      ...MODELS,
      'POST /v1/images/generations': async () => ({
        body: { data: [{ b64_json: await flatPngText(40, 40) }] },
      }),
    });
    const drawn = await endpoints.draw('fewer', { prompt: 'x', numImages: 3 });
    assert.equal(drawn.images.length, 1);
    assert.match(warningsOf(drawn), /sent 1 of 3 images\./);
  });

  it('sends no key where there is none, and takes images by their address', async () => {
    await start(
      'addressed',
      {
        ...MODELS,
        'POST /v1/images/generations': () => ({ body: { data: [{ url: '/files/1.png' }] } }),
        'GET /v1/files/1.png': async () => ({ body: await flatPng(40, 40) }),
        'GET /files/1.png': async () => ({ body: await flatPng(40, 40) }),
      },
      '/v1',
    );
    const { images } = await endpoints.draw('addressed', { prompt: 'x' });
    assert.equal(images[0]!.width, 40);
    assert.equal(server.to('POST /v1/images/generations')[0]!.headers.authorization, undefined);
  });

  it('takes the fields that a server describes', async () => {
    await start('more', {
      ...WITH_ADDED_FIELDS,
      'POST /v1/images/generations': async () => ({
        body: {
          data: [{ b64_json: await flatPngText(64, 64) }, { b64_json: await flatPngText(64, 64) }],
        },
      }),
    });
    const { images } = await endpoints.draw('more', {
      prompt: 'x',
      ...{ seed: 5, steps: 4, guidanceScale: 2, numImages: 2 },
    });
    const sent = server.to('POST /v1/images/generations')[0]!.json();
    assert.deepEqual(sent, {
      ...{ prompt: 'x', model: 'flux', n: 2 },
      ...{ seed: 5, num_inference_steps: 4, guidance_scale: 2 },
    });
    assert.deepEqual(
      images.map(({ seed }) => seed),
      [5, 6],
    );
  });

  it('inverts a mask: transparent is where OpenAI draws', async () => {
    await start('edits', {
      ...MODELS,
      'POST /v1/images/edits': async () => ({
        body: { data: [{ b64_json: await flatPngText(64, 64) }] },
      }),
    });
    const half = await sharp(await flatPng(64, 64, '#000000'))
      .composite([{ input: await flatPng(32, 64, '#ffffff'), left: 32, top: 0 }])
      .png()
      .toBuffer();
    const initImage = await flatPng(64, 64);
    await endpoints.draw('edits', { prompt: 'x', initImage, mask: half });
    const { body } = server.to('POST /v1/images/edits')[0]!;
    // The mask is the last of the form's files; what follows it does not disturb the decoder.
    assert.ok(body.indexOf('name="mask"') > body.indexOf('name="image"'));
    const { data, info } = await sharp(body.subarray(body.lastIndexOf(PNG_SIGNATURE)))
      .raw()
      .toBuffer({ resolveWithObject: true });
    assert.equal(info.channels, 4);
    // Black of the mask stays, white is drawn.
    assert.deepEqual([data[3], data[63 * 4 + 3]], [255, 0]);
    assert.ok(body.includes('name="prompt"\r\n\r\nx\r\n'));
  });

  it('shows the images of a stream', async () => {
    const event = async (type: string, colour: string, more: object = {}) => {
      const b64_json = await flatPngText(32, 32, colour);
      return `event: ${type}\ndata: ${JSON.stringify({ type, b64_json, ...more })}\n\n`;
    };
    await start('stream', {
      ...WITH_ADDED_FIELDS,
      'POST /v1/images/generations': async () => ({
        headers: { 'content-type': 'text/event-stream' },
        body: Buffer.from(
          (await event('image_generation.partial_image', '#111111', { partial_image_index: 0 })) +
            (await event('image_generation.completed', '#222222')),
        ),
      }),
    });
    const { events, images } = await endpoints.draw('stream', { prompt: 'x', preview: true });
    assert.equal(server.to('POST /v1/images/generations')[0]!.json().stream, true);
    assert.equal(images.length, 1);
    const steps = events.filter(({ event: name }) => name === 'step');
    assert.equal(steps.length, 1);
    assert.ok(steps[0]?.event === 'step' && steps[0].preview?.width === 32);
  });

  it('never asks twice for what may have been drawn', async () => {
    await start('failing', {
      ...MODELS,
      'POST /v1/images/generations': () => ({ status: 500, body: { error: { message: 'oops' } } }),
    });
    await assert.rejects(endpoints.draw('failing', { prompt: 'x' }), {
      code: 'endpoint-failed',
      message: /reports an error of its own \(500\).*oops/,
    });
    assert.equal(server.to('POST /v1/images/generations').length, 1);
  });
});
