import assert from 'node:assert/strict';

import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { openModel } from '../../../src/engine/model/open';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawModel } from '../../support/drawing';
import { materialise, pictureBytes } from '../../support/fixture';
import { ADAPTER_RUNS, adapterPicture, adapterRequest } from '../../support/ip-adapters';
import { differences, readPixels } from '../../support/pictures';
import { LoraCase } from '../lora/lora-case';

describe('IP-Adapters, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());
  const folders = new Map<string, string>();

  async function drawRun(name: string, more: Partial<GenerationRequestInput> = {}) {
    const run = ADAPTER_RUNS[name]!;
    const request = { ...adapterRequest(run), ...more };
    const folder = folders.get(run.model) ?? materialise(run.model);
    folders.set(run.model, folder);
    const plain = await openModel({ id: run.model, folder });
    const { model: adapted } = await plain.withAdapters(parseRequest(request));
    const controlled = await adapted.withControlNets(request.controlnets ?? []);
    const model = await controlled.withIpAdapters(parseRequest(request));
    return (await drawModel(request, model, sessions)).pictures;
  }

  async function difference(name: string, more: Partial<GenerationRequestInput> = {}) {
    const [picture] = await drawRun(name, more);
    return differences(picture!, await readPixels(adapterPicture(name))).largest;
  }

  for (const name of Object.keys(ADAPTER_RUNS)) {
    it(`draw ${name}`, async () => {
      const largest = await difference(name);
      assert.ok(largest <= 1, `differs by up to ${largest}`);
    });
  }

  it('draw the same where each row is a call of its own', async () => {
    for (const name of ['sd1-two', 'sd1-full', 'sdxl-plus']) {
      const largest = await difference(name, { guidanceInterval: { start: 0, end: 1 } });
      assert.ok(largest <= 1, `${name} differs by up to ${largest}`);
    }
  });

  const without = { ipAdapters: [], ipAdapterImages: [], ipAdapterScale: [] };

  it('change nothing at scale 0, and much at scale 1', async () => {
    const [alone] = await drawRun('sd1-zero', without);
    const [zero] = await drawRun('sd1-zero');
    assert.deepEqual(zero!.data, alone!.data);
    for (const name of ['sd1-plain', 'sd1-plus', 'sd1-full', 'sdxl-plain']) {
      const largest = await difference(name, without);
      assert.ok(largest > 20, `${name}: the model alone differs by ${largest} only`);
    }
  });

  it('draw another image of another image', async () => {
    for (const name of ['sd1-plain', 'sd1-plus', 'sd1-full']) {
      const other = [pictureBytes('mask-96x96.png')];
      const largest = await difference(name, { ipAdapterImages: other });
      assert.ok(largest > 3, `${name}: another image differs by ${largest} only`);
    }
  });

  it('prompt every image of a job', async () => {
    const [first, second] = await drawRun('sd1-plus', { numImages: 2 });
    const [alone] = await drawRun('sd1-plus', { seed: 43 });
    assert.ok(differences(first!, await readPixels(adapterPicture('sd1-plus'))).largest <= 1);
    assert.deepEqual(second!.data, alone!.data);
  });

  it('go with LoRAs, which change the UNet and not them', async () => {
    const loras = [{ ...new LoraCase('kohya').loras()[0]!, scale: 0.6 }];
    const [both] = await drawRun('sd1-plus', { loras });
    const [lora] = await drawRun('sd1-plus', { ...without, loras });
    const [off] = await drawRun('sd1-plus', { loras, ipAdapterScale: [0] });
    const [alone] = await drawRun('sd1-plus');
    assert.deepEqual(off!.data, lora!.data);
    for (const other of [lora!, alone!]) assert.ok(differences(both!, other).largest > 20);
  });

  it('prompt a second pass too', async () => {
    const hires = { scale: 1.5, strength: 0.6, steps: 3, upscaler: 'latent' } as const;
    const [prompted] = await drawRun('sd1-plus', { hires });
    const [alone] = await drawRun('sd1-plus', { hires, ipAdapterScale: [0] });
    assert.deepEqual([prompted!.width, prompted!.height], [96, 96]);
    assert.ok(differences(prompted!, alone!).largest > 20);
  });
});
