import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRecipe } from '../../src/core/recipe/index';
import { breakTensor } from '../support/broken-weights';
import { finish, runCli, startCli } from '../support/cli';
import { CONTROL_RUNS, controlPicture, materialiseControl } from '../support/controlnets';
import { materialise, reference } from '../support/fixture';
import { ADAPTER_RUNS, adapterFile, adapterPicture, adapterRequest } from '../support/ip-adapters';
import { FIXTURES } from '../support/paths';
import { assertSamePicture, differences, readPixels } from '../support/pictures';
import { tempFolder } from '../support/temp-folder';

describe('easel generate', () => {
  const call = reference('sd1').run('default');
  let model: string;
  let output: string;

  before(() => {
    model = materialise('sd1');
  });
  beforeEach(() => {
    output = mkdtempSync(path.join(tmpdir(), 'easel-out-'));
  });
  afterEach(() => {
    rmSync(output, { recursive: true, force: true });
  });

  const referenceArgs = () => [
    ...['generate', call.prompt, '--negative-prompt', call.negativePrompt, '--model', model],
    ...['--seed', String(call.seed), '--steps', String(call.steps)],
    ...['--guidance-scale', String(call.guidanceScale)],
    ...['--width', String(call.width), '--height', String(call.height)],
    ...['--device', 'cpu', '--format', 'png', '--output', output, '--json'],
  ];
  const quick = (...more: string[]) => [
    ...['generate', 'a cat', '--model', model, '--steps', '2', '--width', '32', '--height', '32'],
    ...['--device', 'cpu', '--output', output, '--json', ...more],
  ];

  it('draws what diffusers draws, and tells it in JSON lines', async () => {
    const { code, events } = await runCli(referenceArgs());
    assert.equal(code, 0);
    const lines = events();
    const kinds = lines.map(({ event }) => event);
    assert.deepEqual([...new Set(kinds)], ['loading', 'step', 'image', 'done']);

    const { neededBytes, availableBytes } = lines[0]!;
    assert.ok(
      (neededBytes as number) > 1e8 && (availableBytes as number) > (neededBytes as number),
    );

    const steps = lines.filter(({ event }) => event === 'step');
    // PNDM takes one call more than the steps asked for, in diffusers as here.
    assert.deepEqual(
      steps.map(({ index }) => index),
      [1, 2, 3, 4, 5, 6, 7],
    );
    assert.ok(steps.every(({ total, seconds }) => total === 7 && typeof seconds === 'number'));

    const image = lines.find(({ event }) => event === 'image')!;
    assert.equal(image.path, path.join(output, 'a-red-apple-on-a-white-table-highly-detailed.png'));
    assert.deepEqual([image.seed, image.width, image.height], [42, 64, 64]);
    await assertSamePicture(image.path, reference('sd1').picture('default'));

    const done = lines.at(-1)!;
    assert.deepEqual([done.event, done.model, done.device], ['done', model, 'cpu']);
    const seconds = done.seconds as Record<string, number>;
    assert.deepEqual(Object.keys(seconds), ['load', 'encode', 'denoise', 'decode', 'total']);
    assert.ok(seconds.total! >= seconds.load! && seconds.load! > 0);
    assert.ok((done.peakRssBytes as number) > 10_000_000);
  });

  it('never overwrites a picture, and leaves nothing else behind', async () => {
    for (let i = 0; i < 3; i++) assert.equal((await runCli(quick('--seed', '7'))).code, 0);
    const names = ['a-cat-2.webp', 'a-cat-3.webp', 'a-cat.webp'];
    assert.deepEqual(readdirSync(output).sort(), names);
    // The lowest number that is free is taken; a file of another ending takes none.
    rmSync(path.join(output, 'a-cat-2.webp'));
    const more = await runCli(quick('--num-images', '2', '--seed', '7'));
    const paths = more
      .events()
      .flatMap(({ event, path: file }) => (event === 'image' ? [file] : []));
    assert.deepEqual(paths, [path.join(output, 'a-cat-2.webp'), path.join(output, 'a-cat-4.webp')]);
    assert.equal((await runCli(quick('--format', 'png'))).code, 0);
    assert.ok(existsSync(path.join(output, 'a-cat.png')));
  });

  it('gives two that are drawn at once different names', async () => {
    const both = await Promise.all([runCli(quick('--seed', '1')), runCli(quick('--seed', '2'))]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    );
    assert.deepEqual(readdirSync(output).sort(), ['a-cat-2.webp', 'a-cat.webp']);
    const seeds = both.map((one) => {
      const { path: file, seed } = one.events().find(({ event }) => event === 'image')!;
      return [readRecipe(readFileSync(file as string))?.request.seed, seed];
    });
    for (const [kept, told] of seeds) assert.equal(kept, told);
  });

  it('gives image k of several the seed plus k', async () => {
    const { events } = await runCli(quick('--seed', '7', '--num-images', '3'));
    const three = events().filter(({ event }) => event === 'image');
    assert.deepEqual(
      three.map(({ seed }) => seed),
      [7, 8, 9],
    );
    const alone = await runCli(quick('--seed', '9'));
    const [image] = alone.events().filter(({ event }) => event === 'image');
    assert.notEqual(image!.path, three[2]!.path);
    await assertSamePicture(image!.path as string, three[2]!.path as string);
  });

  it('chooses a seed and reports it, so that the picture can be had again', async () => {
    const first = (await runCli(quick())).events();
    const seed = first.find(({ event }) => event === 'image')!.seed as number;
    const second = (await runCli(quick('--seed', String(seed)))).events();
    const file = (events: typeof first) =>
      events.find(({ event }) => event === 'image')!.path as string;
    await assertSamePicture(file(first), file(second));
  });

  it('prints the path alone on standard output without --json', async () => {
    const args = quick('--seed', '7').filter((arg) => arg !== '--json');
    const { stdout, stderr } = await runCli(args);
    assert.equal(stdout, `${path.join(output, 'a-cat.webp')}\n`);
    assert.match(stderr, /2 steps on cpu/);
  });

  const failures: [string, string[], number, string, RegExp][] = [
    ['an unknown option', ['--stepps', '3'], 2, 'bad-request', /--stepps/],
    ['a number that is none', ['--steps', 'many'], 2, 'bad-request', /--steps.*"many"/],
    ['a negative seed', ['--seed', '-1'], 2, 'bad-request', /seed.*at least 0/],
    ['a fraction of a step', ['--steps', '1.5'], 2, 'bad-request', /steps.*whole number/],
    ['no width', ['--width', '0'], 2, 'bad-request', /width.*at least/],
    ['a size that is no multiple', ['--width', '33'], 2, 'bad-size', /multiples of 8.*32 × 32/],
    [
      'an absurd size',
      ['--width', '16384', '--height', '16384', '--num-images', '1', '--format', 'png'],
      1,
      'not-enough-memory',
      /GB/,
    ],
    [
      'an unknown scheduler',
      ['--scheduler', 'magic'],
      2,
      'unknown-scheduler',
      /EulerDiscreteScheduler/,
    ],
    ['an eta that the scheduler has not', ['--eta', '0.3'], 2, 'bad-request', /DDIM and TCD.*PNDM/],
    ['an eta above 1', ['--scheduler', 'tcd', '--eta', '2'], 2, 'bad-request', /eta/],
    ['more layers than there are', ['--clip-skip', '4'], 2, 'bad-request', /3 layers.*At most 3/],
    [
      'a size of SDXL for another model',
      ['--original-size', '512x512'],
      2,
      'bad-request',
      /originalSize.*XL/,
    ],
    [
      'a size of the negative prompt for another model',
      ['--negative-target-size', '512x512'],
      2,
      'bad-request',
      /negativeTargetSize.*XL/,
    ],
    [
      'a second prompt for a model of one text encoder',
      ['--prompt-2', 'oil on canvas'],
      2,
      'bad-request',
      /prompt2.*has one text encoder/,
    ],
    [
      'a long second prompt',
      ['--negative-prompt-2', 'x'.repeat(10_000)],
      2,
      'prompt-too-long',
      /second negative prompt has 10000/,
    ],
    [
      'a scale of the image for a model that does not edit',
      ['--image-guidance-scale', '2'],
      2,
      'bad-request',
      /imageGuidanceScale.*edit an image by words/,
    ],
    [
      'a noise level for a model that adds none',
      ['--noise-level', '20'],
      2,
      'bad-request',
      /noiseLevel.*make larger/,
    ],
    ['a noise level that is none', ['--noise-level', '1000'], 2, 'bad-request', /noiseLevel.*999/],
    ['a size that is none', ['--target-size', '512'], 2, 'bad-request', /--target-size.*WxH/],
    ['a corner that is none', ['--crop-top-left', '1,2,3'], 2, 'bad-request', /X,Y/],
    ['too few factors', ['--freeu', '0.9,0.2,1.5'], 2, 'bad-request', /--freeu is S1,S2,B1,B2/],
    ['a factor of 0', ['--freeu', '0.9,0.2,0,1.6'], 2, 'bad-request', /freeu\.b1.*at least 0\.01/],
    ['an axis that is none', ['--seamless', 'z'], 2, 'bad-request', /seamless/],
    ['a clip skip above 12', ['--clip-skip', '13'], 2, 'bad-request', /clipSkip.*12/],
    [
      'a ControlNet without an image',
      ['--controlnet', 'any'],
      2,
      'bad-request',
      /--controlnet is given once, and --control-image not at all/,
    ],
    [
      'a scale without a ControlNet',
      ['--controlnet-conditioning-scale', '1'],
      2,
      'bad-request',
      /--controlnet-conditioning-scale belongs to a ControlNet/,
    ],
    [
      'an unknown preprocessor',
      ['--control-preprocess', 'magic'],
      2,
      'bad-request',
      /controlPreprocess.*canny.*magic/,
    ],
    ['a scale that is no number', ['--control-guidance-end', 'x'], 2, 'bad-request', /number.*"x"/],
    ['a long prompt', ['--negative-prompt', 'x'.repeat(10_000)], 2, 'prompt-too-long', /10000/],
    ['a model that is not there', ['--model', 'no/such'], 1, 'model-not-found', /no\/such/],
    ['an unknown device', ['--device', 'abacus'], 2, 'bad-request', /abacus/],
  ];
  for (const [what, args, exit, code, message] of failures) {
    it(`refuses ${what} with a code and a way out`, async () => {
      const { code: exitCode, events } = await runCli(quick(...args));
      const last = events().at(-1)!;
      assert.equal(last.event, 'error');
      assert.equal(last.code, code);
      assert.match(last.message as string, message);
      assert.equal(exitCode, exit);
      assert.deepEqual(readdirSync(output), []);
    });
  }

  for (const drawn of ['sd1-two', 'adapter-two']) {
    it(`draws ${drawn} with --controlnet as diffusers does, and its recipe names them`, async () => {
      const run = CONTROL_RUNS[drawn]!;
      const controls = run.networks.flatMap((name, index) => [
        ...['--controlnet', materialiseControl(name)],
        ...['--control-image', path.join(FIXTURES, 'pictures', run.controlImages[index]!)],
        ...['--controlnet-conditioning-scale', String(run.scales[index])],
        ...['--control-guidance-start', String(run.starts[index])],
        ...['--control-guidance-end', String(run.ends[index])],
      ]);
      const { code, events } = await runCli([
        ...['generate', run.prompt, '--negative-prompt', run.negativePrompt, '--model', model],
        ...['--seed', String(run.seed), '--steps', String(run.steps), '--scheduler', 'euler'],
        ...['--guidance-scale', String(run.guidanceScale), '--width', '64', '--height', '64'],
        ...['--device', 'cpu', '--format', 'png', '--output', output, '--json', ...controls],
      ]);
      assert.equal(code, 0, JSON.stringify(events().at(-1)));
      const [name] = readdirSync(output);
      const file = path.join(output, name!);
      const reference = await readPixels(controlPicture(drawn));
      assert.ok(differences(await readPixels(file), reference).largest <= 1);
      const recipe = readRecipe(readFileSync(file))!;
      const networks = run.networks.map((network) => materialiseControl(network));
      assert.deepEqual(recipe.request.controlnets, networks);
      assert.deepEqual(recipe.request.controlnetConditioningScale, run.scales);
      assert.deepEqual(recipe.request.controlGuidanceEnd, run.ends);
      assert.ok(
        recipe.notes.some(({ message }) => message.includes('control images are not in the file')),
      );
    });
  }

  it('names the control image that cannot be read, and the ControlNet that does not fit', async () => {
    const sketch = path.join(FIXTURES, 'pictures', 'sketch.png');
    const cut = path.join(output, 'cut.png');
    writeFileSync(cut, readFileSync(sketch).subarray(0, 200));
    const lines = materialiseControl('lines');
    const damaged = await runCli(quick('--controlnet', lines, '--control-image', cut));
    assert.equal(damaged.events().at(-1)!.code, 'bad-file');
    assert.match(damaged.events().at(-1)!.message as string, /cut\.png: The control image 1/);
    const xl = materialiseControl('sdxl');
    const other = await runCli(quick('--controlnet', xl, '--control-image', sketch));
    assert.equal(other.events().at(-1)!.code, 'unsupported-model');
    assert.match(other.events().at(-1)!.message as string, /ControlNet for SDXL/);
    const range = ['--control-guidance-start', '0.5', '--control-guidance-end', '0.5'];
    const empty = await runCli(quick('--controlnet', lines, '--control-image', sketch, ...range));
    assert.match(empty.events().at(-1)!.message as string, /--control-guidance-start 0\.5/);
    rmSync(cut);
    assert.deepEqual(readdirSync(output), []);
  });

  it('draws with IP-Adapters what diffusers draws, and its recipe names them', async () => {
    const run = ADAPTER_RUNS['sd1-two']!;
    const { ipAdapterScale: scales = [] } = adapterRequest(run);
    const adapters = run.adapters.flatMap((name, index) => [
      ...['--ip-adapter', adapterFile(name), '--ip-adapter-scale', String(scales[index])],
      ...['--ip-adapter-image', path.join(FIXTURES, 'pictures', run.images[index]![0]!)],
    ]);
    const { code, events } = await runCli([
      ...['generate', run.prompt, '--negative-prompt', run.negativePrompt, '--model', model],
      ...['--seed', String(run.seed), '--steps', String(run.steps), '--device', 'cpu'],
      ...['--guidance-scale', String(run.guidanceScale), '--width', '64', '--height', '64'],
      ...['--format', 'png', '--output', output, '--json', ...adapters],
    ]);
    assert.equal(code, 0, JSON.stringify(events().at(-1)));
    const [name] = readdirSync(output);
    const file = path.join(output, name!);
    const drawn = await readPixels(file);
    assert.ok(differences(drawn, await readPixels(adapterPicture('sd1-two'))).largest <= 1);
    const recipe = readRecipe(readFileSync(file))!;
    assert.deepEqual(recipe.request.ipAdapters, run.adapters.map(adapterFile));
    assert.deepEqual(recipe.request.ipAdapterScale, scales);
  });

  it('names the image that cannot be read, and the IP-Adapter that does not fit', async () => {
    const sketch = path.join(FIXTURES, 'pictures', 'sketch.png');
    const cut = path.join(tempFolder(), 'cut.png');
    writeFileSync(cut, readFileSync(sketch).subarray(0, 200));
    const adapter = ['--ip-adapter', adapterFile('sd1-plain')];
    const images = ['--ip-adapter-image', sketch, '--ip-adapter-image', cut];
    const damaged = await runCli(quick(...adapter, ...images));
    assert.match(damaged.events().at(-1)!.message as string, /cut\.png: The IP-Adapter image 2/);
    const none = await runCli(quick(...adapter));
    assert.equal(none.code, 2);
    assert.match(none.events().at(-1)!.message as string, /Give one with --ip-adapter-image/);
    const xl = ['--ip-adapter', adapterFile('sdxl-plain'), '--ip-adapter-image', sketch];
    const other = await runCli(quick(...xl));
    assert.equal(other.events().at(-1)!.code, 'unsupported-model');
    assert.match(other.events().at(-1)!.message as string, /text features 72 wide/);
    assert.deepEqual(readdirSync(output), []);
  });

  it("fails where the model's own scheduler is unknown, and draws with a named one", async () => {
    const broken = materialise('sd1');
    const index = path.join(broken, 'model_index.json');
    const json = JSON.parse(readFileSync(index, 'utf8')) as object;
    const scheduler = ['diffusers', 'IPNDMScheduler'];
    writeFileSync(index, JSON.stringify({ ...json, scheduler }));
    const failed = await runCli(quick('--model', broken));
    const last = failed.events().at(-1)!;
    assert.equal(last.code, 'unsupported-scheduler');
    assert.match(last.message as string, /IPNDMScheduler.*--scheduler/);
    assert.equal(failed.code, 1);
    const drawn = await runCli(quick('--model', broken, '--scheduler', 'euler'));
    assert.equal(drawn.code, 0, drawn.stdout);
  });

  it('fails and saves nothing where the values of the model are not finite', async () => {
    const broken = materialise('sd1');
    breakTensor(broken, 'vae', 'decoder.conv_out.bias');
    const { code, events } = await runCli(quick('--model', broken));
    const last = events().at(-1)!;
    assert.equal(last.code, 'not-finite');
    assert.match(last.message as string, /decoder.*--vae tiny/);
    assert.equal(code, 1);
    assert.deepEqual(readdirSync(output), []);
  });

  it('says which devices there are when the named one is missing', async () => {
    const missing = process.platform === 'win32' ? 'coreml' : 'dml';
    const { code, events } = await runCli(quick('--device', missing));
    assert.equal(code, 1);
    assert.deepEqual(
      events().map(({ event, code }) => [event, code]),
      [['error', 'device-unavailable']],
    );
    assert.match(events()[0]!.message as string, /Available: .*cpu/);
  });

  it('refuses a model whose weights are cut short, a pickle in their place, or gone', async () => {
    const weights = (broken: string) =>
      path.join(broken, 'unet', 'diffusion_pytorch_model.safetensors');
    const damages: [string, (file: string) => void][] = [
      ['bad-file', (file) => execFileSync('truncate', ['-s', '-100', file])],
      [
        'unsafe-file',
        (file) => writeFileSync(file, Buffer.from([0x80, 0x02, 0x7d, 0x71, 0, 0x2e])),
      ],
      ['model-incomplete', (file) => rmSync(file)],
    ];
    for (const [code, damage] of damages) {
      const broken = materialise('sd1');
      damage(weights(broken));
      const result = await runCli(quick('--model', broken));
      assert.equal(result.events().at(-1)!.code, code);
      assert.equal(result.code, 1);
    }
  });

  it("draws with a model's own defaults, and names the one that cannot be", async () => {
    const own = materialise('sd1');
    const say = (values: object) =>
      writeFileSync(path.join(own, 'easel.json'), JSON.stringify({ name: 'Mine', ...values }));
    const plain = [
      'generate',
      'a cat',
      '--model',
      own,
      '--device',
      'cpu',
      '--output',
      output,
      '--json',
    ];
    say({ num_inference_steps: 2, guidance_scale: 1, width: 32, height: 64 });
    const { settings } = (await runCli(plain)).events().at(-1)!;
    const { steps, guidanceScale, width, height } = settings as Record<string, unknown>;
    assert.deepEqual([steps, guidanceScale, width, height], [2, 1, 32, 64]);
    for (const [field, value] of [
      ['num_inference_steps', 'many'],
      ['width', -8],
      ['strength', 7],
    ]) {
      say({ [field as string]: value });
      const { code, message } = (await runCli(plain)).events().at(-1)!;
      assert.equal(code, 'bad-file');
      assert.match(String(message), new RegExp(`easel\\.json: ${field} is not right`));
    }
  });

  it('stops at Ctrl+C with 130 and no picture', async () => {
    const child = startCli(quick('--steps', '900', '--num-images', '50'));
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGINT'), 300));
    const { code, events } = await finish(child);
    assert.equal(code, 130);
    assert.equal(events().at(-1)!.code, 'cancelled');
    assert.deepEqual(
      readdirSync(output).filter((name) => !name.endsWith('.webp')),
      [],
    );
  });

  it('stops at a second Ctrl+C even while the disk hangs', async () => {
    const hanging = path.join(output, 'hanging-disk.cjs');
    writeFileSync(
      hanging,
      `const fs = require('node:fs/promises');
       const { writeFile } = fs;
       fs.writeFile = (file, ...more) =>
         String(file).endsWith('.tmp')
           ? (console.error('saving'), setInterval(() => undefined, 1000), new Promise(() => undefined))
           : writeFile(file, ...more);`,
    );
    const child = startCli(quick(), { NODE_OPTIONS: `--require "${hanging}"` });
    let interrupts: NodeJS.Timeout | undefined;
    child.stderr.on('data', (text: Buffer | string) => {
      if (!String(text).includes('saving')) return;
      interrupts ??= setInterval(() => child.kill('SIGINT'), 500);
    });
    const { code } = await finish(child);
    clearInterval(interrupts);
    assert.equal(code, 130);
    assert.ok(interrupts, 'nothing was saved');
  });

  it('reports a full disk and leaves no half file', async function () {
    // A small file system of our own is the only disk that can be filled; mounting takes root on Linux.
    if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', output]);
    try {
      const { code, events } = await runCli(quick('--num-images', '4'));
      assert.equal(code, 1);
      assert.equal(events().at(-1)!.code, 'disk-full');
      for (const name of readdirSync(output)) {
        assert.match(name, /^a-cat(-\d+)?\.webp$/);
        assert.ok(statSync(path.join(output, name)).size > 0);
      }
    } finally {
      execFileSync('umount', [output]);
    }
  });

  it('says before it draws that there is no place to save', async () => {
    const file = path.join(output, 'a file');
    writeFileSync(file, '');
    const places: [string, RegExp][] = [
      [file, /a file is in the place of a folder/],
      [path.join(file, 'below'), /a file is in the place of a folder/],
    ];
    // Node's own recursive mkdir never ends there.
    if (process.platform === 'linux') places.push(['/proc/easel/below', /could not be saved/]);
    for (const [place, message] of places) {
      const { code, events } = await runCli(quick('--output', place));
      assert.equal(code, 1);
      assert.deepEqual(
        events().map(({ event, code: why }) => [event, why]),
        [['error', 'write-failed']],
      );
      assert.match(events()[0]!.message as string, message);
    }
  });

  it('makes the folder that is asked for, unless nothing comes of it', async () => {
    const folder = path.join(output, 'new', 'deeper');
    const failed = await runCli(
      quick('--output', folder, '--model', path.join(output, 'no model')),
    );
    assert.equal(failed.code, 1);
    assert.deepEqual(readdirSync(output), []);
    assert.equal((await runCli(quick('--output', folder, '--seed', '7'))).code, 0);
    assert.deepEqual(readdirSync(folder), ['a-cat.webp']);
  });

  it('explains itself', async () => {
    const help = await runCli(['--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /easel generate/);
    const unknown = await runCli(['draw']);
    assert.equal(unknown.code, 2);
    const empty = await runCli(['generate']);
    assert.equal(empty.code, 2);
    assert.match(empty.stderr, /Say what to draw/);
  });
});
