import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { DiffusionScheduler } from '../../../../src/core/diffusion/schedulers/base/diffusion-scheduler';
import { createScheduler } from '../../../../src/core/diffusion/schedulers/index';
import { decode, kept, readBetas } from './reference';

/** These go through torch's own float32 sigmoid or square root, which round in their own way. */
function isExact(config: Readonly<Record<string, unknown>>): boolean {
  return config.beta_schedule !== 'sigmoid' && config.rescale_betas_zero_snr !== true;
}

function alphasOf(config: Readonly<Record<string, unknown>>): Float32Array {
  const scheduler = createScheduler(config);
  assert.ok(scheduler instanceof DiffusionScheduler);
  return scheduler.alphasCumprod;
}

describe('alphas_cumprod', () => {
  for (const { config, sha256, values, count } of readBetas()) {
    it(`equals torch's: ${JSON.stringify(config)}`, () => {
      const alphas = alphasOf(config);
      assert.equal(alphas.length, count);
      const expected = decode(values);
      kept(alphas).forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) <= 2e-7));
      if (!isExact(config)) return;
      const digest = createHash('sha256').update(new Uint8Array(alphas.buffer)).digest('hex');
      assert.equal(digest, sha256);
    });
  }

  it('ends at zero signal where the config asks for zero terminal SNR', () => {
    const config = { _class_name: 'DDIMScheduler', rescale_betas_zero_snr: true };
    const alphas = alphasOf(config);
    assert.equal(alphas[999], 0);
    assert.ok(alphas[998]! > 0);
  });
});
