import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openModel } from '../../../src/engine/model/open';
import type { Model } from '../../../src/engine/model/model';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawModel } from '../../support/drawing';
import { materialise, tensorShapes } from '../../support/fixture';
import { materialiseOnnx } from '../../support/onnx-folder';
import { writeHollow } from '../../support/published-checkpoint';
import { randomTensors } from '../../support/random-weights';
import { writeSafetensors } from '../../support/safetensors-file';

describe('variants of the weights in a model’s folder', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  const draw = async (model: Model): Promise<Uint8Array> => {
    const { nativeSize, id } = model;
    const request = { prompt: 'a red apple', seed: 5, steps: 2, ...nativeSize, model: id };
    const { pictures } = await drawModel(request, model, sessions);
    return Uint8Array.from(pictures[0]!.data);
  };
  const drawFolder = async (folder: string, variant?: string) =>
    draw(await openModel({ id: folder, folder }, { variant }));
  const write = (folder: string, name: string) => {
    const tensors = randomTensors(tensorShapes('sd1').unet!, 'F32', 'other.');
    writeSafetensors(path.join(folder, 'unet', name), tensors);
  };

  it('are drawn with where they are asked for; other components are read without', async () => {
    const other = materialise('sd1');
    write(other, 'diffusion_pytorch_model.safetensors');
    const expected = await drawFolder(other);
    const folder = materialise('sd1');
    const plain = await drawFolder(folder);
    write(folder, 'diffusion_pytorch_model.ema.safetensors');
    // The sessions of one are not taken for the other's.
    assert.deepEqual(await drawFolder(folder), plain);
    assert.deepEqual(await drawFolder(folder, 'ema'), expected);
    assert.deepEqual(await drawFolder(folder), plain);
    assert.notDeepEqual(plain, expected);
  });

  it('that are not there are refused with those that are', async () => {
    const folder = materialise('sd1');
    const none = { code: 'bad-request', message: /has no variant ema\. It has none\.$/ };
    await assert.rejects(drawFolder(folder, 'ema'), none);
    writeFileSync(path.join(folder, 'unet', 'diffusion_pytorch_model.non_ema.safetensors'), '');
    writeFileSync(path.join(folder, 'vae', 'diffusion_pytorch_model.fp16.bin'), '');
    const some = { code: 'bad-request', message: /no variant ema\. It has: fp16, non_ema\.$/ };
    await assert.rejects(drawFolder(folder, 'ema'), some);
  });

  it('are refused of models that have none', async () => {
    const folder = materialiseOnnx('optimum');
    const message = /is a folder of exported ONNX graphs, which has no variants/;
    await assert.rejects(drawFolder(folder, 'fp16'), { code: 'bad-request', message });
  });

  it('are refused of a single file', async function () {
    // NTFS would write out the gigabytes.
    if (process.platform === 'win32') this.skip();
    const file = writeHollow('sd1');
    const opening = openModel({ id: file, folder: path.dirname(file), file }, { variant: 'fp16' });
    const message = /is one file of weights, which has no variants/;
    await assert.rejects(opening, { code: 'bad-request', message });
  });
});
