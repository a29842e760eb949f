import assert from 'node:assert/strict';

import { createScheduler, SCHEDULER_NAMES } from '../../../../src/core/diffusion/schedulers/index';
import { findScheduler, SCHEDULERS } from '../../../../src/core/diffusion/schedulers/registry';
import { weightedSum } from '../../../../src/core/diffusion/schedulers/math/vectors';

const TRAINED = {
  _class_name: 'DDIMScheduler',
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
};
const CLEAN = Float32Array.from({ length: 16 }, (_, i) => i / 8 - 1);
const NOISE = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i * 7) * 1.5);

/** alphas_cumprod of `TRAINED`, in double precision. */
function alphaAt(timestep: number): number {
  let product = 1;
  for (let i = 0; i <= timestep; i++) {
    const root = 0.00085 ** 0.5 + ((0.012 ** 0.5 - 0.00085 ** 0.5) * i) / 999;
    product *= 1 - root * root;
  }
  return product;
}

function assertClose(actual: Float32Array, expected: Float32Array): void {
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-4, `value ${i}`));
}

describe('estimateOriginal', () => {
  for (const name of SCHEDULER_NAMES) {
    const isFlow = findScheduler(name)?.definition.isFlowMatching;

    // Tested below.
    if (findScheduler(name)?.definition.isEdm) continue;

    it(`of ${name} finds the clean sample behind a noisy one`, () => {
      const scheduler = createScheduler(isFlow ? { _class_name: name } : TRAINED, name);
      scheduler.setTimesteps(5);
      const timestep = 501;
      const alpha = alphaAt(timestep);
      const input = isFlow
        ? weightedSum([1 - timestep / 1000, CLEAN], [timestep / 1000, NOISE])
        : weightedSum([Math.sqrt(alpha), CLEAN], [Math.sqrt(1 - alpha), NOISE]);
      const output = isFlow ? weightedSum([1, NOISE], [-1, CLEAN]) : NOISE;
      assertClose(scheduler.estimateOriginal(input, output, timestep), CLEAN);
    });
  }

  for (const [name, sign] of [
    ['epsilon', 1],
    ['v_prediction', -1],
  ] as const) {
    it(`of the EDM schedulers finds the clean sample behind a noisy one (${name})`, () => {
      const [sigma, data] = [1.5, 0.5];
      const variance = sigma ** 2 + data ** 2;
      const noisy = weightedSum([1, CLEAN], [sigma, NOISE]);
      const input = weightedSum([1 / Math.sqrt(variance), noisy]);
      // What the network must return, so that c_skip·x + c_out·F is x0 (arXiv 2206.00364, table 1).
      const out = (sign * sigma * data) / Math.sqrt(variance);
      const output = weightedSum([1 / out, CLEAN], [-(data ** 2) / variance / out, noisy]);
      for (const { name: owner } of SCHEDULERS.filter(({ isEdm }) => isEdm)) {
        const scheduler = createScheduler({ _class_name: owner, prediction_type: name });
        scheduler.setTimesteps(5);
        const timestep = 0.25 * Math.log(sigma);
        assertClose(scheduler.estimateOriginal(input, output, timestep), CLEAN);
      }
    });
  }

  it('reads a velocity, and a clean sample', () => {
    const alpha = alphaAt(300);
    const [signal, noise] = [Math.sqrt(alpha), Math.sqrt(1 - alpha)];
    const input = weightedSum([signal, CLEAN], [noise, NOISE]);
    const velocity = weightedSum([signal, NOISE], [-noise, CLEAN]);
    const v = createScheduler({ ...TRAINED, prediction_type: 'v_prediction' });
    assertClose(v.estimateOriginal(input, velocity, 300.4), CLEAN);
    const x0 = createScheduler({ ...TRAINED, prediction_type: 'sample' });
    assert.equal(x0.estimateOriginal(input, CLEAN, 300), CLEAN);
  });

  it('stays finite where no signal is left', () => {
    const scheduler = createScheduler({ ...TRAINED, rescale_betas_zero_snr: true });
    const estimate = scheduler.estimateOriginal(NOISE, NOISE, 999);
    assertClose(estimate, new Float32Array(16));
    assert.ok(scheduler.estimateOriginal(CLEAN, NOISE, 5000).every(Number.isFinite));
  });
});
