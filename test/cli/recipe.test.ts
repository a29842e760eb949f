import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { readRecipe } from '../../src/core/recipe';
import { DEFAULT_STYLES, findStyle, styledPrompts } from '../../src/core/request/styles';
import { runCli } from '../support/cli';
import { materialise } from '../support/fixture';

describe('recipes, formats and icons on the command line', () => {
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

  const generate = async (...more: string[]) => {
    const size = ['--steps', '2', '--width', '32', '--height', '32', '--device', 'cpu'];
    const args = ['generate', 'a cat', '--model', model, ...size, '--output', output, '--json'];
    const result = await runCli([...args, ...more]);
    assert.equal(result.code, 0, result.stderr);
    const image = result.events().find(({ event }) => event === 'image');
    return image?.path as string;
  };

  it('name a file that is no image that is read, and the next step', async () => {
    const file = path.join(output, 'photo.png');
    writeFileSync(file, Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'));
    for (const verb of ['recipe', 'icon']) {
      const { code, stderr } = await runCli([verb, file]);
      assert.equal(code, 1);
      assert.ok(stderr.includes(`${file} cannot be read: it is a HEIC photo`), stderr);
      assert.match(stderr, /Save it as JPEG or PNG/);
    }
  });

  it('draw a picture that tells how to draw it again', async () => {
    const file = await generate('--seed', '5', '--format', 'webp', '--style', 'line art');
    assert.equal(path.extname(file), '.webp');
    const { code, stdout } = await runCli(['recipe', file, '--json']);
    assert.equal(code, 0);
    const { tool, request } = JSON.parse(stdout) as { tool: string; request: object };
    assert.equal(tool, 'Easel');
    const { prompt, style, seed, steps } = readRecipe(readFileSync(file))!.request;
    assert.deepEqual(request, readRecipe(readFileSync(file))?.request);
    assert.deepEqual(
      [path.basename(file), prompt, style?.name],
      ['a-cat.webp', 'a cat', 'Line art'],
    );
    assert.deepEqual([seed, steps], [5, 2]);
    const words = await runCli(['recipe', file]);
    assert.match(words.stdout, /line art of a cat/);
    assert.match(words.stdout, /Negative prompt: color/);
    assert.match(words.stdout, /\nStyle: Line art\n/);
    assert.match(words.stdout, /\nSteps: 2, Sampler: PLMS, CFG scale: 7.5, Seed: 5, Size: 32x32/);
  });

  it('say what has been asked for beside the usual', async () => {
    const freeu = ['--freeu', '0.9,0.2,1.5,1.6', '--seamless', 'x', '--pag-scale', '3'];
    const { stdout } = await runCli(['recipe', await generate('--seed', '5', ...freeu)]);
    assert.match(
      stdout,
      /\nOptions: --pag-scale 3 --seamless x (?:--vae-tiling off )?--freeu 0.9,0.2,1.5,1.6\n/,
    );
    const usual = await runCli(['recipe', await generate('--seed', '5')]);
    assert.doesNotMatch(usual.stdout, /Options/);
  });

  it('draw a style as its words would be drawn', async () => {
    const pixels = async (prompt: string, ...more: string[]) => {
      const size = ['--steps', '2', '--width', '32', '--height', '32', '--seed', '5'];
      const args = ['generate', prompt, '--model', model, ...size, '--device', 'cpu', '--json'];
      const result = await runCli([...args, '--output', output, ...more]);
      const image = result.events().find(({ event }) => event === 'image');
      return sharp(image?.path as string)
        .raw()
        .toBuffer();
    };
    const style = findStyle(DEFAULT_STYLES, 'photo');
    const words = styledPrompts({ prompt: 'a cat', style });
    const styled = await pixels('a cat', '--style', 'photo');
    const written = await pixels(words.prompt, '--negative-prompt', words.negativePrompt);
    assert.ok(styled.equals(written));
    assert.ok(!styled.equals(await pixels('a cat')));
  });

  it('leave the recipe out where asked to', async () => {
    const file = await generate('--no-metadata');
    assert.equal(readRecipe(readFileSync(file)), undefined);
    const { code, stderr } = await runCli(['recipe', file]);
    assert.equal(code, 1);
    assert.match(stderr, /does not say how it was made/);
  });

  it('read weights and wildcards', async () => {
    const file = await generate('--prompt-syntax', 'weighted', '--wildcards');
    const { promptSyntax, wildcards } = readRecipe(readFileSync(file))!.request;
    assert.deepEqual([promptSyntax, wildcards], ['weighted', true]);
  });

  it('say where no background can be taken away', async () => {
    // Small random weights draw noise to the very border.
    const size = ['--steps', '2', '--width', '32', '--height', '32', '--seed', '1'];
    const args = ['generate', 'a cat', '--model', model, ...size, '--device', 'cpu'];
    const { code, stderr } = await runCli([...args, '--transparent', '--output', output]);
    assert.equal(code, 1);
    assert.match(stderr, /no flat background/);
    assert.deepEqual(readdirSync(output), []);
  });

  it('make icons, and overwrite none', async () => {
    const file = await generate('--format', 'png');
    const icons = path.join(output, 'icons');
    const { code, stdout } = await runCli(['icon', file, '--output', icons]);
    assert.equal(code, 0);
    assert.equal(stdout.trim().split('\n').length, 11);
    assert.ok(readdirSync(icons).includes('favicon.ico'));
    const again = await runCli(['icon', file, '--output', icons]);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /nothing is overwritten/);
  });

  it('name what is wrong', async () => {
    for (const args of [['recipe'], ['recipe', 'a', 'b'], ['icon'], ['recipe', '/none.png']]) {
      assert.equal((await runCli(args)).code, 2);
    }
    assert.equal((await runCli(['generate', 'a cat', '--style', 'cubist'])).code, 2);
    assert.equal((await runCli(['generate', 'a cat', '--format', 'gif'])).code, 2);
    const jpeg = await runCli(['generate', 'a cat', '--format', 'jpeg', '--transparent']);
    assert.equal(jpeg.code, 2);
    assert.match(
      jpeg.stderr,
      /jpeg files are drawn without transparency; take png, webp, avif, svg/,
    );
  });
});
