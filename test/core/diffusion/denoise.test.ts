import assert from 'node:assert/strict';
import { denoise } from '../../../src/core/diffusion/denoise';
import { requireFinite } from '../../../src/core/diffusion/finite';
import { createScheduler } from '../../../src/core/diffusion/schedulers/index';
import { EaselError } from '../../../src/core/errors';

const SIZE = 16;

/** Runs three steps. @param outputs the network's value at each step */
async function run(outputs: readonly number[], earlierSteps = 0): Promise<EaselError | undefined> {
  const scheduler = createScheduler({ _class_name: 'EulerDiscreteScheduler' });
  scheduler.setTimesteps(3);
  let call = 0;
  try {
    await denoise({
      scheduler,
      latents: new Float32Array(SIZE).fill(1),
      timesteps: scheduler.timesteps,
      earlierSteps,
      totalSteps: earlierSteps + 3,
      guidanceScale: 2,
      guidanceRescale: 0,
      predict: () => {
        const value = outputs[call++] ?? 0;
        return Promise.resolve({ cond: new Float32Array(SIZE).fill(value) });
      },
      noise: () => new Float32Array(SIZE),
    });
    return undefined;
  } catch (thrown) {
    assert.ok(thrown instanceof EaselError);
    return thrown;
  }
}

describe('denoise', () => {
  it('ends at the step whose prediction is not finite', async () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const error = await run([0, value]);
      assert.equal(error?.code, 'not-finite');
      assert.deepEqual(error.data, { place: 'denoiser', step: 2, steps: 3 });
    }
  });

  it('ends at the step whose latents are not finite, counted over both passes', async () => {
    const error = await run([3e38], 4);
    assert.deepEqual(error?.data, { place: 'scheduler', step: 5, steps: 7 });
  });

  it('takes every finite value', async () => {
    assert.equal(await run([0, -0, 1e-40]), undefined);
    requireFinite(Float32Array.of(3.4e38, -3.4e38, 0, -0, 1e-45), { place: 'decoder' });
  });

  it('guides only the steps of the interval', async () => {
    const guidedSteps = async (start: number, end: number) => {
      const scheduler = createScheduler({ _class_name: 'EulerDiscreteScheduler' });
      scheduler.setTimesteps(10);
      const guided: boolean[] = [];
      await denoise({
        scheduler,
        latents: new Float32Array(SIZE).fill(1),
        timesteps: scheduler.timesteps,
        guidanceScale: 2,
        guidanceRescale: 0,
        guidanceInterval: { start, end },
        predict: (_input, _timestep, step) => {
          guided.push(step.guided);
          return Promise.resolve({ cond: new Float32Array(SIZE) });
        },
        noise: () => new Float32Array(SIZE),
      });
      return guided.map((isGuided) => (isGuided ? 'G' : '-')).join('');
    };
    assert.equal(await guidedSteps(0, 1), 'GGGGGGGGGG');
    assert.equal(await guidedSteps(0, 0.8), 'GGGGGGGG--');
    assert.equal(await guidedSteps(0.25, 0.55), '--GGG-----');
    assert.equal(await guidedSteps(0.5, 0.51), '----------');
  });
});
