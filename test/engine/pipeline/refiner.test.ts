import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { styleRequest } from '../../../src/core/request/styles';
import { openModel } from '../../../src/engine/model/open';
import { onDevice, planJob } from '../../../src/engine/pipeline/plan';
import { openRefiner } from '../../../src/engine/pipeline/refining';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { itDrawsAsDiffusers } from '../../support/drawing';
import { materialise } from '../../support/fixture';

describe('a refiner after a base model, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  itDrawsAsDiffusers('sdxl-refiner', 'refining', sessions);
});

describe('a refiner alone, against diffusers', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  for (const task of ['image-to-image', 'inpainting'] as const) {
    itDrawsAsDiffusers('sdxl-refiner', task, sessions);
  }
});

describe('a refiner in a plan', () => {
  const folderOf = (name: string) => materialise(name);
  const planOf = async (input: Partial<GenerationRequestInput>, folder: string) => {
    const model = await openModel({ id: 'base', folder });
    const request = parseRequest({ prompt: 'a cat', ...input });
    const refiner = await openRefiner(request, model, (id) => openModel({ id, folder: id }));
    return planJob(styleRequest(request), model, undefined, { refiner });
  };

  it('goes on where the model ends, by default at 0.8', async () => {
    const [folder, refiner] = [folderOf('sdxl'), folderOf('sdxl-refiner')];
    const { first, refining, settings } = await planOf({ refiner, steps: 10 }, folder);
    assert.equal(settings.denoisingEnd, 0.8);
    assert.deepEqual([first.denoisingEnd, first.calls], [0.8, 8]);
    assert.deepEqual([refining?.pass.denoisingStart, refining?.pass.calls], [0.8, 2]);
    const alone = await planOf({ steps: 10 }, folder);
    assert.deepEqual([alone.first.calls, alone.refining], [10, undefined]);
    assert.equal(alone.settings.denoisingEnd, undefined);
  });

  it('goes on from the last of two passes', async () => {
    const [folder, refiner] = [folderOf('sdxl'), folderOf('sdxl-refiner')];
    const hires = { scale: 2, strength: 0.5, steps: 20 };
    const plan = await planOf({ refiner, steps: 10, hires }, folder);
    assert.deepEqual([plan.first.denoisingEnd, plan.first.calls], [undefined, 10]);
    assert.deepEqual([plan.second?.denoisingEnd, plan.second?.calls], [0.8, 6]);
    const { pass } = plan.refining!;
    assert.deepEqual([pass.denoisingStart, pass.calls, pass.steps], [0.8, 4, 20]);
    assert.deepEqual([pass.width, pass.height], [plan.second?.width, plan.second?.height]);
    assert.equal(plan.settings.denoisingEnd, 0.8);
    const little = { refiner, steps: 10, hires: { ...hires, strength: 0.1 } };
    await assert.rejects(planOf(little, folder), /No step is left up to 0.8.*a greater strength/);
  });

  it('is counted in the memory, where both models are kept and where one is', async () => {
    const [folder, refiner] = [folderOf('sdxl'), folderOf('sdxl-refiner')];
    const both = await planOf({ refiner, steps: 10 }, folder);
    const base = await planOf({ steps: 10 }, folder);
    const other = both.refining!.model.estimateMemory(both.memoryUse);
    for (const [plan, own] of [
      [both, base],
      [onDevice(both, PLACE), onDevice(base, PLACE)],
    ] as const) {
      assert.equal(plan.memory.bytes, Math.max(own.memory.bytes, other.bytes));
      assert.equal(plan.memory.bytesTogether, own.memory.bytesTogether + other.bytesTogether);
    }
  });

  it('is refused with a model that it does not go on from, before anything is loaded', async () => {
    const refiner = folderOf('sdxl-refiner');
    const [sd1, sdxl] = [folderOf('sd1'), folderOf('sdxl')];
    const cases: [Partial<GenerationRequestInput>, string, RegExp][] = [
      [{ refiner }, sd1, /base is not Stable Diffusion XL/],
      [{ refiner: sd1 }, sdxl, /sd1.*is not Stable Diffusion XL.*base/s],
      [{ refiner }, refiner, /base is a refiner itself/],
      [{ refiner }, folderOf('sdxl-inpaint'), /base is for inpainting/],
      [{ refiner: folderOf('sdxl-inpaint') }, sdxl, /for inpainting or for editing/],
      [{ refiner: otherLatents() }, sdxl, /8 × 8 pixels.*: they cannot/],
      [{ refiner, denoisingEnd: 1 }, sdxl, /one of the two models has no step/],
      [{ aestheticScore: 7 }, sdxl, /aestheticScore is for refiners, and base/],
      [{ denoisingEnd: 0.5 }, sd1, /denoisingEnd is for Stable Diffusion XL, and base/],
      [{ denoisingStart: 0.5 }, sdxl, /denoisingStart says how far an initial image/],
      [{}, refiner, /base is a refiner, which changes images.*--refiner/],
    ];
    for (const [input, folder, message] of cases) {
      await assert.rejects(planOf(input, folder), (thrown: Error) => {
        assert.match(thrown.message.replaceAll(sd1, 'sd1'), message);
        return true;
      });
    }
  });

  /** A refiner whose latents have cells of 4 × 4 pixels. */
  function otherLatents(): string {
    const folder = folderOf('sdxl-refiner');
    const file = path.join(folder, 'vae', 'config.json');
    const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown[]>;
    for (const name of ['block_out_channels', 'down_block_types', 'up_block_types']) {
      config[name] = config[name]!.slice(1);
    }
    writeFileSync(file, JSON.stringify(config));
    return folder;
  }
});

const PLACE = { precision: 'full', card: undefined, attention: undefined } as const;
