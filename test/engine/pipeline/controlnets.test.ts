import assert from 'node:assert/strict';
import path from 'node:path';

import type { ControlPreprocessor } from '../../../src/core/image/control/names';
import { readyImage, type RgbImage } from '../../../src/core/image/pixels';
import { preprocessControl } from '../../../src/core/image/control/preprocess';
import { resizeLanczos } from '../../../src/core/image/resize';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { decodeImage } from '../../../src/engine/images/sharp-image';
import { openModel } from '../../../src/engine/model/open';
import {
  controlInputs,
  openControls,
  planControls,
  sizeOfControls,
} from '../../../src/engine/pipeline/control-images';
import { prepareSource } from '../../../src/engine/pipeline/source-image';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import {
  CONTROL_RUNS,
  controlPicture,
  controlRequest,
  controlTensors,
  materialiseControl,
} from '../../support/controlnets';
import { drawModel } from '../../support/drawing';
import { materialise, pictureBytes } from '../../support/fixture';
import { differences, readPixels } from '../../support/pictures';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

describe('ControlNets and T2I-Adapters, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());
  const folders = new Map<string, string>();

  async function difference(name: string, more: Partial<GenerationRequestInput> = {}) {
    const run = CONTROL_RUNS[name]!;
    const request = { ...controlRequest(run), ...more };
    const folder = folders.get(run.model) ?? materialise(run.model);
    folders.set(run.model, folder);
    const plain = await openModel({ id: run.model, folder });
    const model = await plain.withControlNets(request.controlnets ?? []);
    const { pictures } = await drawModel(request, model, sessions);
    return differences(pictures[0]!, await readPixels(controlPicture(name))).largest;
  }

  for (const name of Object.keys(CONTROL_RUNS)) {
    it(`draw ${name}`, async () => {
      const largest = await difference(name);
      assert.ok(largest <= 1, `differs by up to ${largest}`);
    });
  }

  it('draw the same where each row is a call of its own', async () => {
    for (const name of ['sd1-two', 'sd1-pooled', 'sdxl', 'adapter-two', 'adapter-sdxl']) {
      const largest = await difference(name, { guidanceInterval: { start: 0, end: 1 } });
      assert.ok(largest <= 1, `${name} differs by up to ${largest}`);
    }
  });

  it('draw the same from PyTorch’s files of the original layouts', async () => {
    for (const name of ['sd1-original', 'adapter-original', 'adapter-light-original']) {
      const [network] = CONTROL_RUNS[name]!.networks;
      const file = materialiseControl(network!, '.pth');
      const largest = await difference(name, { controlnets: [file] });
      assert.ok(largest <= 1, `${name} differs by up to ${largest}`);
    }
  });

  it('draw another image than the model alone, and than another image to follow', async () => {
    const without = {
      ...{ controlnets: [], controlImages: [], controlnetConditioningScale: [] },
      ...{ controlGuidanceStart: [], controlGuidanceEnd: [] },
    };
    const alone = await difference('sd1', without);
    assert.ok(alone > 20, `the model alone differs by ${alone} only`);
    const [other] = controlRequest(CONTROL_RUNS['sd1-two']!).controlImages!.slice(1);
    const elsewhere = await difference('sd1', { controlImages: [other!] });
    assert.ok(elsewhere > 5, `another image differs by ${elsewhere} only`);
  });

  it('are read from a file of diffusers’ layout, in half precision', async () => {
    const file = path.join(tempFolder(), 'canny.fp16.safetensors');
    writeSafetensors(file, controlTensors('lines', 'F16'));
    const largest = await difference('sd1', { controlnets: [file] });
    // Its weights are rounded.
    assert.ok(largest <= 8, `differs by up to ${largest}`);
  });

  it('are given what is made of the control image', async () => {
    const sketch = await decodeImage(pictureBytes('sketch-150x110.png'), '#ffffff', 'sketch');
    const edges = preprocessControl('canny', resizeLanczos(sketch, 64, 64));
    const given = (image: RgbImage) => ({ image: readyImage(image), scale: 1, start: 0, end: 1 });
    const size = { width: 64, height: 64 };
    const [made] = await controlInputs([{ ...given(sketch), preprocess: 'canny' }], size);
    const [plain] = await controlInputs([{ ...given(edges), preprocess: 'none' }], size);
    assert.deepEqual(made, plain);
    assert.deepEqual(new Set(made!.image), new Set([0, 1]));
  });

  it('say the size where the request does not, but not by a QR code', async () => {
    const model = await openModel({ id: 'sd1', folder: materialise('sd1') });
    const { controlImages } = controlRequest(CONTROL_RUNS['sd1-usual']!);
    const image = await decodeImage(controlImages![0]!, '#000000', 'sketch');
    const source = { image: readyImage(image), scale: undefined, start: 0, end: 1 };
    const sizeFor = (preprocess: ControlPreprocessor) =>
      sizeOfControls([{ ...source, preprocess }], model);
    assert.deepEqual(sizeFor('canny'), { width: 64, height: 48 });
    assert.equal(sizeFor('qr'), undefined);
    assert.equal(sizeOfControls([], model), undefined);
  });

  it('for inpainting are not told what the mask says', async () => {
    const run = CONTROL_RUNS['sd1-inpaint']!;
    const request = parseRequest({ ...controlRequest(run), controlPreprocess: ['inpaint'] });
    const [source] = await openControls(request);
    const [input] = await controlInputs(planControls([source!]), { width: 64, height: 64 });
    const { mask } = await prepareSource(
      {
        image: source!.image,
        mask: readyImage(await decodeImage(pictureBytes('mask.png'), '#000000', 'mask')),
      },
      { width: 64, height: 64 },
    );
    for (const [i, value] of input!.image.entries()) {
      assert.equal(value === -1, mask![i % mask!.length] === 1);
    }
    const without = parseRequest({
      ...controlRequest(CONTROL_RUNS.sd1!),
      controlPreprocess: ['inpaint'],
    });
    await assert.rejects(openControls(without), { code: 'bad-request', message: /--mask/ });
  });

  it('follow in a second pass too', async () => {
    const hires = { scale: 1.5, strength: 0.6, steps: 3, upscaler: 'latent' } as const;
    const run = CONTROL_RUNS.sd1!;
    const request = { ...controlRequest(run), hires };
    const plain = await openModel({ id: run.model, folder: materialise(run.model) });
    const model = await plain.withControlNets(request.controlnets ?? []);
    const ended = { ...request, controlnetConditioningScale: [0] };
    const [followed, alone] = [
      await drawModel(request, model, sessions),
      await drawModel(ended, model, sessions),
    ].map(({ pictures }) => pictures[0]!);
    assert.deepEqual([followed!.width, followed!.height], [96, 96]);
    assert.ok(differences(followed!, alone!).largest > 20);
  });
});
