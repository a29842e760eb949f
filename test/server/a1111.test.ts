import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { readRecipe } from '../../src/core/recipe';
import { LoraCase } from '../engine/lora/lora-case';
import { materialise } from '../support/fixture';
import { FIXTURES } from '../support/paths';
import {
  fromBase64,
  startTestServer,
  textOf,
  type Answer,
  type TestServer,
} from '../support/serving';
import { pixelsOf } from '../support/starter-engine';
import { until } from '../support/until';

/** A small model, whose weights are random: its steps take milliseconds. */
const FOLDER = materialise('sd1');
const NAME = path.basename(FOLDER);
const BASE = materialise('sdxl');
const REFINER = materialise('sdxl-refiner');
const LORA = new LoraCase('kohya').loras()[0]!.path;
const quick = (more: object = {}) => ({
  ...{ prompt: 'a cat', seed: 5, steps: 2, width: 64, height: 64 },
  override_settings: { sd_model_checkpoint: NAME },
  ...more,
});
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

interface Info {
  readonly all_seeds: readonly number[];
  readonly infotexts: readonly string[];
  readonly sampler_name: string;
  readonly interrupted: boolean;
  readonly [name: string]: unknown;
}
const infoOf = ({ body }: Answer) => JSON.parse(textOf(body.info)) as Info;

describe("AUTOMATIC1111's API", () => {
  let server: TestServer;
  const draw = (body: object) => server.call('/sdapi/v1/txt2img', body);
  before(async () => {
    server = await startTestServer({ paths: [FOLDER, BASE, REFINER, LORA] });
  });
  after(() => server.stop());

  it('draws a batch, with seeds and texts about each image', async () => {
    const answer = await draw(
      quick({
        ...{ negative_prompt: 'a dog', batch_size: 2, n_iter: 2, cfg_scale: 3 },
        ...{ sampler_name: 'DPM++ 2M', scheduler: 'Karras', subseed: -1, subseed_strength: 0 },
        ...{ restore_faces: false, alwayson_scripts: {}, script_args: [], styles: [] },
      }),
    );
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const info = infoOf(answer);
    assert.deepEqual(info.all_seeds, [5, 6, 7, 8]);
    assert.equal(info.sampler_name, 'DPM++ 2M');
    assert.equal(info.sd_model_name, NAME);
    const images = answer.body.images as unknown as readonly string[];
    assert.equal(images.length, 4);
    for (const [k, image] of images.entries()) {
      const recipe = readRecipe(fromBase64(image));
      const { seed, steps, guidanceScale, negativePrompt, scheduler } = recipe!.request;
      assert.deepEqual([seed, steps, guidanceScale, negativePrompt], [5 + k, 2, 3, 'a dog']);
      assert.equal(scheduler, 'dpm++-karras');
      assert.match(info.infotexts[k]!, new RegExp(`Seed: ${5 + k}, Size: 64x64, Model: ${NAME}`));
    }
    assert.equal(answer.body.parameters!.cfg_scale, 3);
  });

  it('draws as the model draws where a request leaves fields open or null', async () => {
    const open = await draw({ prompt: 'a cat', seed: 5, steps: null, styles: null, seed_resize_from_w: -1, steps_: 1 }); // prettier-ignore
    assert.equal(open.status, 200);
    assert.equal(infoOf(open).steps, 8);
    assert.equal(infoOf(open).sd_model_name, 'starter');
  });

  it('reads how an image was made', async () => {
    const drawn = await draw(quick());
    const read = (image: unknown) => server.call('/sdapi/v1/png-info', { image });
    const { body } = await read(drawn.body.images![0]);
    assert.equal(body.info, infoOf(drawn).infotexts[0]);
    assert.equal(body.parameters!.Prompt, 'a cat');
    assert.equal(body.parameters!.Seed, '5');
    const empty = await read(base64(Buffer.from('text')));
    assert.deepEqual(empty.body, { info: '', items: {}, parameters: {} });
    assert.equal((await read(7)).status, 400);
  });

  it('reads LoRA tags, and hides where the file is', async () => {
    const name = path.basename(LORA, '.safetensors');
    const plain = await draw(quick());
    const tagged = await draw(quick({ prompt: `a cat <lora:${name}:0.6>` }));
    assert.equal(tagged.status, 200, JSON.stringify(tagged.body));
    assert.ok(tagged.body.images![0] !== plain.body.images![0]);
    const file = Buffer.from(fromBase64(tagged.body.images![0]));
    assert.ok(!file.includes(path.dirname(LORA)), 'the path is in the file');
    assert.match(infoOf(tagged).infotexts[0]!, new RegExp(`<lora:${name}:0.6>`));
    const parts = await draw(quick({ prompt: `a cat <lora:${name}:0.6:lbw=${Array(17).fill(0.5).join(',')}>` })); // prettier-ignore
    const { warnings } = infoOf(parts) as unknown as { warnings: string[] };
    assert.match(warnings.join(), new RegExp(`${name} changes nothing in`));
    assert.ok(!warnings.join().includes(path.dirname(LORA)), 'the path is in a warning');
    assert.equal((await draw(quick({ prompt: '<lora:/etc/passwd:1>' }))).status, 404);
    const { body } = await server.call('/sdapi/v1/loras');
    assert.deepEqual(body, [{ name, alias: name, path: name, metadata: {} }]);
  });

  it('lets a refiner end the image, hides where it is, and says what is not used', async () => {
    const xl = {
      ...{ steps: 4, s_noise: 2 },
      override_settings: { sd_model_checkpoint: path.basename(BASE), sd_vae: 'none.pt' },
    };
    const alone = await draw(quick(xl));
    const refiner_checkpoint = path.basename(REFINER);
    const answer = await draw(quick({ ...xl, refiner_checkpoint, refiner_switch_at: 0.5 }));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.ok(answer.body.images![0] !== alone.body.images![0]);
    const { infotexts, warnings } = infoOf(answer);
    assert.match(
      infotexts[0]!,
      new RegExp(`Refiner: ${refiner_checkpoint}, Refiner switch at: 0.5`),
    );
    assert.deepEqual(warnings, ['Not used here: s_noise, override_settings.sd_vae.']);
    const file = Buffer.from(fromBase64(answer.body.images![0]));
    assert.ok(!file.includes(path.dirname(REFINER)), 'the path is in the file');
  });

  it('draws an image again, and a part of it by masks of both kinds', async () => {
    const image = base64(
      await sharp({ create: { width: 64, height: 64, channels: 3, background: '#3060c0' } })
        .png()
        .toBuffer(),
    );
    const half = (left: string, right: string) =>
      sharp({ create: { width: 32, height: 64, channels: 3, background: left } })
        .extend({ right: 32, background: right })
        .png()
        .toBuffer();
    const img2img = async (more: object) => {
      const answer = await server.call(
        '/sdapi/v1/img2img',
        quick({ init_images: [`data:image/png;base64,${image}`], denoising_strength: 1, ...more }),
      );
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body.images![0];
    };
    const white = await img2img({ mask: base64(await half('#ffffff', '#000000')) });
    const black = await img2img({
      mask: base64(await half('#000000', '#ffffff')),
      inpainting_mask_invert: 1,
    });
    const whole = await img2img({});
    assert.ok(white === black, 'the masks are not the same');
    assert.ok(white !== whole, 'the mask keeps nothing');
    assert.equal((await pixelsOf(fromBase64(whole))).width, 64);
  });

  it('shows the progress of a job, and interrupts it', async () => {
    const idle = await server.call('/sdapi/v1/progress');
    assert.equal(idle.body.progress, 0);
    assert.equal(idle.body.state!.job_count, 0);
    assert.equal(idle.body.current_image, null);
    const drawing = draw(quick({ steps: 150, batch_size: 10, sampler_name: 'Euler' }));
    let seen: Answer = idle;
    await until('a preview', async () => {
      seen = await server.call('/sdapi/v1/progress?skip_current_image=false');
      return textOf(seen.body.current_image) !== 'null';
    });
    const { progress, eta_relative: eta, state } = seen.body;
    assert.ok(Number(progress) > 0 && Number(progress) < 1);
    assert.ok(Number(eta) > 0);
    assert.equal(state!.job, 'txt2img');
    assert.equal(state!.sampling_steps, 150);
    assert.match(textOf(state!.job_timestamp), /^\d{14}$/);
    assert.ok((await pixelsOf(fromBase64(seen.body.current_image))).width > 0);
    const hidden = await server.call('/sdapi/v1/progress?skip_current_image=true');
    assert.equal(hidden.body.current_image, null);
    await server.call('/sdapi/v1/interrupt', {});
    const answer = await drawing;
    assert.equal(answer.status, 200);
    const { interrupted, all_seeds: seeds } = infoOf(answer);
    assert.equal(interrupted, true);
    assert.equal((answer.body.images as unknown as string[]).length, seeds.length);
    assert.ok(seeds.length < 10);
    const after = await server.call('/sdapi/v1/progress');
    assert.equal(after.body.state!.interrupted, true);
    assert.equal((await draw(quick())).status, 200);
  });

  it('takes options back as it gave them, and another model', async () => {
    const before = await server.call('/sdapi/v1/options');
    const set = (options: object) => server.call('/sdapi/v1/options', options);
    assert.equal((await set(before.body)).status, 200);
    assert.equal((await set({ ...before.body, sd_model_checkpoint: NAME })).status, 200);
    const open = await draw({ prompt: 'a cat', steps: 1 });
    assert.equal(infoOf(open).sd_model_name, NAME);
    assert.equal((await set({ sd_model_checkpoint: 'none' })).status, 404);
    assert.equal((await set({ sd_vae: 'other' })).status, 400);
    assert.equal((await set({ sd_model_checkpoint: 'starter' })).status, 200);
  });

  it('lists models and samplers that a request may name', async () => {
    const models = await server.call('/sdapi/v1/sd-models');
    const titles = (models.body as unknown as { title: string }[]).map(({ title }) => title);
    assert.deepEqual(titles.slice(0, 2), ['starter', NAME]);
    const named = await draw(quick({ override_settings: { sd_model_checkpoint: `${NAME} [0123456789]` } })); // prettier-ignore
    assert.equal(named.status, 200);
    const { body } = await server.call('/sdapi/v1/samplers');
    const samplers = (body as unknown as { name: string }[]).map(({ name }) => name);
    assert.ok(samplers.length > 15);
    assert.equal(new Set(samplers).size, samplers.length);
    for (const sampler of ['Euler a', 'Euler', 'DPM++ 2M', 'DDIM', 'UniPC', 'LCM']) {
      assert.ok(samplers.includes(sampler), sampler);
    }
  });

  const wrong: readonly (readonly [string, object, number, RegExp])[] = [
    ['an unknown sampler', { sampler_name: 'Magic' }, 400, /^sampler_name: Sampler not found/],
    ['an unknown sampler in its old field', { sampler_index: 'Magic' }, 400, /^sampler_index: /],
    ['a schedule that is missing', { sampler_name: 'Euler', scheduler: 'Polyexponential' }, 400, /not its schedule/], // prettier-ignore
    ['an unknown model', { override_settings: { sd_model_checkpoint: 'x' } }, 404, /^override_settings.sd_model_checkpoint: there is no model "x" here. GET .sdapi.v1.sd-models/], // prettier-ignore
    ['a script', { script_name: 'X/Y/Z plot' }, 400, /no script/],
    ['an extension', { alwayson_scripts: { ADetailer: {} } }, 400, /ADetailer not found/],
    ['a text of another image', { infotext: 'a cat\nSteps: 3' }, 400, /infotext: is not read/],
    [
      'an unknown refiner',
      { refiner_checkpoint: 'x' },
      404,
      /^refiner_checkpoint: there is no model "x"/,
    ],
    [
      'a refiner of another family',
      { refiner_checkpoint: NAME },
      400,
      /^refiner_checkpoint: .* leave out refiner_checkpoint/,
    ],
    ['an unknown LoRA', { prompt: '<lora:x:1>' }, 404, /^prompt: there is no LoRA "x"/],
    ['skipped layers that are not there', { override_settings: { sd_model_checkpoint: NAME, CLIP_stop_at_last_layers: 12 } }, 400, /^override_settings.CLIP_stop_at_last_layers: /], // prettier-ignore
    [
      'old fields of ControlNets',
      { controlnet_units: [{ model: 'x' }] },
      400,
      /Send the units in alwayson_scripts/,
    ],
    ['restored faces', { restore_faces: true }, 400, /faces/],
    ['an unknown style', { styles: ['none'] }, 400, /^styles: There is no style/],
    [
      'an unknown upscaler',
      { enable_hr: true, hr_upscaler: 'ESRGAN_4x' },
      400,
      /no upscaler "ESRGAN_4x"/,
    ],
    [
      'a large second pass',
      { enable_hr: true, hr_scale: 4, width: 1024 },
      400,
      /^hr_scale: .*at most 2048/,
    ],
    ['a high image', { height: 4096 }, 400, /^height: .*at most 2048/],
    ['steps in words', { steps: 'many' }, 400, /steps: must be number, not "many"/],
    ['too many images', { batch_size: 4, n_iter: 3 }, 400, /^batch_size: .*at most 10 images/],
    ['too many batches', { batch_size: 1, n_iter: 12 }, 400, /^n_iter: /],
  ];
  for (const [what, fields, status, detail] of wrong) {
    it(`refuses ${what}`, async () => {
      const answer = await draw(quick(fields));
      assert.equal(answer.status, status);
      assert.match(textOf(answer.body.detail), detail);
    });
  }

  it('refuses images that are none, and fetches nothing', async () => {
    const img2img = async (init: unknown) => {
      const answer = await server.call('/sdapi/v1/img2img', quick({ init_images: init }));
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
      return textOf(answer.body.detail);
    };
    assert.match(await img2img([]), /init_images/);
    assert.match(await img2img(['']), /base64/);
    assert.match(await img2img(['http://127.0.0.1/a.png']), /base64/);
    assert.match(await img2img(['data:text/html,<b>']), /base64/);
    assert.match(
      await img2img([base64(Buffer.from('not an image'))]),
      /^init_images: .*cannot be read/,
    );
    const png = base64(readFileSync(path.join(FIXTURES, 'adapted', 'lora.png')));
    assert.match(await img2img([png, png]), /one image/);
  });

  it('answers what clients ask at their start', async () => {
    for (const name of [
      'schedulers',
      'upscalers',
      'latent-upscale-modes',
      'prompt-styles',
      'sd-vae',
      'hypernetworks',
      'face-restorers',
      'embeddings',
      'scripts',
      'cmd-flags',
    ]) {
      assert.equal((await server.call(`/sdapi/v1/${name}`)).status, 200, name);
    }
    assert.equal((await server.call('/sdapi/v1/refresh-checkpoints', {})).status, 200);
  });
});
