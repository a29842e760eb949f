import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeModel } from '../../../src/engine/models/describe';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawRequest, requestOf } from '../../support/drawing';
import { materialise, reference, tensorShapes } from '../../support/fixture';
import { randomTensors } from '../../support/random-weights';
import { encodeSafetensors } from '../../support/safetensors-file';
import { asScaled } from '../../support/scaled-float8';

/** text-to-image.test.ts compares the plain weights with diffusers. */
describe('a model in float8 with scales', () => {
  for (const naming of ['scale_weight', 'weight_scale'] as const) {
    it(`draws what the same weights draw without (${naming})`, async () => {
      const run = reference('float8').run('default');
      const drawn = [];
      for (const scaled of [false, true]) {
        const folder = materialise('float8');
        if (scaled) scaleAll(folder, naming);
        const sessions = new SessionCache();
        drawn.push(await drawRequest(requestOf(run, folder), folder, sessions));
        await sessions.clear();
      }
      assert.deepEqual(drawn[1]!.steps, drawn[0]!.steps);
      assert.deepEqual(drawn[1]!.pictures, drawn[0]!.pictures);
    });
  }
});

describe('a model in float8', () => {
  it('is listed with its type', async () => {
    const folder = materialise('float8');
    const { runnable, precision } = await describeModel({ id: folder, folder }, 'path');
    assert.deepEqual([runnable, precision], [true, 'F8_E4M3']);
  });
});

function scaleAll(folder: string, naming: 'scale_weight' | 'weight_scale'): void {
  for (const [component, shapes] of Object.entries(tensorShapes('float8'))) {
    const base = component === 'text_encoder' ? 'model' : 'diffusion_pytorch_model';
    const tensors = asScaled(randomTensors(shapes, 'F8_E4M3'), naming);
    const file = path.join(folder, component, `${base}.safetensors`);
    writeFileSync(file, encodeSafetensors(tensors));
  }
}
