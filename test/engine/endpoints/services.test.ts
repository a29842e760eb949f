import assert from 'node:assert/strict';
import { EndpointServer, flatPng, TestEndpoints, type Routes } from '../../support/endpoint-server';
import { until } from '../../support/until';

describe('services', () => {
  const endpoints = new TestEndpoints();
  let server: EndpointServer;
  afterEach(() => server.close());

  /** Replicate's answers as replicate.com/docs/reference/http shows them. */
  function replicate(states: readonly object[], official = true): Routes {
    let asked = 0;
    const prediction = () => ({
      id: 'p1',
      urls: { get: `${server.url}/v1/predictions/p1` },
      ...states[Math.min(asked++, states.length - 1)],
    });
    const model = {
      is_official: official,
      latest_version: {
        id: 'v9',
        openapi_schema: {
          components: {
            schemas: {
              Input: {
                properties: {
                  prompt: { type: 'string' },
                  seed: { type: 'integer' },
                  num_outputs: { type: 'integer', maximum: 4 },
                  image: { type: 'string', format: 'uri' },
                  prompt_strength: { type: 'number' },
                  scheduler: { allOf: [{ $ref: '#/components/schemas/scheduler' }] },
                },
              },
              scheduler: { enum: ['DDIM', 'K_EULER'] },
            },
          },
        },
      },
    };
    return {
      'GET /v1/models/stability-ai/sdxl': () => ({ body: model }),
      'POST /v1/models/stability-ai/sdxl/predictions': () => ({ status: 201, body: prediction() }),
      'POST /v1/predictions': () => ({ status: 201, body: prediction() }),
      'GET /v1/predictions/p1': () => ({ body: prediction() }),
      'POST /v1/predictions/p1/cancel': () => ({ body: prediction() }),
      'GET /out/0.png': async () => ({ body: await flatPng(48, 48) }),
    };
  }

  describe('an endpoint of the Replicate kind', () => {
    const add = async (name: string, routes: Routes) => {
      server = await EndpointServer.start(routes);
      const model = 'stability-ai/sdxl';
      return endpoints.add({ name, url: server.url, protocol: 'replicate', model });
    };

    it('gives a model what it takes by its own names, and says what it does not', async () => {
      await add(
        'inputs',
        replicate([
          { status: 'starting' },
          { status: 'processing' },
          { status: 'succeeded', output: ['/out/0.png'], metrics: { predict_time: 2.5 } },
        ]),
      );
      const initImage = await flatPng(64, 64);
      const { images, summary } = await endpoints.draw(
        'inputs',
        { prompt: 'a fox', seed: 3, initImage, strength: 0.5, scheduler: 'DDIM' },
        { key: 'r8_secret' },
      );
      const [sent] = server.to('POST /v1/models/stability-ai/sdxl/predictions');
      const { input } = sent!.json() as { input: Record<string, unknown> };
      const { image, ...others } = input;
      assert.match(String(image), /^data:image\/png;base64,/);
      assert.deepEqual(others, {
        ...{ prompt: 'a fox', seed: 3, prompt_strength: 0.5, scheduler: 'DDIM' },
      });
      assert.match(String(sent!.headers.authorization), /r8_secret/);
      assert.equal(server.to('GET /v1/models/stability-ai/sdxl').length, 1);
      assert.equal(images[0]!.seed, 3);
      assert.equal(summary.seconds.computed, 2.5);
      assert.match(summary.cost ?? '', /of computing/);
      await assert.rejects(endpoints.draw('inputs', { prompt: 'x', steps: 5 }), {
        code: 'not-supported',
        message: /--steps/,
      });
      await assert.rejects(endpoints.draw('inputs', { prompt: 'x', scheduler: 'euler' }), {
        code: 'not-supported',
        message: /takes for scheduler only DDIM, K_EULER/,
      });
    });

    it('draws in the ratios of a model that takes no sizes', async () => {
      const properties = { prompt: {}, aspect_ratio: { enum: ['1:1', '16:9', '9:16', 'custom'] } };
      const schema = { components: { schemas: { Input: { properties } } } };
      await add('ratios', {
        ...replicate([{ status: 'succeeded', output: '/out/0.png' }]),
        'GET /v1/models/stability-ai/sdxl': () => ({
          body: { is_official: true, latest_version: { id: 'v9', openapi_schema: schema } },
        }),
      });
      const { images } = await endpoints.draw('ratios', { prompt: 'x', width: 640, height: 320 });
      const [sent] = server.to('POST /v1/models/stability-ai/sdxl/predictions');
      assert.deepEqual(sent!.json().input, { prompt: 'x', aspect_ratio: '16:9' });
      assert.deepEqual([images[0]!.width, images[0]!.height], [640, 320]);
    });

    it('runs a version of a model of the community', async () => {
      const done = { status: 'succeeded', output: '/out/0.png' };
      await add('version', replicate([done], false));
      await endpoints.draw('version', { prompt: 'x' });
      assert.equal(server.to('POST /v1/predictions')[0]!.json().version, 'v9');
    });

    it('cancels there, and says why something was not drawn', async () => {
      await add('cancelled', replicate([{ status: 'processing' }]));
      const abort = new AbortController();
      const drawing = endpoints.draw('cancelled', { prompt: 'x' }, { signal: abort.signal });
      await until('a question', () => server.to('GET /v1/predictions/p1').length > 0);
      abort.abort();
      await assert.rejects(drawing, { code: 'cancelled' });
      assert.equal(server.to('POST /v1/predictions/p1/cancel').length, 1);
      server.close();
      await add('refused', replicate([{ status: 'failed', error: 'NSFW content detected' }]));
      await assert.rejects(endpoints.draw('refused', { prompt: 'x' }), { code: 'content-refused' });
    });
  });

  describe('an endpoint of Hugging Face', () => {
    it('draws at a server of the user there', async () => {
      server = await EndpointServer.start({
        'POST /*': async () => ({
          headers: { 'content-type': 'image/png' },
          body: await flatPng(32, 32),
        }),
      });
      await endpoints.add({ name: 'hf', url: server.url, protocol: 'huggingface' });
      const request = { prompt: 'a fox', negativePrompt: 'blurry', seed: 9, steps: 4 };
      const { images } = await endpoints.draw(
        'hf',
        { ...request, width: 32, height: 32, guidanceScale: 2 },
        { key: 'hf_secret' },
      );
      const [sent] = server.requests;
      assert.equal(sent!.headers.authorization, 'Bearer hf_secret');
      assert.deepEqual(sent!.json(), {
        inputs: 'a fox',
        parameters: {
          ...{ negative_prompt: 'blurry', seed: 9, num_inference_steps: 4 },
          ...{ guidance_scale: 2, width: 32, height: 32 },
        },
      });
      assert.equal(images[0]!.seed, 9);
    });

    it('says what its answers mean', async () => {
      server = await EndpointServer.start({
        'POST /*': () => ({
          status: 402,
          body: { error: 'You have exceeded your monthly credits' },
        }),
      });
      await endpoints.add({ name: 'hf-paid', url: server.url, protocol: 'huggingface' });
      await assert.rejects(endpoints.draw('hf-paid', { prompt: 'x' }), {
        code: 'payment-required',
        message: /exceeded your monthly credits/,
      });
      assert.equal(server.requests.length, 1);
    });
  });

  describe('an endpoint with a template', () => {
    const draw = async (routes: Routes, template: object, name: string) => {
      server = await EndpointServer.start(routes);
      await endpoints.add({
        ...{ name, url: server.url, protocol: 'template' as const },
        template: template as never,
      });
      return endpoints.draw(name, { prompt: 'a cat & "dog"', seed: 7 });
    };

    it('fills an address, and takes an image as the whole answer', async () => {
      const { images } = await draw(
        { 'GET /imagine': async () => ({ body: await flatPng(24, 16) }) },
        { method: 'GET', path: '/imagine?prompt={{prompt}}&seed={{seed}}' },
        'ray',
      );
      const [sent] = server.requests;
      assert.equal(sent!.query.get('prompt'), 'a cat & "dog"');
      assert.equal(sent!.query.get('seed'), '7');
      assert.deepEqual([images[0]!.width, images[0]!.height, images[0]!.seed], [24, 16, 7]);
    });

    it('fills JSON, leaves out what is not asked for, and finds images in the answer', async () => {
      const jpegLike = (await flatPng(24, 16)).toString('base64');
      const { images } = await draw(
        { 'POST /infer': () => ({ body: { outputs: [{ data: [jpegLike, jpegLike] }] } }) },
        {
          path: '/infer',
          headers: { 'x-seed': '{{seed}}' },
          body: {
            text: 'say: {{prompt}}',
            parameters: { seed: '{{seed}}', steps: '{{steps}}' },
          },
          image: 'outputs[0].data[*]',
        },
        'triton',
      );
      const [sent] = server.requests;
      assert.deepEqual(sent!.json(), { text: 'say: a cat & "dog"', parameters: { seed: 7 } });
      assert.equal(sent!.headers['x-seed'], '7');
      assert.deepEqual(
        images.map(({ seed }) => seed),
        [7, 8],
      );
    });

    it('takes only what it has places for', async () => {
      server = await EndpointServer.start({});
      const template = { path: '/{{prompt}}' } as never;
      await endpoints.add({ name: 'few', url: server.url, protocol: 'template', template });
      await assert.rejects(endpoints.draw('few', { prompt: 'x', steps: 3 }), {
        code: 'not-supported',
      });
      const wrong = { path: '/{{promt}}' } as never;
      await assert.rejects(
        endpoints.add({ name: 'typo', url: server.url, protocol: 'template', template: wrong }),
        { code: 'bad-request', message: /\{\{promt\}\} is not a value of a request/ },
      );
    });
  });
});
