import assert from 'node:assert/strict';
import sharp from 'sharp';
import { readRecipe } from '../../../src/core/recipe';
import { readPixels } from '../../support/pictures';
import {
  EndpointServer,
  flatPng,
  flatPngText,
  TestEndpoints,
  type Received,
  type Routes,
} from '../../support/endpoint-server';
import { until } from '../../support/until';

/** The routes of the web UI as its `modules/api/models.py` documents them. */
function webUi(
  draw: (request: Received) => Promise<string[]>,
  state: { step: number; task?: string } = { step: 0 },
): Routes {
  const answer = async (request: Received) => {
    const { seed, n_iter, force_task_id } = request.json();
    state.task = String(force_task_id);
    const first = seed === -1 ? 1234 : Number(seed);
    const seeds = Array.from({ length: Number(n_iter) }, (_, k) => first + k);
    const info = { all_seeds: seeds, sd_model_name: 'dreamshaper_8' };
    return { body: { images: await draw(request), parameters: {}, info: JSON.stringify(info) } };
  };
  return {
    'GET /sdapi/v1/sd-models': () => ({
      body: [{ title: 'dreamshaper_8.safetensors [879db523c3]', model_name: 'dreamshaper_8' }],
    }),
    'GET /sdapi/v1/progress': () => ({
      body: {
        progress: state.step / 20,
        eta_relative: 1,
        state: { sampling_step: state.step, sampling_steps: 20, job_no: 0, job_count: 1 },
        current_image: null,
        current_task: state.task,
      },
    }),
    'POST /sdapi/v1/interrupt': () => ({ body: {} }),
    'POST /sdapi/v1/txt2img': answer,
    'POST /sdapi/v1/img2img': answer,
  };
}

describe('an endpoint of the AUTOMATIC1111 kind', () => {
  let server: EndpointServer;
  const endpoints = new TestEndpoints();
  const start = async (name: string, routes: Routes) => {
    server = await EndpointServer.start(routes);
    return endpoints.add({ name, url: server.url, protocol: 'auto' });
  };
  afterEach(() => server.close());

  it('is recognised, and asked for its models', async () => {
    const added = await start(
      'known',
      webUi(() => Promise.resolve([])),
    );
    assert.equal(added.protocol, 'a1111');
    const { models, abilities } = await endpoints.test('known');
    assert.deepEqual(models, ['dreamshaper_8']);
    assert.ok(abilities.progress && abilities.cancels && abilities.fields.includes('seed'));
  });

  it('draws with every setting, and keeps in the recipe what was honoured', async () => {
    await start(
      'all',
      webUi(async () => [await flatPngText(64, 48), await flatPngText(64, 48), 'grid'.repeat(9)]),
    );
    const { images, summary } = await endpoints.draw('all', {
      prompt: 'a (red) apple',
      negativePrompt: 'blurry',
      model: 'dreamshaper_8',
      ...{ seed: 7, steps: 12, guidanceScale: 5.5, width: 64, height: 48, numImages: 2 },
      ...{ scheduler: 'dpm++-karras', clipSkip: 1, format: 'png' },
      loras: [{ path: 'pixel', scale: 0.6 }],
    });
    const [sent] = server.to('POST /sdapi/v1/txt2img');
    const { force_task_id: task, ...body } = sent!.json();
    assert.match(String(task), /^[\da-f-]{36}$/);
    assert.deepEqual(body, {
      prompt: 'a \\(red\\) apple <lora:pixel:0.6>',
      negative_prompt: 'blurry',
      ...{ seed: 7, steps: 12, cfg_scale: 5.5, width: 64, height: 48 },
      ...{ sampler_name: 'DPM++ 2M', scheduler: 'Karras', batch_size: 1, n_iter: 2 },
      override_settings: { sd_model_checkpoint: 'dreamshaper_8', CLIP_stop_at_last_layers: 2 },
      override_settings_restore_afterwards: true,
      ...{ send_images: true, save_images: false },
    });
    // The grid that comes after them is none of the images.
    assert.deepEqual(
      images.map(({ image, seed, width, height }) => [image, seed, width, height]),
      [
        [0, 7, 64, 48],
        [1, 8, 64, 48],
      ],
    );
    assert.deepEqual([...(await readPixels(images[0]!.bytes)).data.slice(0, 3)], [192, 48, 48]);
    assert.equal(summary.model, 'dreamshaper_8');
    assert.deepEqual(summary.endpoint, {
      ...{ name: 'all', protocol: 'a1111', host: new URL(server.url).host },
    });
    const recipe = readRecipe(images[1]!.bytes);
    assert.equal(recipe?.request.prompt, 'a (red) apple');
    assert.equal(recipe.request.seed, 8);
    assert.equal(recipe.details.Endpoint, 'a1111');
    assert.equal(recipe.model, 'dreamshaper_8');
    // Nothing that only this machine would have done.
    assert.ok(!('guidanceRescale' in recipe.request) && !('precision' in recipe.request));
  });

  it('draws from an image and a mask, at the size of the image', async () => {
    await start(
      'from',
      webUi(async () => [await flatPngText(128, 64)]),
    );
    const image = await flatPng(130, 66, '#00ff00');
    const mask = await flatPng(130, 66, '#ffffff');
    await endpoints.draw('from', { prompt: 'x', initImage: image, mask, strength: 0.4 });
    const body = server.to('POST /sdapi/v1/img2img')[0]!.json();
    assert.deepEqual([body.width, body.height, body.denoising_strength], [128, 64, 0.4]);
    const [sent] = body.init_images as string[];
    const size = await sharp(Buffer.from(sent!, 'base64')).metadata();
    assert.deepEqual([size.width, size.height], [128, 64]);
    assert.equal(body.inpainting_mask_invert, 0);
    const white = await readPixels(Buffer.from(body.mask as string, 'base64'));
    assert.deepEqual([white.width, white.height, white.data[0]], [128, 64, 255]);
  });

  it('says how closely a model that edits by words follows the image', async () => {
    await start(
      'edit',
      webUi(async () => [await flatPngText(64, 64)]),
    );
    const initImage = await flatPng(64, 64, '#00ff00');
    const edit = { prompt: 'snow', initImage, imageGuidanceScale: 2, format: 'png' } as const;
    const { images } = await endpoints.draw('edit', edit);
    assert.equal(server.to('POST /sdapi/v1/img2img')[0]!.json().image_cfg_scale, 2);
    assert.equal(readRecipe(images[0]!.bytes)?.request.imageGuidanceScale, 2);
  });

  it('tells the steps, and ends the job there after a cancel', async () => {
    const state = { step: 0 };
    const abort = new AbortController();
    await start(
      'slow',
      webUi(
        ({ gone }) => new Promise((resolve) => gone.addEventListener('abort', () => resolve([]))),
        state,
      ),
    );
    const drawing = endpoints.draw('slow', { prompt: 'x' }, { signal: abort.signal });
    state.step = 3;
    await until('progress', () => server.to('GET /sdapi/v1/progress').length > 2);
    abort.abort();
    await assert.rejects(drawing, { code: 'cancelled' });
    assert.equal(server.to('POST /sdapi/v1/interrupt').length, 1);
  });

  it('does not end the job of somebody else', async () => {
    const state: { step: number; task?: string } = { step: 3 };
    const abort = new AbortController();
    await start(
      'shared',
      webUi(({ gone }) => {
        state.task = 'task(other)';
        return new Promise((resolve) => gone.addEventListener('abort', () => resolve([])));
      }, state),
    );
    const drawing = endpoints.draw('shared', { prompt: 'x' }, { signal: abort.signal });
    await until('the request', () => server.to('POST /sdapi/v1/txt2img').length === 1);
    abort.abort();
    await assert.rejects(drawing, { code: 'cancelled' });
    assert.equal(server.to('POST /sdapi/v1/interrupt').length, 0);
  });

  it('says of a server without progress that it tells none and cannot cancel', async () => {
    const routes = webUi(async () => [await flatPngText(32, 32)]);
    const others = Object.fromEntries(
      Object.entries(routes).filter(([route]) => !route.includes('/progress')),
    );
    await start('plain', others);
    const { abilities } = await endpoints.test('plain');
    assert.deepEqual(
      [abilities.progress, abilities.previews, abilities.cancels],
      [false, false, false],
    );
    const { images } = await endpoints.draw('plain', { prompt: 'x' });
    assert.equal(images.length, 1);
  });
});
