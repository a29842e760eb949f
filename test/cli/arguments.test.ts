import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseCommand } from '../../src/cli/arguments';
import { parseGenerate } from '../../src/cli/generate/arguments';
import { parseMcpCommand } from '../../src/cli/mcp/arguments';
import { nearest } from '../../src/cli/nearest';
import { VERSION } from '../../src/core/version';
import { tempFolder } from '../support/temp-folder';

const prompt = (...args: string[]) => parseGenerate(args).request.prompt;
const request = (...args: string[]) => parseGenerate(['a cat', ...args]).request;
const message = (run: () => unknown): string => {
  try {
    run();
    return '';
  } catch (thrown) {
    assert.equal((thrown as { code?: unknown }).code, 'bad-request');
    return (thrown as Error).message;
  }
};

describe('a prompt', () => {
  it('may begin with any dash', () => {
    const texts = [
      '-5 degrees',
      '-3 apples',
      '- a list',
      '-',
      '-cat',
      '— a title',
      '–',
      '--a cat sat',
      '-- x',
      '-5',
    ];
    for (const text of texts) {
      assert.equal(prompt(text), text);
      assert.equal(prompt('--transparent', text), text, 'after a switch');
      assert.equal(prompt(text, '--seed', '1'), text, 'before an option');
    }
  });

  it('is everything after --', () => {
    for (const text of ['--help', '--json', '-h', '--seed', '--version', '--', '-o']) {
      assert.equal(prompt('--seed', '1', '--', text), text);
      const command = parseCommand(['generate', '--', text]);
      assert.equal(command.verb === 'generate' && command.request.prompt, text);
      assert.equal(command.verb === 'generate' && command.json, false);
    }
  });

  it('is one argument', () => {
    assert.match(
      message(() => prompt('a', 'red', 'apple')),
      /Put the prompt in quotes/,
    );
    assert.match(
      message(() => prompt('--seed', '1')),
      /Say what to draw/,
    );
  });
});

describe('an option', () => {
  it('takes a value that begins with a dash', () => {
    assert.equal(request('--negative-prompt', '-blurry').negativePrompt, '-blurry');
    assert.equal(request('--negative-prompt', '--ar 16:9').negativePrompt, '--ar 16:9');
    assert.equal(request('--negative-prompt', '--nothing').negativePrompt, '--nothing');
    assert.equal(request('--negative-prompt=--seed').negativePrompt, '--seed');
    assert.equal(request('--negative-prompt=').negativePrompt, '');
    assert.equal(request('--negative-prompt=a=b').negativePrompt, 'a=b');
    assert.deepEqual(request('--lora', '-x.safetensors:-1').loras, [
      { path: '-x.safetensors', scale: -1 },
    ]);
    assert.match(
      message(() => request('--seed', '-1')),
      /seed: must be at least 0, not -1/,
    );
  });

  it('that lacks its value is named', () => {
    assert.match(
      message(() => request('--seed')),
      /^--seed needs a value\.$/,
    );
    assert.match(
      message(() => request('--output', '--json')),
      /^--output needs a value\. .*--output=--json$/,
    );
    assert.match(
      message(() => request('--json=yes')),
      /^--json takes no value/,
    );
  });

  it('that does not exist leads to the nearest', () => {
    const cases: [string, string][] = [
      ['--wdith', '--width'],
      ['--num', '--num-images'],
      ['--Seed', '--seed'],
      ['--negative', '--negative-prompt'],
      ['--guidance-scal', '--guidance-scale'],
      ['--no-metdata', '--no-metadata'],
      ['-seed', '--seed'],
      ['—seed', '--seed'],
      ['–json', '--json'],
      ['-o', '--output'],
    ];
    for (const [typed, meant] of cases) {
      assert.equal(
        message(() => request(typed)),
        `There is no option ${typed}. Did you mean ${meant}?`,
      );
    }
    assert.match(
      message(() => request('--quality')),
      /^There is no option --quality\. Try: easel --help$/,
    );
    assert.match(
      message(() => parseCommand(['models', '--jsn'])),
      /Did you mean --json\?/,
    );
    assert.match(
      message(() => parseCommand(['genrate'])),
      /Did you mean "easel generate"\?/,
    );
    assert.match(
      message(() => parseCommand(['models', 'catalog'])),
      /Did you mean "models catalogue"\?/,
    );
    assert.match(
      message(() => parseCommand(['a red apple'])),
      /easel generate "a red apple"/,
    );
    assert.match(
      message(() => parseCommand(['devices', 'cpu'])),
      /There is no command "devices cpu"\. .*list, install, remove/,
    );
    assert.match(
      message(() => parseCommand(['devices', 'install'])),
      /Name a device/,
    );
    assert.match(
      message(() => parseCommand(['devices', 'install', 'cudo'])),
      /There is no device "cudo"/,
    );
    assert.match(
      message(() => parseCommand(['devices', 'list', 'cpu'])),
      /takes no more arguments: cpu/,
    );
    assert.deepEqual(parseCommand(['devices', 'remove', 'CUDA', '-y']), {
      ...{ verb: 'devices', action: 'remove', device: 'cuda', yes: true, json: false },
    });
    assert.equal(nearest('xyzzy', ['seed', 'steps']), undefined);
  });

  it('takes words in any case, and formats by their endings', () => {
    const { format } = request('--format', 'PNG');
    assert.equal(format, 'png');
    for (const name of ['jpg', 'JPG', 'Jpeg', '.jpg'])
      assert.equal(request('--format', name).format, 'jpeg');
    assert.match(
      message(() => request('--format', 'gif')),
      /format: must be "png" or .*"gif"/,
    );
    assert.equal(request('--device', 'CPU').device, 'cpu');
    assert.equal(request('--vae', 'Tiny').vae, 'tiny');
    assert.equal(request('--vae', 'Org/VAE').vae, 'Org/VAE');
    assert.equal(request('--vae-tiling', 'ON').vaeTiling, true);
    assert.equal(request('--seamless', 'XY').seamless, 'xy');
    const freeu = { s1: 0.9, s2: 0.2, b1: 1.5, b2: 1.6 };
    assert.deepEqual(request('--freeu', '.9,0.2,1.5,1.6').freeu, freeu);
    assert.equal(request('--prompt-syntax', 'Weighted').promptSyntax, 'weighted');
    assert.equal(request('--hires', '2,Lanczos').hires?.upscaler, 'lanczos');
    assert.equal(parseMcpCommand(['--device', 'CPU']).device, 'cpu');
    const load = { threads: 2, priority: 'low' };
    const given = ['--threads', '2', '--priority=LOW'];
    assert.deepEqual(parseMcpCommand(given).load, load);
    const command = parseCommand(['generate', 'x', ...given]);
    assert.deepEqual(command.verb === 'generate' && command.load, load);
    assert.equal(command.verb === 'generate' && 'threads' in command.request, false);
  });

  it('forecasts with and without parameters', () => {
    const { forecast, prompt } = request('--forecast');
    assert.deepEqual(forecast, {});
    assert.equal(prompt, request().prompt);
    for (const args of [
      ['--forecast', 'w=0.4,M=2'],
      ['--forecast=w=0.4,m=2'],
      ['--forecast=w = 0.4, m = 2'],
    ]) {
      assert.deepEqual(request(...args).forecast, { w: 0.4, m: 2 }, args.join(' '));
    }
    assert.deepEqual(request('--forecast', '--steps', '30').forecast, {});
    assert.match(
      message(() => request('--forecast', 'w=much')),
      /--forecast must be a number, not "much"/,
    );
    assert.match(
      message(() => request('--forecast=0.4')),
      /--forecast takes values such as w=0.4,m=3, not "0.4"/,
    );
    assert.match(
      message(() => request('--forecast', 'w=2')),
      /forecast\.w: must be at most 1/,
    );
    assert.match(
      message(() => request('--forecast', 'order=2')),
      /order/,
    );
  });

  it('tells SDXL sizes and a corner', () => {
    const asked = request('--original-size', '1024x768', '--target-size=512X640');
    assert.deepEqual(asked.originalSize, { width: 1024, height: 768 });
    assert.deepEqual(asked.targetSize, { width: 512, height: 640 });
    assert.deepEqual(request('--crop-top-left', '3,70').cropTopLeft, { left: 3, top: 70 });
    const negative = request('--negative-original-size=64x48', '--negative-target-size', '72x40');
    assert.deepEqual(negative.negativeOriginalSize, { width: 64, height: 48 });
    assert.deepEqual(negative.negativeTargetSize, { width: 72, height: 40 });
    const corner = request('--negative-crop-top-left', '5,0').negativeCropTopLeft;
    assert.deepEqual(corner, { left: 5, top: 0 });
    assert.match(
      message(() => request('--original-size', '0x5')),
      /originalSize\.width.*at least 1/,
    );
    assert.match(
      message(() => request('--target-size', '512xtall')),
      /--target-size must be a number, not "tall"/,
    );
    assert.match(
      message(() => request('--crop-top-left', '-1,0')),
      /cropTopLeft\.left.*at least 0/,
    );
  });

  it('gives the second text encoder prompts of its own', () => {
    const asked = request('--prompt-2', 'oil on canvas', '--negative-prompt-2=a photo');
    assert.deepEqual([asked.prompt2, asked.negativePrompt2], ['oil on canvas', 'a photo']);
    assert.equal(request().prompt2, undefined);
  });

  it('guides an interval of the steps', () => {
    assert.deepEqual(request('--guidance-interval', '0.1:.8').guidanceInterval, {
      start: 0.1,
      end: 0.8,
    });
    for (const value of ['0.5', '1:2:3', 'a:b', '0.8:0.1', '0.5:0.5', '-1:0.5', '0:1.5', ':']) {
      assert.match(
        message(() => request('--guidance-interval', value)),
        /guidance-?interval/i,
        value,
      );
    }
  });

  it('that asks for the version or for help is answered wherever it is', () => {
    for (const args of [['--version'], ['-V'], ['version'], ['generate', 'x', '--version']]) {
      assert.deepEqual(parseCommand(args), { verb: 'print', text: `easel ${VERSION}\n` });
    }
    for (const args of [[], ['--help'], ['-h'], ['help'], ['generate', '--nonsense', '--help']]) {
      const command = parseCommand(args);
      assert.match(command.verb === 'print' ? command.text : '', /^easel: draws images/);
    }
    const models = parseCommand(['models', '--help']);
    assert.match(models.verb === 'print' ? models.text : '', /^easel models:/);
  });
});

describe('a path', () => {
  const home = homedir();

  it('may begin with the home folder, in every option', () => {
    const {
      request: asked,
      files,
      output,
    } = parseGenerate([
      ...['a cat', '--output=~/images', '--model=~/m', '--init-image', '~/a.png', '--mask=~/b.png'],
      ...['--lora=~/l.safetensors:0.5', '--embedding', '~/e.pt:word'],
    ]);
    assert.deepEqual(output, { folder: `${home}/images` });
    assert.deepEqual(files, { initImage: `${home}/a.png`, mask: `${home}/b.png` });
    assert.equal(asked.model, `${home}/m`);
    assert.deepEqual(asked.loras, [{ path: `${home}/l.safetensors`, scale: 0.5 }]);
    assert.deepEqual(asked.embeddings, [{ path: `${home}/e.pt`, token: 'word' }]);
    assert.deepEqual(parseGenerate(['x', '--output', '~']).output, { folder: home });
    assert.deepEqual(parseCommand(['recipe', '~/a.png']), {
      verb: 'recipe',
      file: `${home}/a.png`,
      json: false,
    });
    const icon = parseCommand(['icon', '~/a.png', '--output=~/i']);
    assert.deepEqual(icon.verb === 'icon' && [icon.file, icon.output], [
      `${home}/a.png`,
      `${home}/i`,
    ]);
    const models = parseCommand(['models', 'list', '~/m']);
    assert.deepEqual(models.verb === 'models' && models.action === 'list' && models.paths, [
      `${home}/m`,
    ]);
    const mcp = parseMcpCommand(['--output=~/i', '--model=~/m']);
    assert.deepEqual([mcp.output, mcp.model], [`${home}/i`, path.resolve(home, 'm')]);
  });

  it('of another user is not made into a folder', () => {
    for (const args of [['generate', 'x'], ['icon', 'x.png'], ['mcp']]) {
      assert.match(
        message(() => parseCommand([...args, '--output=~bob/x'])),
        /"~bob\/x" is not read as/,
      );
    }
    assert.deepEqual(parseGenerate(['x', '--output', './~bob']).output, { folder: './~bob' });
    assert.equal(request('--model', '~bob/m').model, '~bob/m');
  });

  it('with the ending of an image is a file, unless there is such a folder', () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'dir.png'));
    const output = (...args: string[]) => parseGenerate(['x', '--output', ...args]);
    const file = output(path.join(folder, 'out.JPG'));
    assert.deepEqual(file.output, { folder, file: { name: 'out.JPG', format: 'jpeg' } });
    assert.equal(file.request.format, 'jpeg');
    assert.equal(output('out.jpg', '--format', 'jpg').request.format, 'jpeg');
    assert.match(
      message(() => output('out.png', '--format', 'webp')),
      /out\.png is a png file/,
    );
    assert.match(
      message(() => output('out.jpg', '--transparent')),
      /transparent: jpeg files/,
    );
    assert.deepEqual(output(path.join(folder, 'dir.png'), '--format', 'webp').output, {
      folder: path.join(folder, 'dir.png'),
    });
    assert.deepEqual(output('new.png/').output, { folder: 'new.png/' });
    for (const name of ['v1.2', 'my.images', 'a', '.', '..', '.png', 'x/']) {
      const { output: place } = output(name);
      if (name !== '.png') assert.deepEqual(place, { folder: name });
    }
    for (const name of ['a.gif', 'a.TIFF', 'a.bmp', 'b/a.ico', 'a.heic', 'a.pdf']) {
      assert.match(
        message(() => output(name)),
        /files are not written; take \.png, .*For a folder: --output .*\/$/,
      );
    }
    assert.match(
      message(() => parseCommand(['icon', 'a.png', '--output', 'b.png'])),
      /names a folder/,
    );
  });
});

describe('options of a scale', () => {
  it('are refused without it', () => {
    for (const [option, value, scale] of [
      ['variation-seed', '5', 'variation-strength'],
      ['pag-adaptive-scale', '0.1', 'pag-scale'],
      ['pag-applied-layers', 'up_blocks.1', 'pag-scale'],
    ] as const) {
      const args = [`--${option}`, value];
      const refused = message(() => request(...args));
      assert.match(refused, new RegExp(`--${option} does nothing without --${scale}`));
      request(...args, `--${scale}`, '0');
      request(...args, '--grid', `${scale}=0,0.5`);
    }
  });
});
