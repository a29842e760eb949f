import assert from 'node:assert/strict';

import type { GenerationRequestInput } from '../../../src/core/request/request';
import { DrawingEngine } from '../../../src/engine/engine';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { oneDevice, runEngine, warningsOf } from '../../support/engine-run';
import { materialise } from '../../support/fixture';

describe('what a request asks for in vain', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  async function warningsFor(model: string, asked: Partial<GenerationRequestInput>) {
    const engine = new DrawingEngine(oneDevice('cpu'), sessions);
    const size = { width: 32, height: 32, steps: 1, seed: 1 };
    const request = { prompt: 'a cat', model: materialise(model), ...size, ...asked };
    return warningsOf(await runEngine(engine, request));
  }

  it('is said where there is no guidance', async () => {
    const asked = { negativePrompt: 'a dog', guidanceRescale: 0.5 };
    assert.deepEqual(await warningsFor('sd1', asked), []);
    const [off, ...others] = await warningsFor('sd1', { ...asked, guidanceScale: 1 });
    assert.deepEqual(others, []);
    assert.match(off!, /^negativePrompt and guidanceRescale are not used: .*above 1/);
    const [never] = await warningsFor('lcm', { negativePrompt: 'a dog' });
    assert.match(never!, /^negativePrompt is not used: .* a way of its own\.$/);
    assert.deepEqual(await warningsFor('lcm', {}), []);
  });

  it('is said where there is no initial image', async () => {
    const [warning, ...others] = await warningsFor('sd1', { strength: 0.5, background: '#ff0000' });
    assert.deepEqual(others, []);
    assert.equal(warning, 'strength and background are not used: there is no initial image.');
    // The ground is drawn over.
    assert.deepEqual(await warningsFor('sd1', { strength: 1, ground: 'waves' }), []);
  });

  it('is said where the model does not compose', async () => {
    const [warning] = await warningsFor('sd1', { variation: 2 });
    assert.match(warning!, /^variation is not used: .*take another seed\.$/);
  });
});
