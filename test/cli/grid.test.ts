import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { readRecipe } from '../../src/core/recipe/index';
import { finish, runCli, startCli } from '../support/cli';
import { materialise } from '../support/fixture';
import { readPixels } from '../support/pictures';
import { materialiseChecked, SAFETY_RUNS } from '../support/safety-checker';

describe('easel generate --grid', () => {
  let model: string;
  let output: string;

  before(() => {
    model = materialise('sd1');
  });
  beforeEach(() => {
    output = mkdtempSync(path.join(tmpdir(), 'easel-grid-'));
  });
  afterEach(() => {
    rmSync(output, { recursive: true, force: true });
  });

  const grid = (...more: string[]) => [
    ...['generate', 'a cat', '--model', model, '--width', '32', '--height', '32', '--seed', '5'],
    ...['--device', 'cpu', '--format', 'png', '--output', output, '--json', ...more],
  ];

  it('draws the images that the options draw alone, and their sheet', async () => {
    const { code, events, stderr } = await runCli(grid('--grid', 'steps=1,2', 'guidance=1,5,7'));
    assert.equal(code, 0, stderr);
    const lines = events();
    assert.deepEqual(lines[0], {
      event: 'grid',
      images: 6,
      axes: [
        { name: 'steps', values: ['1', '2'] },
        { name: 'guidance-scale', values: ['1', '5', '7'] },
      ],
    });
    assert.match(stderr, /Draws 6 images \(2 steps × 3 guidance-scale\)/);
    const images = lines.filter(({ event }) => event === 'image');
    assert.deepEqual(
      images.map(({ grid: values }) => Object.values(values as object).join()),
      ['1,1', '2,1', '1,5', '2,5', '1,7', '2,7'],
    );
    const [sheet, done] = lines.slice(-2);
    assert.equal(sheet!.path, path.join(output, 'a-cat-grid.png'));
    assert.deepEqual([done!.event, done!.images, done!.sheet], ['done', 6, sheet!.path]);

    const alone = await runCli(grid('--steps', '2', '--guidance-scale', '5'));
    const one = alone.events().find(({ event }) => event === 'image')!;
    const same = await readPixels(one.path as string);
    assert.deepEqual((await readPixels(images[3]!.path as string)).data, same.data);

    // The image is on the sheet as it is: its rows are found there.
    const { data, info } = await sharp(sheet!.path)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const row = Buffer.from(same.data.slice(0, 32 * 3));
    const first = data.indexOf(row);
    assert.ok(first > 0);
    for (let y = 1; y < 32; y++) {
      const expected = Buffer.from(same.data.slice(y * 96, (y + 1) * 96));
      const at = first + y * info.width * 3;
      assert.ok(data.subarray(at, at + 96).equals(expected), `row ${y}`);
    }

    const recipe = readRecipe(readFileSync(sheet!.path))!;
    assert.equal(recipe.details.Grid, 'steps=1,2 guidance-scale=1,5,7');
    assert.equal(recipe.request.prompt, 'a cat');
  });

  it('names the sheet by --output, and the images by their numbers', async () => {
    const place = path.join(output, 'sheet.png');
    const more = ['--prompt-matrix', '--steps', '1', '--output', place, '--no-metadata'];
    const { code } = await runCli(
      grid(...more).map((arg) => (arg === 'a cat' ? 'a cat|red' : arg)),
    );
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(output).sort(), ['sheet-1.png', 'sheet-2.png', 'sheet.png']);
    assert.equal(readRecipe(readFileSync(place)), undefined);
  });

  it('draws nothing where a value is wrong', async () => {
    for (const [axis, code] of [
      ['steps=1,0', 'bad-request'],
      ['scheduler=ddim,nope', 'unknown-scheduler'],
      ['size=32x32,33x32', 'bad-size'],
      ['model=starter,org/none', 'model-not-found'],
      // What only the model refuses.
      ['clip-skip=0,4', 'bad-request'],
      ['precision=full,half', 'unsupported-precision'],
      [`device=cpu,${process.platform === 'darwin' ? 'dml' : 'coreml'}`, 'device-unavailable'],
      ['negative-prompt-2=,blue', 'bad-request'],
      ['lora=none,/nothing/there.safetensors', 'model-incomplete'],
    ] as const) {
      const { events } = await runCli(grid('--grid', axis));
      const { message, code: found } = events().at(-1)!;
      assert.equal(found, code, axis);
      if (axis.startsWith('clip-skip')) assert.match(String(message), /^--grid clip-skip=4: /);
    }
    assert.deepEqual(readdirSync(output), []);
  });

  it('tells what is of every request once, and of each image whether it was flagged', async () => {
    const run = SAFETY_RUNS.sd1!;
    const { code, events, stderr } = await runCli([
      ...['generate', run.prompt, '--negative-prompt', run.negativePrompt],
      ...[
        '--model',
        materialiseChecked('sd1'),
        '--steps',
        String(run.steps),
        '--precision',
        'full',
      ],
      ...['--width', String(run.width), '--height', String(run.height), '--device', 'cpu'],
      ...['--strength', '0.5', '--output', output, '--json'],
      ...['--grid', `seed=${run.seed}-${run.seed + 1}`, 'seamless=none'],
    ]);
    assert.equal(code, 0, stderr);
    const lines = events();
    assert.deepEqual(
      lines.filter(({ event }) => event === 'image').map(({ flagged }) => flagged),
      run.flagged.slice(0, 2).map((flagged) => (flagged ? 'black' : undefined)),
    );
    assert.ok(run.flagged.slice(0, 2).includes(true));
    const warnings = lines.filter(({ event }) => event === 'warning');
    const unused = warnings.filter(({ message }) => String(message).startsWith('strength'));
    assert.equal(unused.length, 1, JSON.stringify(warnings));
  });

  it('keeps what was drawn at Ctrl+C, and writes the sheet of it', async () => {
    const child = startCli(grid('--grid', 'steps=1,400-450'));
    let text = '';
    child.stdout.on('data', (more: Buffer | string) => {
      text += String(more);
      if (text.includes('"event":"image"') && !child.killed) child.kill('SIGINT');
    });
    const { code, events } = await finish(child);
    assert.equal(code, 130);
    const lines = events();
    const images = lines.filter(({ event }) => event === 'image');
    assert.ok(images.length > 0 && images.length < 52);
    const sheet = lines.find(({ event }) => event === 'sheet')!;
    assert.equal(sheet.images, images.length);
    assert.equal(lines.at(-1)!.code, 'cancelled');
    const there = readdirSync(output);
    assert.equal(there.length, images.length + 1);
    assert.ok(there.includes('a-cat-grid.png'));
    const { width } = await sharp(sheet.path as string).metadata();
    assert.equal(width, sheet.width);
  });
});
