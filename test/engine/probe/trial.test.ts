import * as assert from 'node:assert/strict';
import { FALLBACK_DEVICE } from '../../../src/core/devices';
import { loadRuntime } from '../../../src/engine/runtime/onnxruntime';
import { DeviceSelector } from '../../../src/engine/probe/device-selector';
import { largestDifference, tryAttention } from '../../../src/engine/probe/attention-trial';
import { tryDevice, tryHalf } from '../../../src/engine/probe/trial';

/** From now on, every session with fused attention gives values that are a little off. */
async function spoilFusedAttention(): Promise<() => void> {
  const { InferenceSession } = await loadRuntime();
  const create = InferenceSession.create.bind(InferenceSession);
  const creates = InferenceSession as { create: unknown };
  creates.create = async (...args: Parameters<typeof create>) => {
    const session = await create(...args);
    if (!Buffer.from(args[0]).includes('MultiHeadAttention')) return session;
    const run = session.run.bind(session);
    session.run = (async (...feeds: Parameters<typeof run>) => {
      const results = await run(...feeds);
      for (const { data } of Object.values(results)) (data as Float32Array)[7]! += 0.2;
      return results;
    }) as typeof session.run;
    return session;
  };
  return () => {
    creates.create = create;
  };
}

describe('the trial of a device', () => {
  it('compares float16 with float32, in values and speed', async () => {
    const { works } = await tryDevice(FALLBACK_DEVICE);
    assert.ok(works);
    // On the processor ONNX Runtime casts around each convolution.
    const { half, halfSpeed, halfFault } = await tryHalf(FALLBACK_DEVICE);
    assert.ok(half, halfFault);
    assert.ok(halfSpeed > 0);
  });

  it('finds the attention that is right, and says where none is', async () => {
    const options = { tolerance: 2e-2, isSlow: false };
    for (const type of ['float32', 'float16'] as const) {
      const found = await tryAttention(FALLBACK_DEVICE, type, options);
      assert.ok('attention' in found, type);
    }
    // Rounding alone is more than this.
    const found = await tryAttention(FALLBACK_DEVICE, 'float16', { ...options, tolerance: 1e-9 });
    assert.ok('fault' in found);
    assert.match(found.fault, /^computes wrong attention \(off by \d/);
  });

  it('does not take a value that is not a number for agreement, wherever it is', () => {
    const wanted = Float32Array.of(1, -2, 3);
    assert.equal(largestDifference(wanted, wanted), 0);
    assert.equal(largestDifference(Float32Array.of(1, -2, 2.5), wanted), 0.5 / 3);
    for (const at of [0, 1, 2]) {
      const found = Float32Array.from(wanted, (value, index) => (index === at ? NaN : value));
      assert.ok(Number.isNaN(largestDifference(found, wanted)), `${at}`);
    }
  });

  it('takes plain attention where the fused one is wrong', async () => {
    const end = await spoilFusedAttention();
    try {
      const options = { tolerance: 2e-2, isSlow: true };
      const found = await tryAttention(FALLBACK_DEVICE, 'float32', options);
      assert.deepEqual(found, { attention: 'plain' });
    } finally {
      end();
    }
  });

  it('says why float16 does not work, and does not throw', async () => {
    // Builds for this platform have not all of these.
    for (const device of ['dml', 'coreml'] as const) {
      const { half, halfSpeed, halfFault } = await tryHalf(device);
      if (half) continue;
      assert.equal(halfSpeed, 0);
      assert.notEqual(halfFault, '');
    }
  });

  it('is not made in float16 where a device does not have it, or does not work at all', async () => {
    const selector = new DeviceSelector('no-engine.js', ['webgpu', FALLBACK_DEVICE]);
    assert.match((await selector.tryHalf(FALLBACK_DEVICE)).halfFault, /not used/);
    selector.markFailed('webgpu', 'the driver ended');
    assert.equal((await selector.tryHalf('webgpu')).halfFault, 'the driver ended');
  });
});
