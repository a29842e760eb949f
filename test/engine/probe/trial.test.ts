import * as assert from 'node:assert/strict';
import { FALLBACK_DEVICE } from '../../../src/core/devices';
import { DeviceSelector } from '../../../src/engine/probe/device-selector';
import { tryDevice, tryHalf } from '../../../src/engine/probe/trial';

describe('the trial of a device', () => {
  it('compares float16 with float32, in values and speed', async () => {
    const { works } = await tryDevice(FALLBACK_DEVICE);
    assert.ok(works);
    // On the processor ONNX Runtime casts around each convolution.
    const { half, halfSpeed, halfFault } = await tryHalf(FALLBACK_DEVICE);
    assert.ok(half, halfFault);
    assert.ok(halfSpeed > 0);
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
