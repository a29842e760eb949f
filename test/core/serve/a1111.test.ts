import { strict as assert } from 'node:assert';
import { DEFAULT_STYLES } from '../../../src/core/request/styles';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { findSampler } from '../../../src/core/recipe/samplers';
import {
  ImageToImageSchema,
  imageToImageRequest,
  isMaskInverted,
  TextToImageSchema,
  textToImageRequest,
} from '../../../src/core/serve/a1111';
import {
  drawnInfo,
  IDLE,
  listSamplers,
  progressAnswer,
} from '../../../src/core/serve/a1111-answers';
import { parseBody } from '../../../src/core/serve/openai';

const DEFAULTS = {
  ...{ model: 'org/model', request: {}, styles: DEFAULT_STYLES },
  lora: (name: string) => `org/${name}`,
};
const open: GenerationRequestInput = {
  ...{ prompt: 'a fox', promptSyntax: 'weighted', format: 'png', preview: true, numImages: 1 },
  model: 'org/model',
};
const txt2img = (body: object) =>
  textToImageRequest(parseBody(TextToImageSchema, { prompt: 'a fox', ...body }), DEFAULTS);

describe("AUTOMATIC1111's bodies", () => {
  it('become requests', () => {
    const request = txt2img({
      ...{ prompt: 'a fox <lora:ink:0.6>', negative_prompt: 'a dog', seed: 5, subseed: 6 },
      tiling: true,
      ...{ subseed_strength: 0.2, sampler_name: 'DPM++ 2M', scheduler: 'karras', steps: 9 },
      ...{ batch_size: 2, n_iter: 3, cfg_scale: 4, width: 512, height: 768, eta: 0.1 },
      override_settings: { CLIP_stop_at_last_layers: 2, samples_format: 'webp' },
    });
    assert.deepEqual(request, {
      ...open,
      ...{ negativePrompt: 'a dog', seed: 5, variationSeed: 6, variationStrength: 0.2 },
      ...{ scheduler: 'dpm++-karras', steps: 9, numImages: 6, guidanceScale: 4 },
      ...{ width: 512, height: 768, clipSkip: 1, seamless: 'xy' },
      loras: [{ path: 'org/ink', scale: 0.6 }],
    });
    parseRequest(request);
  });

  it('leave open what they leave out, and take negative seeds for random ones', () => {
    assert.deepEqual(txt2img({}), open);
    const nothing = { seed: -1, subseed: -1, sampler_name: '', sampler_index: 'Automatic' };
    assert.deepEqual(txt2img({ ...nothing, styles: [], alwayson_scripts: {}, eta: null }), open);
  });

  it('say how random a sampler is, where it can be', () => {
    assert.equal(txt2img({ sampler_name: 'DDIM', eta: 0.5 }).eta, 0.5);
    assert.equal(txt2img({ sampler_name: 'Euler a', eta: 1 }).eta, undefined);
    assert.equal(txt2img({ eta: 1 }).eta, undefined);
  });

  it('ask for a second pass, whose strength is denoising_strength', () => {
    const { hires } = txt2img({ enable_hr: true, hr_scale: 1.5, denoising_strength: 0.5 });
    assert.deepEqual(hires, { upscaler: 'latent', scale: 1.5, strength: 0.5 });
    const steps = { enable_hr: true, hr_upscaler: 'Lanczos', hr_second_pass_steps: 4 };
    assert.deepEqual(txt2img(steps).hires, { upscaler: 'lanczos', steps: 4 });
    assert.deepEqual(txt2img({ enable_hr: true, hr_second_pass_steps: 0 }).hires, {
      upscaler: 'latent',
    });
  });

  it('ask for a style by its name', () => {
    const { style, prompt } = txt2img({ styles: [DEFAULT_STYLES[0]!.name] });
    assert.equal(style?.name, DEFAULT_STYLES[0]!.name);
    assert.equal(prompt, 'a fox');
  });

  it('draw an image again', () => {
    const body = parseBody(ImageToImageSchema, { init_images: ['x'], inpainting_mask_invert: 1 });
    assert.ok(isMaskInverted(body));
    const image = new Uint8Array([1]);
    const request = imageToImageRequest(body, { image, mask: image }, DEFAULTS);
    assert.deepEqual(request, {
      ...open,
      prompt: '',
      initImage: image,
      mask: image,
      strength: 0.75,
    });
  });
});

describe("AUTOMATIC1111's bodies of edits", () => {
  it('say how closely the image is followed, unless as every client does', () => {
    const image = new Uint8Array([1]);
    const scaleOf = (image_cfg_scale?: number | null) => {
      const body = parseBody(ImageToImageSchema, { init_images: ['x'], image_cfg_scale });
      return imageToImageRequest(body, { image }, DEFAULTS).imageGuidanceScale;
    };
    assert.equal(scaleOf(2), 2);
    assert.equal(scaleOf(1.5), undefined);
    assert.equal(scaleOf(null), undefined);
    assert.equal(scaleOf(), undefined);
  });
});

describe("AUTOMATIC1111's answers", () => {
  it('list samplers that a body can name', () => {
    const samplers = listSamplers();
    assert.equal(new Set(samplers.map(({ name }) => name)).size, samplers.length);
    for (const { name } of samplers) assert.ok(findSampler(name).scheduler, name);
  });

  it('say when nothing is drawn', () => {
    const { progress, state, current_image: image } = progressAnswer(IDLE, null);
    assert.deepEqual([progress, image, state.job_timestamp], [0, null, '0']);
  });

  it('have a timestamp of seconds, and the values that were used', () => {
    const info = drawnInfo({
      request: open,
      settings: { steps: 8, guidanceScale: 2, scheduler: 'EulerAncestralDiscreteScheduler' },
      modelName: 'org/model',
      images: [{ seed: 3, width: 64, height: 32, infotext: 'text' }],
      warnings: ['cut off'],
      interrupted: false,
      nowMs: Date.UTC(2026, 0, 2, 3, 4, 5),
    });
    assert.equal(info.job_timestamp, '20260102030405');
    assert.deepEqual([info.sampler_name, info.steps, info.width, info.seed], ['Euler a', 8, 64, 3]);
    assert.deepEqual(info.warnings, ['cut off']);
  });
});
