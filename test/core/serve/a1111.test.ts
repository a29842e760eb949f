import { strict as assert } from 'node:assert';
import { DEFAULT_STYLES } from '../../../src/core/request/styles';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { findSampler } from '../../../src/core/recipe/samplers';
import {
  ImageToImageSchema,
  imageToImageRequest,
  isMaskInverted,
  refinerOf,
  TextToImageSchema,
  textToImageRequest,
} from '../../../src/core/serve/a1111';
import {
  drawnInfo,
  IDLE,
  listSamplers,
  progressAnswer,
} from '../../../src/core/serve/a1111-answers';
import {
  enlargementOf,
  ExtraImageSchema,
  listedUpscalers,
} from '../../../src/core/serve/a1111-extras';
import { unusedFields } from '../../../src/core/serve/a1111-left-out';
import { checkBody } from '../../../src/core/serve/openai';

const DEFAULTS = {
  ...{ model: 'org/model', request: {}, styles: DEFAULT_STYLES },
  lora: (name: string) => `org/${name}`,
  upscalers: [{ id: '/models/4x-Fine.pth', name: '4x-Fine' }],
};
const open: GenerationRequestInput = {
  ...{ prompt: 'a fox', promptSyntax: 'weighted', format: 'png', preview: true, numImages: 1 },
  model: 'org/model',
};
const txt2img = (body: object, more: object = {}) =>
  textToImageRequest(checkBody(TextToImageSchema, { prompt: 'a fox', ...body }), {
    ...DEFAULTS,
    ...more,
  });

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

  it('ask for a second pass of a size, or resampled', () => {
    const pass = { enable_hr: true, width: 64, height: 32 };
    const scaleOf = (more: object) => txt2img({ ...pass, ...more }).hires?.scale;
    assert.equal(scaleOf({ hr_scale: 2, hr_resize_x: 96, hr_resize_y: 48 }), 1.5);
    assert.equal(scaleOf({ hr_scale: 2, hr_resize_x: 0, hr_resize_y: 64 }), 2);
    assert.equal(scaleOf({ hr_scale: 3, hr_resize_x: 0, hr_resize_y: 0 }), 3);
    assert.throws(() => scaleOf({ hr_resize_x: 96, hr_resize_y: 96 }), /shape of the first/);
    assert.throws(() => scaleOf({ hr_resize_x: 32 }), /1 to 8 times as large/);
    assert.throws(() => scaleOf({ width: null, hr_resize_x: 96 }), /needs width and height/);
    assert.equal(txt2img({ ...pass, hr_upscaler: 'None' }).hires?.upscaler, 'lanczos');
  });

  it('refuse a second pass that is otherwise than the first', () => {
    const pass = { enable_hr: true, sampler_name: 'Euler', prompt: 'a fox' };
    const same = {
      hr_sampler_name: 'Use same sampler',
      hr_checkpoint_name: '',
      hr_prompt: 'a fox',
    };
    assert.ok(txt2img({ ...pass, ...same, hr_scheduler: null }).hires);
    for (const [field, value] of [
      ['hr_sampler_name', 'DDIM'],
      ['hr_scheduler', 'Karras'],
      ['hr_checkpoint_name', 'other'],
      ['hr_prompt', 'a cat'],
      ['hr_negative_prompt', 'a dog'],
    ] as const) {
      assert.throws(
        () => txt2img({ ...pass, [field]: value }),
        new RegExp(`^EaselError: ${field}: `),
      );
      assert.equal(txt2img({ [field]: value }).hires, undefined);
    }
  });

  it('name a refiner, and where it takes over', () => {
    const named = (body: object) => refinerOf(checkBody(TextToImageSchema, body));
    assert.equal(named({ refiner_checkpoint: 'xl', refiner_switch_at: 0.7 }), 'xl');
    assert.equal(named({ refiner_checkpoint: 'None', refiner_switch_at: 0.7 }), undefined);
    assert.equal(named({ refiner_checkpoint: 'xl', refiner_switch_at: 1 }), undefined);
    assert.equal(named({ refiner_switch_at: 0.7 }), undefined);
    const body = { refiner_checkpoint: 'xl', refiner_switch_at: 0.7 };
    const { refiner, denoisingEnd } = txt2img(body, { refiner: '/models/xl' });
    assert.deepEqual([refiner, denoisingEnd], ['/models/xl', 0.7]);
    assert.equal(txt2img({ refiner_switch_at: 0.7 }).denoisingEnd, undefined);
  });

  it('are refused with a schedule that no sampler has', () => {
    assert.throws(() => txt2img({ scheduler: 'Karras' }), /scheduler: needs a sampler_name/);
    const ancestral = { sampler_name: 'Euler a', scheduler: 'Karras' };
    assert.throws(() => txt2img(ancestral), /scheduler: Easel has Euler a, but not its schedule/);
    assert.equal(txt2img({ sampler_name: 'Euler a', scheduler: 'Automatic' }).scheduler, 'euler-a');
  });

  it('say which of their fields are not used', () => {
    // What webuiapi sends with every request.
    const usual = {
      ...{ s_churn: 0, s_tmin: 0, s_noise: 1, seed_resize_from_w: 0, seed_resize_from_h: -1 },
      ...{ resize_mode: 0, mask_blur: 4, inpainting_fill: 0, inpaint_full_res: true, mask: null },
      override_settings: { sd_model_checkpoint: 'x', CLIP_stop_at_last_layers: 2, sd_vae: null },
    };
    assert.deepEqual(unusedFields(usual), []);
    assert.deepEqual(unusedFields({ ...usual, mask: 'x' }), [
      ...['mask_blur', 'inpainting_fill', 'inpaint_full_res'],
    ]);
    assert.deepEqual(unusedFields({ mask: 'x', mask_blur: 0, inpainting_fill: 1 }), []);
    const others = { s_noise: 1.1, resize_mode: 2, override_settings: { sd_vae: 'a.pt' } };
    assert.deepEqual(unusedFields(others), ['s_noise', 'resize_mode', 'override_settings.sd_vae']);
  });

  it('ask for a style by its name', () => {
    const { style, prompt } = txt2img({ styles: [DEFAULT_STYLES[0]!.name] });
    assert.equal(style?.name, DEFAULT_STYLES[0]!.name);
    assert.equal(prompt, 'a fox');
  });

  it('draw an image again', () => {
    const body = checkBody(ImageToImageSchema, { init_images: ['x'], inpainting_mask_invert: 1 });
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

describe("AUTOMATIC1111's bodies of extras", () => {
  const plan = (body: object, size = { width: 64, height: 32 }) =>
    enlargementOf(checkBody(ExtraImageSchema, { image: 'x', ...body }), DEFAULTS.upscalers)(size);

  it('name an upscaler and a factor', () => {
    assert.equal(plan({}), undefined);
    assert.equal(plan({ upscaler_1: 'None', upscaling_resize: 4 }), undefined);
    assert.deepEqual(plan({ upscaler_1: 'Lanczos' }), { factor: 2 });
    const named = { upscaler_1: '4x-Fine', upscaling_resize: 4, upscaling_resize_w: 512 };
    assert.deepEqual(plan(named), { model: '/models/4x-Fine.pth', factor: 4 });
    // As clients send what they leave open.
    const open = { upscaler_2: 'None', extras_upscaler_2_visibility: 1, gfpgan_visibility: 0 };
    assert.deepEqual(plan({ ...named, ...open }), { model: '/models/4x-Fine.pth', factor: 4 });
  });

  it('name a size, which the image covers', () => {
    const to = { upscaler_1: 'Lanczos', resize_mode: 1, upscaling_resize: 3 };
    const size = { upscaling_resize_w: 128, upscaling_resize_h: 128 };
    const crop = { width: 128, height: 128 };
    assert.deepEqual(plan({ ...to, ...size }), { factor: 4, crop });
    assert.deepEqual(plan({ ...to, ...size, upscaling_crop: false }), { factor: 4 });
  });

  it('are refused where Easel does something else', () => {
    const by = { upscaler_1: 'Lanczos' };
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ upscaler_1: '/etc/passwd' }, /upscaler_1: there is no upscaler/],
      [{ ...by, upscaling_resize: 9 }, /upscaling_resize: the image can become 1 to 8 times/],
      [{ ...by, upscaling_resize: 0.5 }, /not 0.5/],
      [{ ...by, resize_mode: 1, upscaling_resize_w: 128 }, /upscaling_resize_h: is needed/],
      [{ ...by, resize_mode: 1, upscaling_resize_w: 16, upscaling_resize_h: 8 }, /not 0.25/],
      [{ ...by, resize_mode: 2 }, /resize_mode/],
      [{ ...by, upscaler_2: '4x-Fine', extras_upscaler_2_visibility: 0.5 }, /one upscaler/],
      [{ ...by, codeformer_visibility: 0.5 }, /restores no faces/],
    ];
    for (const [body, message] of wrong) assert.throws(() => plan(body), { message });
  });

  it('list each name once', () => {
    const twice = [...DEFAULTS.upscalers, ...DEFAULTS.upscalers];
    const names = listedUpscalers(twice).map(({ name }) => name);
    assert.deepEqual(names, ['None', 'Lanczos', '4x-Fine']);
  });
});

describe("AUTOMATIC1111's bodies of edits", () => {
  it('say how closely the image is followed, unless as every client does', () => {
    const image = new Uint8Array([1]);
    const scaleOf = (image_cfg_scale?: number | null) => {
      const body = checkBody(ImageToImageSchema, { init_images: ['x'], image_cfg_scale });
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
