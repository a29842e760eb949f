import { strict as assert } from 'node:assert';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { preprocessControl } from '../../src/core/image/control/preprocess';
import { readRecipe } from '../../src/core/recipe';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { runCli } from '../support/cli';
import {
  CONTROL_RUNS,
  controlPicture,
  controlRequest,
  materialiseControl,
  type ControlRun,
} from '../support/controlnets';
import { materialise, pictureBytes } from '../support/fixture';
import { ADAPTER_RUNS, adapterFolder, adapterPicture } from '../support/ip-adapters';
import { FIXTURES } from '../support/paths';
import { differences, readPixels } from '../support/pictures';
import {
  fromBase64,
  startTestServer,
  textOf,
  type Answer,
  type TestServer,
} from '../support/serving';
import { tempFolder } from '../support/temp-folder';

const MODEL = materialise('sd1');
const XL = materialise('sdxl');
const NETWORKS = ['lines', 'depth', 'adapter', 'original'].map((name) => materialiseControl(name));
const SKETCH = 'sketch-150x110.png';
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const picture = (name: string) => base64(pictureBytes(name));

/** A unit as people's clients send it, with the image as it is. */
const unit = (more: object = {}) => ({
  ...{ enabled: true, module: 'none', model: 'lines', weight: 0.8, resize_mode: 0 },
  ...{ image: picture(SKETCH), ...more },
});
const scripts = (...args: readonly unknown[]) => ({ controlnet: { args } });
const bodyOf = ({ prompt, negativePrompt, seed, steps, guidanceScale, width, height }: ControlRun) => ({
  ...{ prompt, negative_prompt: negativePrompt, seed, steps, cfg_scale: guidanceScale },
  ...{ width, height, override_settings: { sd_model_checkpoint: path.basename(MODEL) } },
}); // prettier-ignore
const sd1 = bodyOf(CONTROL_RUNS.sd1!);

/** A PNG file in base64 that says that it is large, and has no pixels. */
function emptyPng(side: number): string {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...[chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(64)))],
    chunk('IEND', Buffer.alloc(0)),
  ]).toString('base64');
}

describe('ControlNets of the HTTP server', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ paths: [MODEL, XL, ...NETWORKS, adapterFolder()] });
  });
  after(() => server.stop());

  const send = (body: object) =>
    server.call('init_images' in body ? '/sdapi/v1/img2img' : '/sdapi/v1/txt2img', body);
  async function draw(body: object): Promise<Uint8Array> {
    const answer = await send(body);
    assert.equal(answer.status, 200, JSON.stringify(answer.body).slice(0, 500));
    return fromBase64(answer.body.images![0]);
  }
  const warningsOf = ({ body }: Answer) =>
    (JSON.parse(textOf(body.info)) as { warnings: string[] }).warnings;
  /** What the engine draws for a request of the command line. */
  async function drawDirectly(more: Partial<GenerationRequestInput>) {
    const request = { ...controlRequest(CONTROL_RUNS.sd1!), model: MODEL, format: 'png', ...more };
    let drawn: Uint8Array | undefined;
    await server.engine.call(
      'generate',
      { request: { ...request, device: 'cpu' } as GenerationRequestInput },
      { onEvent: (event) => (drawn = event.event === 'image' ? event.bytes : drawn) },
    );
    return drawn!;
  }
  async function assertSame(one: Uint8Array, other: Uint8Array | string) {
    const { largest } = differences(await readPixels(one), await readPixels(other));
    assert.ok(largest <= 1, `differs by up to ${largest}`);
  }

  for (const name of [
    ...['sd1', 'sd1-two', 'sd1-original', 'sd1-img2img', 'sd1-inpaint', 'adapter'],
    ...['adapter-controlnet'],
  ]) {
    it(`draw ${name} as diffusers does`, async () => {
      const run = CONTROL_RUNS[name]!;
      const units = run.networks.map((network, index) => ({
        ...unit({ model: path.basename(materialiseControl(network)) }),
        ...{ image: picture(run.controlImages[index]!), weight: run.scales[index] },
        ...{ guidance_start: run.starts[index], guidance_end: run.ends[index] },
      }));
      const drawn = await draw({
        ...{ ...bodyOf(run), alwayson_scripts: scripts(...units) },
        ...(run.initImage && { init_images: [picture(run.initImage)] }),
        ...(run.strength && { denoising_strength: run.strength }),
        ...(run.mask && { mask: picture(run.mask) }),
        ...(run.scheduler && { sampler_name: 'Euler' }),
      });
      await assertSame(drawn, controlPicture(name));
    });
  }

  it('draw as the command line does, with a preprocessor', async () => {
    const file = path.join(tempFolder(), 'out.png');
    const { prompt, negativePrompt, seed, steps, guidanceScale } = CONTROL_RUNS.sd1!;
    const cli = await runCli([
      ...['generate', prompt, '--negative-prompt', negativePrompt, '--seed', String(seed)],
      ...['--steps', String(steps), '--guidance-scale', String(guidanceScale)],
      ...['--width', '72', '--height', '40', '--model', MODEL, '--device', 'cpu'],
      ...['--controlnet', NETWORKS[0]!, '--control-preprocess', 'canny'],
      ...['--control-image', path.join(FIXTURES, 'pictures', SKETCH)],
      ...['--controlnet-conditioning-scale', '0.8', '--output', file],
    ]);
    assert.equal(cli.code, 0, cli.stderr);
    const drawn = await draw({
      ...{ ...sd1, width: 72, height: 40 },
      alwayson_scripts: scripts(unit({ module: 'canny', pixel_perfect: true, processor_res: 512 })),
    });
    await assertSame(drawn, file);
  });

  it('take units in all forms that clients send', async () => {
    const expected = base64(await draw({ ...sd1, alwayson_scripts: scripts(unit()) }));
    const image = picture(SKETCH);
    const plain = unit({ image: undefined });
    const forms: readonly object[] = [
      // sd-webui-controlnet's page on its API, and webuiapi.
      { ControlNet: { args: [{ ...plain, enabled: undefined, input_image: image, mask: '' }] } },
      { controlnet: { args: [{ ...plain, image: { image, mask: null } }] } },
      { controlnet: { args: [null, { enabled: false, model: 'x', image: 7 }, unit()] } },
      { controlnet: { args: [unit({ image: [{ image }] })] } },
      { controlnet: { args: unit() } },
      // auto-photoshop-stablediffusion.
      {
        ControlNet: {
          args: [
            {
              ...plain,
              ...{ image: `data:image/png;base64,${image}`, mask: '', module: 'None' },
              ...{ resize_mode: 'Just Resize', control_mode: 'Balanced', lowvram: true },
              ...{ processor_res: 512, threshold_a: 64, threshold_b: 64, guessmode: false },
            },
            { enabled: false, module: 'depth_midas', model: 'None', image: '' },
          ],
        },
      },
      { controlnet: { args: [unit({ model: 'Lines [0123abcd]' })] } },
      { controlnet: { args: [unit({ model: 'lines.safetensors', guidance: 1 })] } },
    ];
    for (const [index, alwayson_scripts] of forms.entries()) {
      const answer = await send({ ...sd1, alwayson_scripts });
      assert.equal(answer.status, 200, `${index}: ${JSON.stringify(answer.body)}`);
      const { largest } = differences(
        await readPixels(fromBase64(answer.body.images![0])),
        await readPixels(fromBase64(expected)),
      );
      assert.equal(largest, 0, `form ${index}`);
      assert.deepEqual(warningsOf(answer), []);
      assert.equal(answer.body.parameters!.alwayson_scripts, undefined);
    }
    const without = await draw({ ...sd1, alwayson_scripts: { ControlNet: { args: [] } } });
    await assertSame(without, await draw(sd1));
    assert.notEqual(base64(without), expected);
  });

  it('fit images of another shape as they are asked to', async () => {
    const wide = pictureBytes(SKETCH);
    const drawn = (resize_mode: unknown) =>
      draw({ ...sd1, alwayson_scripts: scripts(unit({ resize_mode })) });
    const cropped = await sharp(wide).extract({ left: 20, top: 0, width: 110, height: 110 }).toBuffer(); // prettier-ignore
    const scale = { controlnetConditioningScale: [0.8] };
    const asCropped = await drawDirectly({ ...scale, controlImages: [cropped] });
    for (const mode of [1, 'Crop and Resize', 'Scale to Fit (Inner Fit)', undefined]) {
      await assertSame(await drawn(mode), asCropped);
    }
    const filled = await drawn('Resize and Fill');
    await assertSame(filled, await drawn(2));
    for (const other of [asCropped, await drawn(0)]) {
      const { largest } = differences(await readPixels(filled), await readPixels(other));
      assert.ok(largest > 1, 'no other image');
    }
  });

  it('preprocess with the thresholds and at the resolution that are asked for', async () => {
    const { data, info } = await sharp(pictureBytes(SKETCH)).flatten({ background: '#ffffff' }).raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
    const image = { width: info.width, height: info.height, data: new Uint8Array(data) };
    const edges = preprocessControl('canny', image, { width: 64, height: 64 }, { canny: { low: 20, high: 40 } }); // prettier-ignore
    const map = await sharp(edges.data, { raw: { width: 64, height: 64, channels: 3 } }).png().toBuffer(); // prettier-ignore
    const tuned = await draw({
      ...sd1,
      alwayson_scripts: scripts(unit({ module: 'canny', threshold_a: 20, threshold_b: 40 })),
    });
    await assertSame(tuned, await drawDirectly({ controlImages: [map] }));
    const answer = await send({
      ...sd1,
      alwayson_scripts: scripts(unit({ module: 'scribble_hed', processor_res: 128, threshold_a: -1 })),
    }); // prettier-ignore
    assert.match(warningsOf(answer)[0]!, /no network for scribble_hed/);
    const out = await send({
      ...sd1,
      alwayson_scripts: scripts(unit({ module: 'canny', threshold_a: 900, processor_res: 9 })),
    });
    assert.match(warningsOf(out).join(), /threshold_a: 900 is not within.*processor_res: 9 is not/);
  });

  it('follow the image that is drawn again, and its mask', async () => {
    const run = CONTROL_RUNS['sd1-inpaint']!;
    const body = {
      ...{ ...bodyOf(run), init_images: [picture(run.initImage!)], mask: picture(run.mask!) },
      denoising_strength: run.strength,
    };
    const drawn = await draw({
      ...body,
      alwayson_scripts: scripts({ module: 'inpaint_only', model: 'lines', weight: 1 }),
    });
    const expected = await drawDirectly({
      ...controlRequest(run),
      controlImages: [pictureBytes(run.initImage!)],
      controlPreprocess: ['inpaint'],
    });
    await assertSame(drawn, expected);
  });

  it('draw anew what the mask of a unit says', async () => {
    const run = CONTROL_RUNS['sd1-inpaint']!;
    const own = { image: picture(run.initImage!), mask: picture(run.mask!) };
    const inpaint = (more: object) => scripts({ module: 'inpaint_only', model: 'lines', ...more });
    const common = {
      ...{ ...controlRequest(run), controlPreprocess: ['inpaint'] as ['inpaint'] },
      controlImages: [pictureBytes(run.initImage!)],
    };
    const fromNoise = await draw({ ...bodyOf(run), alwayson_scripts: inpaint({ image: own }) });
    await assertSame(fromNoise, await drawDirectly({ ...common, strength: 1 }));
    const again = await send({
      ...{ ...bodyOf(run), init_images: [own.image], denoising_strength: run.strength },
      alwayson_scripts: inpaint({ image: own.image, mask: own.mask }),
    });
    await assertSame(fromBase64(again.body.images![0]), await drawDirectly(common));
    assert.deepEqual(warningsOf(again), []);
    const wide = { ...bodyOf(run), width: 96 };
    const cropped = await draw({ ...wide, alwayson_scripts: inpaint({ image: own }) });
    assert.equal((await sharp(cropped).metadata()).width, 96);
    for (const [more, detail] of [
      [{ resize_mode: 2, image: own }, /resize_mode: .*not filled/],
      [{ module: 'inpaint_global_harmonious', image: own }, /mask: .*inpaint_only alone/],
      [{ image: { ...own, mask: '???' } }, /mask: must be an image file in base64/],
    ] as const) {
      const answer = await send({ ...wide, alwayson_scripts: inpaint(more) });
      assert.equal(answer.status, 400, JSON.stringify(answer.body).slice(0, 200));
      assert.match(textOf(answer.body.detail), detail);
    }
    const unused = await send({ ...sd1, alwayson_scripts: scripts(unit({ mask: own.mask })) });
    assert.match(warningsOf(unused).join(), /Not used here: .*args\[0\]\.mask/);
  });

  it('draw at the size of the model where the body has none', async () => {
    const open = { ...sd1, width: undefined, height: undefined };
    const own = await sharp(await draw({ ...open, steps: 1 })).metadata();
    const held = await sharp(
      await draw({ ...open, steps: 1, alwayson_scripts: scripts(unit({ resize_mode: 1 })) }),
    ).metadata();
    assert.deepEqual([held.width, held.height], [own.width, own.height]);
  });

  for (const name of ['sd1-plain', 'sd1-plus-two-images', 'sd1-two', 'sd1-controlnet']) {
    it(`draw ${name} with IP-Adapters as diffusers does`, async () => {
      const run = ADAPTER_RUNS[name]!;
      const adapters = run.adapters.map((adapter, index) => ({
        ...{ enabled: true, module: index === 0 ? 'ip-adapter-auto' : 'ip-adapter_clip_sd15' },
        ...{ model: adapter, weight: run.scales[index] },
        image: run.images[index]!.map((image) => ({ image: picture(image) })),
      }));
      const nets = run.controlnet
        ? [unit({ model: run.controlnet, image: picture(run.controlImage!), weight: 1 })]
        : [];
      const drawn = await draw({
        ...bodyOf(run as never),
        alwayson_scripts: scripts(...adapters, ...nets),
      });
      await assertSame(drawn, adapterPicture(name));
    });
  }

  it('are listed, by names without paths', async () => {
    const { body } = await server.call('/controlnet/model_list?update=true');
    const names = body.model_list as unknown as string[];
    for (const name of ['lines', 'depth', 'adapter', 'sd1-plain']) {
      assert.ok(names.includes(name), `${name} of ${names.join()}`);
    }
    assert.ok(!JSON.stringify(body).includes(path.dirname(MODEL)), 'a path is in the list');
    const modules = (await server.call('/controlnet/module_list')).body;
    const listed = modules.module_list as unknown as string[];
    assert.deepEqual(listed.slice(0, 3), ['none', 'invert', 'canny']);
    assert.deepEqual(Object.keys(modules.module_detail!), listed);
    const shown = (await server.call('/controlnet/module_list?alias_names=true')).body;
    assert.equal(shown.module_list![1], 'invert (from white bg & black line)');
    const { control_types: types } = (await server.call('/controlnet/control_types')).body;
    assert.deepEqual(types!.All!.model_list, ['None', ...names]);
    assert.equal(types!.Canny!.default_option, 'canny');
    assert.equal((await server.call('/controlnet/version')).body.version, 3);
    assert.equal((await server.call('/controlnet/settings')).body.control_net_unit_count, 8);
    const all = (await server.call('/sdapi/v1/scripts')).body;
    assert.ok((all.txt2img as unknown as string[]).includes('controlnet'));
  });

  it('hide where their files are', async () => {
    const file = await draw({ ...sd1, alwayson_scripts: scripts(unit()) });
    assert.deepEqual(readRecipe(file)?.request.controlnets, ['lines']);
    assert.ok(!Buffer.from(file).includes(path.dirname(NETWORKS[0]!)), 'the path is in the file');
    const xl = { override_settings: { sd_model_checkpoint: path.basename(XL) } };
    const wrong = await send({ ...sd1, ...xl, alwayson_scripts: scripts(unit()) });
    assert.equal(wrong.status, 400);
    assert.match(textOf(wrong.body.detail), /lines/);
    assert.ok(!JSON.stringify(wrong.body).includes(path.dirname(NETWORKS[0]!)));
  });

  const wrong: readonly (readonly [string, object, number, RegExp])[] = [
    ['an unknown model', { model: 'x' }, 404, /args\[0\]\.model: there is no ControlNet .*"x"/],
    ['a path', { model: NETWORKS[0] }, 404, /there is no ControlNet/],
    ['a model that is none', { model: path.basename(MODEL) }, 404, /there is no ControlNet/],
    ['no model', { model: 'None' }, 400, /model: is missing/],
    ['no image', { image: null }, 400, /image: is missing/],
    ['a path as an image', { image: '/etc/passwd' }, 400, /cannot be read/],
    ['an address as an image', { image: 'http://127.0.0.1/a.png' }, 400, /base64/],
    ['two images', { image: [{ image: 'eA==' }, { image: 'eA==' }] }, 400, /one image/],
    ['a network of the extension', { module: 'depth_midas' }, 400, /no preprocessor "depth_midas"/],
    ['another line art', { module: 'lineart_anime' }, 400, /lineart_standard needs no network/],
    ['faces', { module: 'ip-adapter_face_id' }, 400, /no preprocessor "ip-adapter_face_id"/],
    ['inpainting without a mask', { module: 'inpaint_only' }, 400, /needs a mask/],
    ['another mode', { control_mode: 2 }, 400, /control_mode: Easel has Balanced/],
    ['it in words', { control_mode: 'My prompt is more important' }, 400, /Balanced/],
    ['an unknown mode', { control_mode: 'x' }, 400, /must be 0/],
    ['an unknown fit', { resize_mode: 'x' }, 400, /resize_mode: must be 0/],
    ['a start after the end', { guidance_start: 0.5, guidance_end: 0.4 }, 400, /not before/],
    ['a weight', { weight: 11 }, 400, /weight: must be at most 10, not 11/],
    ['weights of layers', { advanced_weighting: [1] }, 400, /advanced_weighting/],
    ['a region', { effective_region_mask: 'eA==' }, 400, /effective_region_mask/],
    ['a ControlNet as an IP-Adapter', { module: 'ip-adapter-auto' }, 400, /no IP-Adapter/],
    ['an IP-Adapter as a ControlNet', { model: 'sd1-plain' }, 400, /"ip-adapter-auto"/],
    ['a large resolution', { module: 'canny', processor_res: 2048 }, 400, /processor_res: .* 2793 × 2048 pixels.*--max-size/], // prettier-ignore
  ];
  for (const [what, more, status, detail] of wrong) {
    it(`refuse ${what}`, async () => {
      const answer = await send({ ...sd1, alwayson_scripts: scripts(unit(more)) });
      assert.equal(answer.status, status, JSON.stringify(answer.body).slice(0, 300));
      assert.match(textOf(answer.body.detail), detail);
    });
  }

  it('refuse bodies of another form, and more units than there can be', async () => {
    for (const [alwayson_scripts, detail] of [
      [{ controlnet: 7 }, /must be an object/],
      [{ controlnet: { args: 'x' } }, /must be a list/],
      [{ controlnet: { args: [7] } }, /args\[0\]: must be a unit/],
      [scripts(...Array.from({ length: 9 }, () => unit())), /at most 8 units/],
    ] as const) {
      const answer = await send({ ...sd1, alwayson_scripts });
      assert.equal(answer.status, 400);
      assert.match(textOf(answer.body.detail), detail);
    }
  });

  it('refuse images that become large once they are decoded, alone and together', async () => {
    for (const [side, count] of [
      [30000, 1],
      [12000, 2],
    ] as const) {
      const image = emptyPng(side);
      const units = Array.from({ length: count }, () => unit({ image }));
      const answer = await send({ ...sd1, alwayson_scripts: scripts(...units) });
      assert.equal(answer.status, 400);
      assert.match(textOf(answer.body.detail), /268 million pixels/);
      const drawn = await server.call('/v1/images/generations', {
        ...{ prompt: 'a', model: path.basename(MODEL), size: '64x64' },
        ...{ controlnet: units.map(() => 'lines'), control_image: units.map(() => image) },
      });
      assert.equal(drawn.status, 400);
      assert.match(textOf(drawn.body.error!.message), /268 million pixels/);
    }
    const alone = await server.call('/controlnet/detect', {
      ...{ controlnet_module: 'invert', controlnet_input_images: [emptyPng(12000)] },
    });
    assert.equal(alone.status, 400);
    assert.match(textOf(alone.body.detail), /12000 × 12000 pixels/);
  });

  it('refuse an image to draw again that is over the limit, where the body has no size', async () => {
    const image = await sharp({ create: { width: 2056, height: 8, channels: 3, background: '#fff' } }).png().toBuffer(); // prettier-ignore
    const open = { ...sd1, width: undefined, height: undefined };
    const answer = await send({ ...open, init_images: [base64(image)] });
    assert.equal(answer.status, 400);
    assert.match(textOf(answer.body.detail), /at most 2048 pixels a side, not 2056/);
  });

  describe("of OpenAI's API", () => {
    const run = CONTROL_RUNS.sd1!;
    const named = { controlnet: 'lines', control_image: picture(SKETCH) };
    const bodyFor = ({ prompt, negativePrompt, seed, steps, guidanceScale }: ControlRun) => ({
      ...{ prompt, negative_prompt: negativePrompt, seed, num_inference_steps: steps },
      ...{ guidance_scale: guidanceScale, model: path.basename(MODEL), size: '64x64' },
    });
    const generate = (more: object) =>
      server.call('/v1/images/generations', { ...bodyFor(run), ...named, ...more });
    const imageOf = ({ status, body }: Answer) => {
      assert.equal(status, 200, JSON.stringify(body).slice(0, 300));
      return fromBase64(body.data![0]!.b64_json);
    };

    it('hold an image as diffusers does', async () => {
      const drawn = imageOf(await generate({ controlnet_conditioning_scale: 0.8 }));
      await assertSame(drawn, controlPicture('sd1'));
      assert.ok(!Buffer.from(drawn).includes(path.dirname(NETWORKS[0]!)), 'a path is in the file');
      const two = await generate({
        ...{ controlnet: ['lines', 'depth'], control_guidance_end: 0.5 },
        ...{ control_image: [picture('sketch.png'), picture('mask-96x96.png')] },
        ...{ controlnet_conditioning_scale: [0.6, 0.4], control_preprocess: ['canny', 'none'] },
      });
      const expected = await drawDirectly({
        ...{ controlnets: NETWORKS.slice(0, 2), controlPreprocess: ['canny', 'none'] },
        ...{ controlImages: [pictureBytes('sketch.png'), pictureBytes('mask-96x96.png')] },
        ...{ controlnetConditioningScale: [0.6, 0.4], controlGuidanceEnd: [0.5, 0.5] },
        controlGuidanceStart: [0, 0],
      });
      await assertSame(imageOf(two), expected);
    });

    it('hold an edit, with files in a form', async () => {
      const edit = CONTROL_RUNS['sd1-img2img']!;
      const form = new FormData();
      for (const [name, value] of Object.entries(bodyFor(edit))) form.set(name, String(value));
      form.set('controlnet', 'lines');
      form.set('controlnet_conditioning_scale', String(edit.scales[0]));
      form.set('control_guidance_start', String(edit.starts[0]));
      form.set('strength', String(edit.strength));
      form.set('image', new Blob([Buffer.from(pictureBytes(edit.initImage!))]), 'image.png');
      form.set('control_image', new Blob([Buffer.from(pictureBytes(SKETCH))]), 'control.png');
      const send = async () => {
        const sent = await fetch(`${server.address}/v1/images/edits`, {
          method: 'POST',
          body: form,
        });
        const body = (await sent.json()) as Answer['body'];
        return { status: sent.status, body };
      };
      const { body } = await send();
      const wide = await sharp(pictureBytes(SKETCH)).extract({ left: 20, top: 0, width: 110, height: 110 }).toBuffer(); // prettier-ignore
      // The size has another shape than the control image, which is cropped as the image would be.
      const expected = await drawDirectly({ ...controlRequest(edit), controlImages: [wide] });
      const drawn = fromBase64(body.data![0]!.b64_json);
      const { largest, mean } = differences(await readPixels(drawn), await readPixels(expected));
      // Resized by another library.
      assert.ok(mean < 3, `differs by up to ${largest}, ${mean} in the mean`);
      form.delete('size');
      const own = await send();
      assert.equal(own.status, 200, JSON.stringify(own.body).slice(0, 300));
    });

    it('are refused where something is missing, or too much', async () => {
      for (const [more, status, message] of [
        [{ control_image: null }, 400, /control_image: is needed once .*1 times, not 0/],
        [{ controlnet: null }, 400, /control_image: belongs to a ControlNet/],
        [{ controlnet: 'none' }, 404, /controlnet: there is no ControlNet .*"none"/],
        [{ controlnet: NETWORKS[0] }, 404, /there is no ControlNet/],
        [{ controlnet: 'sd1-plain' }, 400, /is an IP-Adapter/],
        [{ control_image: '/etc/passwd' }, 400, /cannot be read/],
        [{ controlnet_conditioning_scale: [1, 1] }, 400, /has 2 values for 1 ControlNets/],
        [{ controlnet_conditioning_scale: 11 }, 400, /controlnet_conditioning_scale/],
        [{ control_guidance_start: 0.5, control_guidance_end: 0.5 }, 400, /is not before/],
        [{ control_preprocess: 'depth' }, 400, /control_preprocess/],
        [{ control_preprocess: 'inpaint' }, 400, /needs a mask/],
        [{ controlnet: Array.from({ length: 9 }, () => 'lines') }, 400, /at most 8 names/],
        [{ controlnet: null, control_image: null, control_guidance_end: 1 }, 400, /belongs to/],
      ] as const) {
        const answer = await generate(more);
        assert.equal(answer.status, status, JSON.stringify(answer.body));
        assert.match(textOf(answer.body.error!.message), message);
      }
    });

    it('leave the size to the model', async () => {
      const drawn = imageOf(await generate({ size: 'auto', num_inference_steps: 1 }));
      const alone = imageOf(
        await generate({ ...{ controlnet: null, control_image: null }, size: 'auto', num_inference_steps: 1 }),
      ); // prettier-ignore
      const sizeOf = async (file: Uint8Array) => (await sharp(file).metadata()).width;
      assert.equal(await sizeOf(drawn), await sizeOf(alone));
    });
  });

  describe('preprocessors by themselves', () => {
    const detect = (more: object) =>
      server.call('/controlnet/detect', {
        ...{ controlnet_module: 'canny', controlnet_input_images: [picture(SKETCH)], ...more },
      });

    it('make the maps that a ControlNet follows', async () => {
      const { status, body } = await detect({
        ...{ controlnet_processor_res: 110, controlnet_threshold_a: 64, controlnet_threshold_b: 64 },
      }); // prettier-ignore
      assert.equal(status, 200, JSON.stringify(body));
      assert.equal(body.info, 'Success');
      const map = await readPixels(fromBase64(body.images![0]));
      const { data, info } = await sharp(pictureBytes(SKETCH)).flatten({ background: '#ffffff' }).raw().toBuffer({ resolveWithObject: true }); // prettier-ignore
      const image = { width: info.width, height: info.height, data: new Uint8Array(data) };
      const edges = preprocessControl('canny', image, image, { canny: { low: 64, high: 64 } });
      assert.deepEqual(map.data, Buffer.from(edges.data));
    });

    it('work at 512 pixels where nothing is said, and invert as it is', async () => {
      const usual = await readPixels(fromBase64((await detect({})).body.images![0]));
      assert.deepEqual([usual.width, usual.height], [698, 512]);
      const two = await detect({
        ...{ controlnet_module: 'invert (from white bg & black line)' },
        controlnet_input_images: [picture(SKETCH), picture('sketch.png')],
      });
      const inverted = await readPixels(fromBase64(two.body.images![0]));
      const own = await readPixels(pictureBytes(SKETCH));
      assert.deepEqual(inverted.data, own.data.map((value) => 255 - value)); // prettier-ignore
      assert.equal((two.body.images as unknown as string[]).length, 2);
    });

    it('refuse what is not here', async () => {
      const tall = await sharp({ create: { width: 10, height: 2000, channels: 3, background: '#fff' } }).png().toBuffer(); // prettier-ignore
      for (const [more, detail] of [
        [{ controlnet_module: 'openpose' }, /no preprocessor "openpose"/],
        [{ controlnet_module: 'ip-adapter_clip_sd15' }, /no image/],
        [{ controlnet_input_images: [] }, /must not be empty/],
        [{ controlnet_input_images: ['/etc/passwd'] }, /cannot be read/],
        [{ controlnet_input_images: [base64(tall)] }, /512 × 102400 pixels.*--max-size/],
        [{ controlnet_input_images: Array.from({ length: 11 }, () => picture(SKETCH)) }, /at most 10 images/], // prettier-ignore
      ] as const) {
        const answer = await detect(more);
        assert.equal(answer.status, 400, JSON.stringify(answer.body).slice(0, 200));
        assert.match(textOf(answer.body.detail), detail);
      }
    });
  });
});
