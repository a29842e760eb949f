import assert from 'node:assert/strict';
import path from 'node:path';
import { openModel } from '../../../src/engine/model/open';
import { Previewer } from '../../../src/engine/pipeline/previewer';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { resolveModel } from '../../../src/engine/store/resolve';
import { networksOf } from '../../support/networks';
import { ROOT } from '../../support/paths';

describe('decoded previews', () => {
  it('take at most a quarter of the time of a job, and none comes shortly before the image', async () => {
    const model = await openModel(await resolveModel(path.join(ROOT, 'models/starter')));
    const sessions = new SessionCache();
    // A step takes 100 ms on this clock, and a preview 50: each look is one end or the other of it.
    let now = 0;
    let looks = 0;
    const clock = () => (now += ++looks % 2 === 0 ? 50 : 0);
    const previewer = new Previewer(model, networksOf(model, sessions), clock);
    const scheduler = model.createScheduler();
    scheduler.setTimesteps(17);
    const { channels, factor } = model.latents;
    const size = { width: 64 / factor, height: 64 / factor };
    const latents = new Float32Array(channels * size.width * size.height).fill(0.1);
    const shown: number[] = [];
    for (let index = 1; index <= 17; index++) {
      now += 100;
      looks = 0;
      const step = {
        ...{ index, total: 17, seconds: 0.1, timestep: scheduler.timesteps[index - 1]! },
        ...{ latents, modelInput: latents, modelOutput: latents },
      };
      const image = await previewer.draw(step, scheduler, size);
      if (!image) continue;
      shown.push(index);
      assert.deepEqual([image.width, image.height], [64, 64]);
    }
    // 150 ms of rest are two steps; the last second has ten.
    assert.deepEqual(shown, [1, 3, 5, 7]);
    await sessions.clear();
  });
});
