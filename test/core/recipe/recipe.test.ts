import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { constants, deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { EaselError } from '../../../src/core/errors';
import {
  drawnRecipe,
  embedRecipe,
  readRecipe,
  writeParameters,
  type RecipeRequest,
} from '../../../src/core/recipe';
import { RECIPE_FIELDS, requestField } from '../../../src/core/request/fields';
import { fromLatin1, fromUtf16 } from '../../../src/core/recipe/files/byte-reader';
import { readExif, writeExif } from '../../../src/core/recipe/files/exif';
import { inflateZlib } from '../../../src/core/recipe/files/zlib';
import { readJpegBlocks } from '../../../src/core/recipe/files/jpeg';
import { readPngTexts } from '../../../src/core/recipe/files/png';
import { KEYWORDS } from '../../../src/core/recipe/metadata';
import { parseInfotext, writeInfotext } from '../../../src/core/recipe/infotext';
import { readAutomatic1111 } from '../../../src/core/recipe/readers/automatic1111';
import { otherOptions, writeOption } from '../../../src/core/recipe/other-options';
import { findSampler, samplerLabel } from '../../../src/core/recipe/samplers';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { SCHEDULER_ALIASES, SCHEDULER_NAMES } from '../../../src/core/diffusion/schedulers/index';
import { FIXTURES } from '../../support/paths';

const FOLDER = path.join(FIXTURES, 'recipes');
const fixture = (name: string) => new Uint8Array(readFileSync(path.join(FOLDER, name)));

const settings = { steps: 20, guidanceScale: 7.5, width: 64, height: 48 };
const drawn = (request: GenerationRequestInput) =>
  drawnRecipe({
    ...{ request: parseRequest(request), settings, scheduler: 'PNDMScheduler' },
    ...{ seed: 42, model: 'starter', version: '1.2.3' },
  });

async function picture(format: 'png' | 'jpeg' | 'webp', lossless = false, alpha = false) {
  const channels = alpha ? 4 : 3;
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const background = alpha ? '#ff000080' : '#336699';
  const image = alpha
    ? sharp({ create: { width: 33, height: 17, channels, background } })
    : sharp({ create: { width: 33, height: 17, channels: 3, noise, background } });
  const options = format === 'webp' ? { lossless } : {};
  return new Uint8Array(await image.toFormat(format, options).toBuffer());
}

describe("Easel's recipe", () => {
  const request: GenerationRequestInput = {
    prompt: 'ein (roter) Apfel, 灯台 🍎\nauf "Papier" <&>',
    negativePrompt: 'blurry, Steps: 3',
    ...{ promptSyntax: 'weighted', scheduler: 'dpm++-karras', guidanceRescale: 0.5, vae: 'tiny' },
    loras: [{ path: 'ink.safetensors', scale: 0.8 }],
  };

  for (const [format, lossless, alpha] of [
    ['png', false, false],
    ['jpeg', false, false],
    ['webp', false, false],
    ['webp', true, false],
    ['webp', true, true],
  ] as const) {
    it(`comes back whole from ${format}${lossless ? ', lossless' : ''}${alpha ? ', with alpha' : ''}`, async () => {
      const file = await picture(format, lossless, alpha);
      const recipe = drawn(request);
      const kept = embedRecipe(file, recipe);
      assert.deepEqual(readRecipe(kept), recipe);
      assert.deepEqual(recipe.notes, []);
      assert.deepEqual(parseRequest(recipe.request), {
        ...parseRequest(request),
        ...{ steps: 20, guidanceScale: 7.5, width: 64, height: 48, seed: 42, model: 'starter' },
      });
      // The pixels, and what says how to read them, are the same bytes.
      const [before, after] = await Promise.all(
        [file, kept].map((bytes) => sharp(bytes).raw().toBuffer({ resolveWithObject: true })),
      );
      assert.deepEqual(after!.data, before!.data);
      assert.deepEqual(after!.info, before!.info);
      // Written again, it is replaced, not added to.
      assert.deepEqual(embedRecipe(kept, recipe), kept);
    });
  }

  it('is the same to the letter when it is drawn again', () => {
    const first = drawn({ prompt: 'a cat', transparent: true, promptSyntax: 'weighted' });
    const again = drawn(first.request);
    assert.equal(JSON.stringify(again), JSON.stringify(first));
  });

  it("leaves a PNG's other chunks byte for byte where they were", async () => {
    const file = await picture('png');
    const kept = embedRecipe(file, drawn(request));
    const header = 33;
    assert.deepEqual(kept.subarray(0, header), file.subarray(0, header));
    assert.deepEqual(kept.subarray(kept.length - (file.length - header)), file.subarray(header));
  });

  it('says to AUTOMATIC1111 what it needs to draw the same', async () => {
    const file = embedRecipe(await picture('png'), drawn({ ...request, promptSyntax: 'plain' }));
    assert.equal(
      readPngTexts(file).get('parameters'),
      'ein \\(roter\\) Apfel, 灯台 🍎\nauf "Papier" <&> <lora:ink:0.8>\n' +
        'Negative prompt: blurry, Steps: 3\n' +
        'Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 42, Size: 64x48, ' +
        'Model: starter, VAE Decoder: TAESD, RNG: CPU, Version: Easel 1.2.3',
    );
  });

  it('names a model that is a path by its last part in what others read', async () => {
    for (const model of ['/home/someone/models/ink/', 'C:\\models\\ink', './ink']) {
      const recipe = { ...drawn({ prompt: 'a cat' }), model };
      const texts = readPngTexts(embedRecipe(await picture('png'), recipe));
      assert.match(texts.get('parameters') ?? '', / Model: ink, /);
    }
  });

  it('says the second pass and the LoRAs as AUTOMATIC1111 does, and is read back from that', async () => {
    const hires = { scale: 1.5, strength: 0.55, steps: 12, upscaler: 'lanczos' } as const;
    const loras = [
      { path: '/home/me/loras/Ink Style.safetensors' },
      { path: 'someone/lcm-lora', scale: 0.5 },
    ];
    const recipe = drawn({ prompt: 'a (red) cat', hires, loras, scheduler: 'euler' });
    const text = writeParameters(recipe);
    assert.equal(
      text,
      'a \\(red\\) cat <lora:Ink Style:1> <lora:lcm-lora:0.5>\n' +
        'Steps: 20, Sampler: Euler, CFG scale: 7.5, Seed: 42, Size: 64x48, Model: starter, ' +
        'Denoising strength: 0.55, RNG: CPU, Hires upscale: 1.5, Hires steps: 12, ' +
        'Hires upscaler: Lanczos, Version: Easel 1.2.3',
    );
    const read = readRecipe(withText(await picture('png'), 'parameters', text));
    assert.equal(read?.tool, 'AUTOMATIC1111');
    assert.deepEqual(read.request.hires, hires);
    assert.equal('strength' in read.request, false);
    assert.equal(read.request.prompt, 'a \\(red\\) cat');
    assert.deepEqual([read.request.width, read.request.height, read.request.seed], [64, 48, 42]);
    const notes = read.notes.map(({ message }) => message);
    assert.deepEqual(notes, [
      'It was drawn with the model starter; choose yours.',
      'It used the LoRA Ink Style at 1; add its file.',
      'It used the LoRA lcm-lora at 0.5; add its file.',
    ]);
    // With the defaults of a second pass.
    const plain = writeParameters(drawn({ prompt: 'a cat', hires: {} }));
    assert.match(
      plain,
      /Denoising strength: 0\.7, RNG: CPU, Hires upscale: 2, Hires upscaler: Latent, V/,
    );
  });

  it("says DDIM's eta as AUTOMATIC1111 does, and is read back from that", async () => {
    const text = writeParameters(drawn({ prompt: 'a cat', scheduler: 'ddim', eta: 0.5 }));
    assert.match(text, /Sampler: DDIM, .*Eta DDIM: 0\.5, RNG: CPU/);
    const read = readRecipe(withText(await picture('png'), 'parameters', text));
    assert.deepEqual([read?.request.scheduler, read?.request.eta], ['ddim', 0.5]);
    const euler = text.replace('Sampler: DDIM', 'Sampler: Euler');
    const other = readRecipe(withText(await picture('png'), 'parameters', euler));
    assert.equal(other?.request.eta, undefined);
    // It has no name for TCD's.
    const tcd = drawn({ prompt: 'a cat', scheduler: 'tcd', eta: 0.3 });
    assert.doesNotMatch(writeParameters(tcd), /Eta/);
    assert.equal(readRecipe(embedRecipe(await picture('png'), tcd))?.request.eta, 0.3);
  });

  it('says a variation of a seed as AUTOMATIC1111 does, and is read back from that', async () => {
    const recipe = drawn({ prompt: 'a cat', variationSeed: 7, variationStrength: 0.25 });
    const text = writeParameters(recipe);
    assert.match(text, / Variation seed: 7, Variation seed strength: 0\.25, /);
    const fields = (file: Uint8Array) => {
      const { variationSeed, variationStrength } = readRecipe(file)!.request;
      return [variationSeed, variationStrength];
    };
    assert.deepEqual(fields(embedRecipe(await picture('png'), recipe)), [7, 0.25]);
    const file = withText(await picture('png'), 'parameters', text);
    assert.deepEqual(fields(file), [7, 0.25]);
    assert.ok(!readRecipe(file)!.notes.some(({ about }) => about === 'setting'));
    const none = drawn({ prompt: 'a cat', variationSeed: 7, variationStrength: 0 });
    assert.doesNotMatch(writeParameters(none), /Variation/);
    assert.equal(none.request.variationSeed, undefined);
  });

  it('says how closely an edit follows its image, and is read back from that', async () => {
    const recipe = drawn({ prompt: 'make it snow', imageGuidanceScale: 1.8 });
    const text = writeParameters(recipe);
    assert.match(text, / Image CFG scale: 1\.8, /);
    for (const file of [
      embedRecipe(await picture('png'), recipe),
      withText(await picture('png'), 'parameters', text),
    ]) {
      assert.equal(readRecipe(file)?.request.imageGuidanceScale, 1.8);
    }
  });

  it('says how much noise an enlarged image got, and is read back from that', async () => {
    const recipe = drawn({ prompt: 'a house', noiseLevel: 0 });
    const text = writeParameters(recipe);
    assert.match(text, / Noise level: 0, /);
    for (const file of [
      embedRecipe(await picture('png'), recipe),
      withText(await picture('png'), 'parameters', text),
    ]) {
      assert.equal(readRecipe(file)?.request.noiseLevel, 0);
    }
  });

  it('keeps a refiner, and tells other tools of it', async () => {
    const recipe = drawn({ prompt: 'a cat', refiner: 'org/refiner', denoisingEnd: 0.8 });
    const read = readRecipe(embedRecipe(await picture('png'), recipe));
    assert.deepEqual([read?.request.refiner, read?.request.denoisingEnd], ['org/refiner', 0.8]);
    const text = writeParameters(recipe);
    assert.match(text, /Refiner: org\/refiner, Refiner switch at: 0\.8/);
    const again = readAutomatic1111(text);
    assert.ok(again?.notes.some(({ message }) => /org\/refiner from 0\.8 of the steps on; .*--refiner and --denoising-end 0\.8/.test(message))); // prettier-ignore
    // Without the refiner, the model draws to the end.
    assert.equal(again?.request.denoisingEnd, undefined);
    assert.doesNotMatch(writeParameters(drawn({ prompt: 'a cat', denoisingEnd: 0.5 })), /Refiner/);
  });

  it('says the clip skip as AUTOMATIC1111 counts it, and is read back from that', async () => {
    const recipe = drawn({ prompt: 'a cat', clipSkip: 1 });
    assert.equal(readRecipe(embedRecipe(await picture('png'), recipe))?.request.clipSkip, 1);
    const text = writeParameters(recipe);
    assert.match(text, / Clip skip: 2, /);
    const read = async (parameters: string) =>
      readRecipe(withText(await picture('png'), 'parameters', parameters))!;
    const again = await read(text);
    assert.equal(again.request.clipSkip, 1);
    const messages = again.notes.map(({ message }) => message).join('\n');
    assert.match(messages, /clip skip of 2 leaves out 1 .*1\.x/);
    // The last layer, no such layer, and what Fooocus says of an image where nothing is left out.
    for (const [from, to] of [
      ['Clip skip: 2', 'Clip skip: 1'],
      ['Clip skip: 2', 'Clip skip: 0'],
      [/Version: .*/, 'Version: Fooocus v2.5.5'],
    ] as const) {
      const { request, notes } = await read(text.replace(from, to));
      assert.equal('clipSkip' in request, false, to);
      assert.ok(!notes.some(({ about }) => about === 'setting'), to);
    }
    const far = await read(text.replace('Clip skip: 2', 'Clip skip: 14'));
    assert.equal(far.request.clipSkip, undefined);
    assert.ok(far.notes.some(({ message }) => message.includes('clipSkip was 13')));
    assert.doesNotMatch(writeParameters(drawn({ prompt: 'a cat', clipSkip: 0 })), /Clip skip/);
  });

  it('keeps ControlNets without their images, and only where there are any', async () => {
    const control = {
      ...{ controlnets: ['org/canny'], controlImages: [Uint8Array.of(1)] },
      ...{
        controlnetConditioningScale: [0.5],
        controlGuidanceStart: [],
        controlGuidanceEnd: [0.8],
      },
    };
    const recipe = drawn({ prompt: 'a cat', ...control });
    const read = readRecipe(embedRecipe(await picture('png'), recipe))!;
    assert.deepEqual(read.request.controlnets, ['org/canny']);
    assert.deepEqual(read.request.controlGuidanceEnd, [0.8]);
    assert.deepEqual(
      Object.keys(read.request).filter((field) => field.startsWith('control')),
      ['controlnets', 'controlnetConditioningScale', 'controlGuidanceEnd'],
    );
    assert.ok(
      read.notes.some(
        ({ about, message }) => about === 'start-image' && message.includes('ControlNet'),
      ),
    );
    const plain = drawn({ prompt: 'a cat', controlnets: [], controlImages: [] });
    assert.ok(!Object.keys(plain.request).some((field) => field.startsWith('control')));
  });

  it('keeps IP-Adapters without their images, and only where there are any', async () => {
    const recipe = drawn({
      ...{ prompt: 'a cat', ipAdapters: ['org/name/ip.safetensors'], ipAdapterScale: [0.5] },
      ...{ ipAdapterBlocks: ['style'] as ['style'] },
      ...{ ipAdapterImages: [Uint8Array.of(1)], ipAdapterImageEncoder: 'org/encoder' },
    });
    const read = readRecipe(embedRecipe(await picture('png'), recipe))!;
    const kept = Object.entries(read.request).filter(([field]) => field.startsWith('ip'));
    assert.deepEqual(Object.fromEntries(kept), {
      ipAdapters: ['org/name/ip.safetensors'],
      ipAdapterScale: [0.5],
      ipAdapterBlocks: ['style'],
      ipAdapterImageEncoder: 'org/encoder',
    });
    const notes = read.notes.filter(({ about }) => about === 'start-image');
    assert.match(notes.map(({ message }) => message).join(), /IP-Adapters.*Choose them again/);
    const plain = drawn({
      prompt: 'a cat',
      ipAdapters: [],
      ipAdapterImages: [],
      ipAdapterScale: [],
    });
    assert.ok(!Object.keys(plain.request).some((field) => field.startsWith('ip')));
  });

  it('keeps another UNet and autoencoder, and tells other tools of the autoencoder', async () => {
    const recipe = drawn({ prompt: 'a cat', unet: '/models/lcm_unet.safetensors', vae: 'org/vae' });
    const read = readRecipe(embedRecipe(await picture('png'), recipe))!;
    assert.equal(read.request.unet, '/models/lcm_unet.safetensors');
    assert.equal(read.request.vae, 'org/vae');
    assert.match(writeParameters(recipe), /, VAE: org\/vae, /);
  });

  it('tells the prompt that wildcards chose, and restores the template', async () => {
    const recipe = drawn({ prompt: 'a {red|green|blue} apple', wildcards: true });
    const file = embedRecipe(await picture('png'), recipe);
    assert.match(readPngTexts(file).get('parameters') ?? '', /^a (red|green|blue) apple\n/);
    assert.equal(readRecipe(file)?.request.prompt, 'a {red|green|blue} apple');
  });

  it('of an endpoint names no model to draw with: a file chooses no endpoint', async () => {
    const recipe = drawnRecipe({
      ...{ request: { prompt: 'a fish' }, settings: { steps: 4 }, seed: 1, version: '1' },
      ...{ model: 'flux@work', endpoint: 'a1111' },
    });
    const read = readRecipe(embedRecipe(await picture('png', false, false), recipe));
    assert.equal(read?.model, 'flux@work');
    assert.equal(read.request.model, undefined);
    assert.equal(read.request.seed, 1);
  });

  it('says that a starting picture is not in the file', async () => {
    const initImage = await picture('png');
    const recipe = drawn({ prompt: 'a cat', initImage, strength: 0.5 });
    const read = readRecipe(embedRecipe(initImage, recipe));
    assert.deepEqual(read, recipe);
    assert.deepEqual(
      read.notes.map(({ about }) => about),
      ['start-image'],
    );
    assert.equal('initImage' in read.request, false);
  });

  it('refuses files that cannot hold it', () => {
    for (const file of [
      new Uint8Array(),
      new Uint8Array(100),
      fixture('automatic1111.png').slice(0, 20),
    ]) {
      assert.throws(
        () => embedRecipe(file, drawn({ prompt: 'a cat' })),
        (thrown) => thrown instanceof EaselError && thrown.code === 'bad-file',
      );
      assert.equal(readRecipe(file), undefined);
    }
  });
});

describe('the formats behind recipes', () => {
  it('writes an EXIF comment as piexif does', () => {
    const text = readPngTexts(fixture('automatic1111.png')).get('parameters')!;
    const theirs = readJpegBlocks(fixture('automatic1111.jpg')).exif!;
    const bytesOf = (block: Uint8Array) => block.subarray(block.length - 8 - text.length * 2);
    assert.deepEqual(bytesOf(writeExif(text)), bytesOf(theirs));
    assert.equal(readExif(writeExif(text)).userComment, text);
    assert.equal(readExif(theirs).userComment, text);
  });

  it('unpacks what zlib packs, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 0, max: 9 }),
        (data, level) => {
          const packed = new Uint8Array(deflateSync(data, { level }));
          assert.deepEqual(inflateZlib(packed), data);
          assert.equal(
            inflateZlib(packed.subarray(0, packed.length - 8)) === undefined || data.length < 9,
            true,
          );
        },
      ),
    );
    const text = Buffer.from('a red apple on a white table, '.repeat(500));
    assert.deepEqual(inflateZlib(new Uint8Array(deflateSync(text))), new Uint8Array(text));
  });

  it('unpacks streams of any length up to 16 MiB, and no more', () => {
    const limit = 16 * 2 ** 20;
    const zeros = (bytes: number) => new Uint8Array(deflateSync(new Uint8Array(bytes)));
    assert.equal(inflateZlib(zeros(limit))?.length, limit);
    assert.equal(inflateZlib(zeros(limit + 1)), undefined);
    // Four megabytes that would unpack to four gigabytes are given up early.
    const flushed = { finishFlush: constants.Z_SYNC_FLUSH };
    const part = deflateRawSync(new Uint8Array(2 ** 20), flushed);
    const parts = Array<Buffer>(4096).fill(part);
    assert.equal(inflateZlib(Buffer.concat([Buffer.from([0x78, 0x9c]), ...parts])), undefined);
    // Random bytes are longer than one step; cut off anywhere they are damaged.
    const noise = Uint8Array.from({ length: 50_000 }, (_, i) => (i * i * 31) >> 3);
    const packed = new Uint8Array(deflateSync(noise, { level: 1 }));
    assert.deepEqual(inflateZlib(packed), noise);
    for (let end = 0; end < packed.length - 4; end += 997) {
      assert.equal(inflateZlib(packed.subarray(0, end)), undefined, String(end));
    }
  });

  it('ends and does not throw on streams of any bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 2000 });
    const packed = bytes.map((data) => new Uint8Array(deflateSync(data)));
    fc.assert(
      fc.property(bytes, packed, fc.nat(), fc.nat(255), (anything, stream, at, value) => {
        for (const start of [[], [0x78, 0x9c]]) {
          inflateZlib(Uint8Array.of(...start, ...anything));
        }
        stream[at % stream.length] = value;
        inflateZlib(stream);
      }),
      { numRuns: 500 },
    );
  });

  it('reads the infotext that it writes', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\n\r]/g, '').trim());
    fc.assert(
      fc.property(
        line,
        line,
        fc.array(line, { minLength: 3, maxLength: 6 }),
        (prompt, negativePrompt, values) => {
          fc.pre(!prompt.startsWith('Negative prompt:'));
          const settings = new Map(values.map((value, i) => [`Name ${i}`, value]));
          const read = parseInfotext(writeInfotext({ prompt, negativePrompt, settings }));
          // A value in quotes that is JSON is read as what it quotes, there as here.
          fc.pre(values.every((value) => !value.startsWith('"')));
          assert.deepEqual(read, { prompt, negativePrompt, settings });
        },
      ),
    );
  });

  it('names every scheduler so that it is found again', () => {
    for (const name of [...SCHEDULER_NAMES, ...SCHEDULER_ALIASES]) {
      const { sampler, schedule } = samplerLabel(name);
      const { scheduler, note } = findSampler(sampler, schedule);
      assert.ok(scheduler, name);
      assert.equal(note, undefined);
      assert.equal(scheduler.endsWith('-karras'), name.endsWith('-karras'));
    }
  });

  it('says what has no words there by the options that ask for it, as they are typed', () => {
    const request: RecipeRequest = {
      ...{ prompt: 'a fox', promptSyntax: 'plain', wildcards: true, pagScale: 3, eta: 0 },
      pagAppliedLayers: ['mid', 'up_blocks.1'],
      originalSize: { width: 1024, height: 768 },
      negativeTargetSize: { width: 64, height: 32 },
      ...{ cropTopLeft: { left: 0, top: 16 }, negativeCropTopLeft: { left: 8, top: 0 } },
      palette: ['#0066cc', '#ffcc00'],
      outpaint: { left: 8, top: 0, right: 8, bottom: 16 },
      hires: { scale: 2, strength: 0.5, steps: 20, upscaler: 'lanczos' },
      upscale: { model: 'RealESRGAN_x4.pth', factor: 2 },
      vaeTiling: false,
      loras: [{ path: 'org/ink', scale: 0.8, weights: { text: 0.5, 'up.1': 0 } }],
      embeddings: [{ path: 'bad.pt', token: 'bad' }],
      controlnets: ['org/canny', './my depth'],
      controlGuidanceEnd: [1, 0.5],
      forecast: { w: 0.4, m: 3 },
      guidanceInterval: { start: 0, end: 0.8 },
      freeu: { s1: 0.9, s2: 0.2, b1: 1.5, b2: 1.6 },
      ...{ format: 'png', speed: 'fast', background: '#ffffff', controlPreprocess: [] },
    };
    const options = otherOptions(request, ['prompt']);
    const fields = new Map(
      RECIPE_FIELDS.map((field) => [requestField(field).option?.name, field] as const),
    );
    for (const { option, values } of options) {
      const field = fields.get(option)!;
      const read = requestField(field).option!.read(values, option);
      assert.deepEqual(read, request[field], option);
    }
    const unsaid = ['prompt', 'promptSyntax', 'format', 'speed', 'background', 'controlPreprocess'];
    assert.equal(options.length, Object.keys(request).length - unsaid.length);
    assert.equal(
      otherOptions({ prompt: '', wildcards: true, controlnets: ['a', './b c'] }, [])
        .map(writeOption)
        .join(' '),
      '--wildcards --controlnet a --controlnet "./b c"',
    );
    // As it is, in each shell.
    const written = (prompt2: string) => writeOption({ option: 'prompt-2', values: [prompt2] });
    assert.equal(written(String.raw`D:\my models`), String.raw`--prompt-2 "D:\my models"`);
    assert.equal(
      written('a "$5" note, it\'s `new`!'),
      `--prompt-2 'a "$5" note, it'\\''s \`new\`!'`,
    );
    assert.equal(written(''), '--prompt-2 ""');
  });

  it('knows samplers by the names of other tools', () => {
    const names: [string, string | undefined, string | undefined][] = [
      ['DPM++ 2M Karras', undefined, 'dpm++-karras'],
      ['DPM++ 2M', 'Automatic', 'dpm++-karras'],
      ['DPM++ 2M', undefined, 'dpm++'],
      ['Euler a', 'Automatic', 'euler-a'],
      ['k_dpmpp_2', undefined, 'dpm++'],
      ['dpmpp_2m_sde_gpu', 'karras', 'dpm++-sde-karras'],
      ['uni_pc_bh2', 'normal', 'unipc'],
      ['DPM2', 'Automatic', 'dpm2-karras'],
      ['DPM2 a Karras', undefined, 'dpm2-a-karras'],
      ['DPM2 a', 'Uniform', 'dpm2-a'],
      ['dpm_2', 'karras', 'dpm2-karras'],
      ['dpm_2_ancestral', 'normal', 'dpm2-a'],
      ['k_dpm_2_ancestral', undefined, 'dpm2-a'],
      ['kdpm_2_a_k', undefined, 'dpm2-a-karras'],
      ['dpmpp_2s_k', undefined, 'dpm++-2s-karras'],
      ['DEIS', undefined, 'deis'],
      ['deis_k', undefined, 'deis-karras'],
      ['SA Solver', undefined, 'sa-solver'],
      ['sa_solver', 'normal', 'sa-solver'],
      ['TCD', undefined, 'tcd'],
      ['tcd', 'simple', 'tcd'],
      ['DPM++ 2M EDM', undefined, 'edm-dpm++'],
      ['lms_k', undefined, 'lms-karras'],
      ['plms', undefined, 'pndm'],
      ['DPM++ SDE Karras', undefined, 'dpm-sde-karras'],
      ['DPM++ SDE', 'Automatic', 'dpm-sde-karras'],
      ['dpmpp_sde_gpu', 'normal', 'dpm-sde'],
      ['dpmpp_sde_k', undefined, 'dpm-sde-karras'],
      ['DPM fast', undefined, undefined],
      ['DDIM CFG++', undefined, undefined],
      ['constructor', undefined, undefined],
    ];
    for (const [sampler, schedule, expected] of names) {
      const found = findSampler(sampler, schedule);
      assert.equal(found.scheduler, expected, sampler);
      assert.equal(found.note === undefined, expected !== undefined);
    }
    assert.ok(findSampler('euler', 'exponential').note);
    assert.match(
      findSampler('Euler a', 'Karras').note ?? '',
      /Euler a, but not its schedule Karras/,
    );
    assert.equal(findSampler('DDIM', 'Karras').note, undefined);
  });
});

describe('damaged and hostile files', () => {
  const files = readdirSync(FOLDER).map(fixture);

  const check = (file: Uint8Array) => {
    const recipe = readRecipe(file);
    // Whatever comes out can be asked for.
    if (recipe) parseRequest({ model: 'starter', ...recipe.request });
  };

  it('give a recipe or nothing, wherever they are cut or changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        fc.option(fc.nat()),
        (file, changes, end) => {
          const damaged = file.slice(0, end === null ? file.length : end % file.length);
          for (const [at, byte] of changes) damaged[at % Math.max(damaged.length, 1)] = byte;
          check(damaged);
        },
      ),
      { numRuns: 3000 },
    );
  });

  const json = fc.json({ maxDepth: 6 });
  for (const [keyword, text] of [
    ['easel', json],
    [
      'parameters',
      fc.oneof(
        json,
        fc.string().map((s) => `${s}\nSteps: 1, Seed: ${s}, Size: 9x${s}, A: b`),
      ),
    ],
    ['prompt', json],
    ['invokeai_metadata', json],
    ['sd-metadata', json],
    ['Dream', fc.string().map((s) => `"${s}" -s ${s}`)],
  ] as const) {
    it(`give a recipe or nothing for any ${keyword}`, async () => {
      const file = await picture('png');
      fc.assert(
        fc.property(text, (value) => {
          check(withText(file, keyword, value));
        }),
        { numRuns: 300 },
      );
    });
  }

  it('are unpacked only for known keywords, and up to 16 MiB in all', async () => {
    const file = await picture('png');
    const text = 'Steps: 1, Seed: 2, Size: 8x8';
    const packed = (keyword: string, value: Buffer) => withPacked(file, keyword, value);
    assert.equal(readPngTexts(packed('Raw profile', Buffer.alloc(1000, 97)), KEYWORDS).size, 0);
    const large = Buffer.alloc(10 * 2 ** 20, 97);
    const both = withPacked(packed('parameters', large), 'prompt', large);
    assert.deepEqual([...readPngTexts(both, KEYWORDS).keys()], ['prompt']);
    // Texts that are not known take nothing from the limit.
    let many = withText(file, 'parameters', text);
    for (let i = 0; i < 5; i++) many = withPacked(many, `other ${i}`, large);
    assert.equal(readRecipe(many)?.request.seed, 2);
    const bomb = withPacked(file, 'prompt', Buffer.alloc(17 * 2 ** 20, 97));
    assert.equal(readRecipe(bomb), undefined);
  });

  it('are decoded whole, also in Latin-1 and UTF-16 of any length', () => {
    const latin = Uint8Array.from({ length: 20_001 }, (_, i) => i & 255);
    assert.equal(fromLatin1(latin), Buffer.from(latin).toString('latin1'));
    assert.equal(
      fromUtf16(latin, true),
      Buffer.from(latin.subarray(0, 20_000)).toString('utf16le'),
    );
    const long = 'ä灯'.repeat(30_000);
    assert.equal(readExif(writeExif(long)).userComment, long);
  });

  it('are read in time, however deep or round', async () => {
    const file = await picture('png');
    const round = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [
        String(i),
        {
          class_type: 'KSampler',
          inputs: {
            ...{ seed: [String((i + 1) % 3000), 0], latent_image: [String((i + 7) % 3000), 0] },
            ...{ positive: [String((i * 31) % 3000), 0], model: [String(i), 0] },
          },
        },
      ]),
    );
    const start = Date.now();
    check(withText(file, 'prompt', JSON.stringify(round)));
    check(withText(file, 'easel', '['.repeat(200_000)));
    check(withText(file, 'Dream', `"${'\\'.repeat(100_000)}`));
    check(withText(file, 'parameters', `a\n${'a: "'.repeat(50_000)}`));
    check(withText(file, 'parameters', `a\n${' '.repeat(100_000)}: b, c: d, e: f`));
    for (const text of ['{', '{"a": ', '{"a', '[', 'a: [', 'a: "', '<lora:', '"', '("']) {
      for (const filler of [
        ' ',
        '\\',
        '"',
        ',',
        'a',
        '[',
        '-',
        '\0',
        ':',
        '<lora:a',
        ' BREAK',
        '1:',
      ]) {
        const hostile = text + filler.repeat(300_000 / filler.length);
        for (const keyword of [
          'prompt',
          'parameters',
          'easel',
          'Dream',
          'sd-metadata',
          'XML:com.adobe.xmp',
        ]) {
          check(withText(file, keyword, hostile));
          check(withText(file, keyword, `a\nb: c, d: e, f: ${hostile}`));
        }
      }
    }
    assert.ok(Date.now() - start < 60_000);
  });
});

/** A PNG file with a compressed text chunk. */
function withPacked(file: Uint8Array, keyword: string, text: Buffer): Uint8Array {
  const data = Buffer.concat([Buffer.from(`zTXt${keyword}\0\0`, 'latin1'), deflateSync(text)]);
  return withChunk(file, data);
}

/** A PNG file with a text chunk; its checksum is not read. */
function withText(file: Uint8Array, keyword: string, text: string): Uint8Array {
  const body = Buffer.concat([
    Buffer.from(`iTXt${keyword}`, 'latin1'),
    Buffer.alloc(5),
    Buffer.from(text, 'utf8'),
  ]);
  return withChunk(file, body);
}

function withChunk(file: Uint8Array, body: Buffer): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  const header = 33;
  return new Uint8Array(
    Buffer.concat([file.subarray(0, header), length, body, Buffer.alloc(4), file.subarray(header)]),
  );
}
