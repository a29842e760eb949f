import assert from 'node:assert/strict';

import { parseGenerate } from '../../../src/cli/generate/arguments';
import { describeOptions, FIELD_OPTIONS } from '../../../src/cli/generate/options';
import { EaselError } from '../../../src/core/errors';
import { FIELD_NAMES, requestField } from '../../../src/core/request/fields';
import { parseRequest } from '../../../src/core/request/request';

const command = (...args: string[]) => parseGenerate(['a cat', ...args]);
const request = (...args: string[]) => parseRequest(command(...args).request);

describe('the options of generate', () => {
  it('are those of the request fields, the model first, and end with those of the command', () => {
    const named = FIELD_NAMES.flatMap((field) => requestField(field).option?.name ?? []);
    const lines = describeOptions().split('\n');
    const shown = lines.map((line) => /^ {2}--([\w-]+)/.exec(line)?.[1]);
    const others = named.filter((name) => name !== 'model');
    assert.deepEqual(shown, [
      'model',
      ...others,
      'grid',
      'prompt-matrix',
      'output',
      'threads',
      'priority',
      'json',
    ]);
  });

  it('leave out what is not given, so that the engine fills the defaults', () => {
    assert.deepEqual(command('--steps', '3', '--no-metadata').request, {
      prompt: 'a cat',
      steps: 3,
      metadata: false,
    });
  });

  it('name files apart from the request, which gets their bytes later', () => {
    const { request, files } = command('--init-image', 'a.png', '--mask', 'b.png');
    assert.deepEqual(files, { initImage: 'a.png', mask: 'b.png' });
    assert.deepEqual(request, { prompt: 'a cat' });
    const controlled = command('--controlnet', 'lines', '--control-image', 'c.png');
    assert.deepEqual(controlled.files, { controlImages: ['c.png'] });
    assert.deepEqual(controlled.request, { prompt: 'a cat', controlnets: ['lines'] });
    const prompted = command(
      '--ip-adapter',
      'a',
      '--ip-adapter-image',
      'd',
      '--ip-adapter-image',
      'e',
    );
    assert.deepEqual(prompted.files, { ipAdapterImages: ['d', 'e'] });
    assert.deepEqual(prompted.request, { prompt: 'a cat', ipAdapters: ['a'] });
    assert.deepEqual(
      FIELD_OPTIONS.filter(({ file }) => file === true).map(({ field }) => field),
      ['initImage', 'mask', 'controlImages', 'ipAdapterImages'],
    );
  });
});

describe('--hires', () => {
  it('takes a scale, then strength, steps and upscaler', () => {
    const hires = (value: string) => command('--hires', value).request.hires;
    assert.deepEqual(hires('2'), { scale: 2 });
    assert.deepEqual(hires('1.5,0.6,20,lanczos'), {
      scale: 1.5,
      strength: 0.6,
      steps: 20,
      upscaler: 'lanczos',
    });
    assert.deepEqual(hires('3,latent'), { scale: 3, upscaler: 'latent' });
    for (const wrong of ['big', '2,0.5,10,20', '']) assert.throws(() => hires(wrong), EaselError);
  });
});

describe('--lora and --embedding', () => {
  it('take a file, and a scale or a word behind a colon', () => {
    const { loras } = request('--lora', 'a.safetensors', '--lora', 'b.safetensors:0.75');
    assert.deepEqual(loras, [
      { path: 'a.safetensors', scale: 1 },
      { path: 'b.safetensors', scale: 0.75 },
    ]);
    const { embeddings } = request('--embedding', 'a.pt', '--embedding', 'b/c.pt:<style>');
    assert.deepEqual(embeddings, [{ path: 'a.pt' }, { path: 'b/c.pt', token: '<style>' }]);
  });

  it('leave colons that belong to the name of a file', () => {
    const paths = ['C:\\loras\\a.safetensors', 'C:\\loras\\a.safetensors:-1', 'odd:name'];
    const { loras } = request(...paths.flatMap((path) => ['--lora', path]));
    assert.deepEqual(loras, [
      { path: 'C:\\loras\\a.safetensors', scale: 1 },
      { path: 'C:\\loras\\a.safetensors', scale: -1 },
      { path: 'odd:name', scale: 1 },
    ]);
    const { embeddings } = request('--embedding', 'C:\\e\\a.pt', '--embedding', 'C:\\e\\a.pt:x y');
    assert.deepEqual(embeddings, [{ path: 'C:\\e\\a.pt' }, { path: 'C:\\e\\a.pt', token: 'x y' }]);
  });

  it('refuse a scale out of its limits', () => {
    const parts = ['a.safetensors:0.8,text=0.5,up.1.0=-1', 'org/name,mid=0', 'a,b=c.safetensors'];
    assert.deepEqual(request(...parts.flatMap((path) => ['--lora', path])).loras, [
      { path: 'a.safetensors', scale: 0.8, weights: { text: 0.5, 'up.1.0': -1 } },
      { path: 'org/name', scale: 1, weights: { mid: 0 } },
      { path: 'a,b=c.safetensors', scale: 1 },
    ]);
    const [lora] = request('--lora', 'a.safetensors:0.5,lbw=OUTD,up.1=0.1').loras;
    assert.deepEqual([lora?.weights?.text, lora?.weights?.['down.1.0']], [0.5, 0]);
    assert.deepEqual([lora?.weights?.['up.1.2'], lora?.weights?.['up.1']], [0.5, 0.1]);
    assert.throws(() => request('--lora', 'a.safetensors:1,lbw=1,2'), {
      code: 'bad-request',
      message: /--lora: lbw takes 12, 17, 20 or 26 numbers, or one of NONE, ALL/,
    });
    assert.throws(() => request('--lora', 'a.safetensors:1,dwn=0.5'), {
      code: 'bad-request',
      message: /loras\.0.*must be text, text_encoder/,
    });
    assert.throws(() => request('--lora', 'a.safetensors:11'), {
      code: 'bad-request',
      message: /loras\.0\.scale: must be at most 10/,
    });
  });
});
