import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { parseUpscaleCommand } from '../../src/cli/upscale';
import { runCli } from '../support/cli';
import { pictureBytes } from '../support/fixture';
import { tempFolder } from '../support/temp-folder';
import { materialiseUpscaler } from '../support/upscalers';

describe('easel upscale', function () {
  this.timeout(120_000);

  it('reads a model with a factor, or either of them', () => {
    const request = (...args: string[]) => parseUpscaleCommand(['a.png', ...args]).request;
    assert.deepEqual(request(), {});
    assert.deepEqual(request('--model', 'x4.pth:2.5'), { model: 'x4.pth', factor: 2.5 });
    assert.deepEqual(request('--model', 'org/name/x4.pth'), { model: 'org/name/x4.pth' });
    assert.deepEqual(request('--model', 'x4.pth:2', '--factor', '3'), { model: 'x4.pth', factor: 3 }); // prettier-ignore
    assert.deepEqual(request('--output', 'b.webp', '--device', 'CPU'), { format: 'webp', device: 'cpu' }); // prettier-ignore
  });

  it('refuses what it cannot do before it reads anything', () => {
    for (const [args, message] of [
      [[], /Name one image/],
      [['a.png', 'b.png'], /Name one image/],
      [['a.png', '--factor', '9'], /factor: must be at most 8/],
      [['a.png', '--factor', 'x'], /--factor must be a number/],
      [['a.png', '--format', 'svg'], /format: must be/],
      [['a.png', '--precision', 'int8'], /precision: must be/],
      [['a.png', '--output', 'b.png', '--format', 'webp'], /--format says otherwise/],
    ] as const) {
      assert.throws(() => parseUpscaleCommand([...args]), { code: 'bad-request', message });
    }
  });

  it('saves the image under a new name, and overwrites none', async () => {
    const folder = tempFolder();
    const [file, out] = [path.join(folder, 'photo.jpg'), path.join(folder, 'out')];
    writeFileSync(file, await sharp(pictureBytes('sketch.png')).jpeg().toBuffer());
    const model = materialiseUpscaler('compact-x4', { folder, file: 'x4.pth' });
    const args = ['upscale', file, '--model', `${model}:3`, '--device', 'cpu', '--output', out];
    for (const name of ['photo-3x.jpg', 'photo-3x-2.jpg']) {
      const { code, stdout, stderr } = await runCli(args);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `${path.join(out, name)}\n`);
      assert.match(stderr, /Made 3 times as large by x4 on cpu/);
    }
    assert.deepEqual(readdirSync(out).sort(), ['photo-3x-2.jpg', 'photo-3x.jpg']);
    assert.equal((await sharp(readFileSync(path.join(out, 'photo-3x.jpg'))).metadata()).width, 192);
  });

  it('reports tiles and the result as JSON lines', async () => {
    const folder = tempFolder();
    const file = path.join(folder, 'a.png');
    writeFileSync(file, pictureBytes('sketch.png'));
    const model = materialiseUpscaler('compact-x2', { folder });
    const result = await runCli(['upscale', file, '--model', model, '--output', folder, '--json', '--device', 'cpu']); // prettier-ignore
    assert.equal(result.code, 0, result.stderr);
    const events = result.events();
    assert.deepEqual(
      events.map(({ event }) => event),
      ['loading', 'tile', 'image', 'done'],
    );
    const { upscaler, factor, device, format } = events.at(-1)!;
    assert.deepEqual([upscaler, factor, device, format], ['compact-x2', 2, 'cpu', 'png']);
    const missing = await runCli(['upscale', path.join(folder, 'none.png'), '--output', folder]);
    assert.equal(missing.code, 2);
  });
});
