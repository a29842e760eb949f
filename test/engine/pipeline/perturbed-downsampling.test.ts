import assert from 'node:assert/strict';

import type { GenerationRequestInput } from '../../../src/core/request/request';
import { DrawingEngine } from '../../../src/engine/engine';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { oneDevice, runEngine } from '../../support/engine-run';
import { materialise } from '../../support/fixture';

describe('perturbed attention at the level whose tokens are downsampled', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  it('is drawn, and both count', async () => {
    const draw = async (asked: Partial<GenerationRequestInput>) => {
      const engine = new DrawingEngine(oneDevice('cpu'), sessions);
      const size = { width: 64, height: 48, steps: 2, seed: 1 };
      const request = { prompt: 'a cat', model: materialise('sdxl'), ...size, ...asked };
      const { images } = await runEngine(engine, { ...request, metadata: false });
      return Buffer.from(images[0]!.bytes).toString('base64');
    };
    const perturbed = { pagScale: 3, pagAppliedLayers: ['blocks'] };
    const drawn = [
      await draw(perturbed),
      await draw({ tokenDownsampling: 2 }),
      await draw({ ...perturbed, tokenDownsampling: 2 }),
    ];
    assert.equal(new Set(drawn).size, 3);
  });
});
