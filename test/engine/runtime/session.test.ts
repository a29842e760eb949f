import * as assert from 'node:assert/strict';

import type { InferenceSession } from 'onnxruntime-node';

import type { DeviceName } from '../../../src/core/devices';
import { loadRuntime } from '../../../src/engine/runtime/onnxruntime';
import { Session, type SessionTuning } from '../../../src/engine/runtime/session';

describe('the options of a session', () => {
  it('have no memory patterns and no parallel execution on DirectML', async () => {
    for (const tuning of [{}, { graphOptimizationLevel: 'basic' }] as const) {
      const { executionProviders, enableMemPattern, executionMode } = await given('dml', tuning);
      assert.deepEqual(executionProviders, [{ name: 'dml' }, 'cpu']);
      assert.equal(enableMemPattern, false);
      assert.equal(executionMode ?? 'sequential', 'sequential');
    }
  });

  it('ask Core ML for an ML program', async () => {
    const { executionProviders } = await given('coreml');
    assert.deepEqual(executionProviders, [{ name: 'coreml', coreMlFlags: 0x10 }, 'cpu']);
  });

  it('can be tuned', async () => {
    assert.equal((await given('cpu', { enableMemPattern: true })).enableMemPattern, true);
    assert.equal((await given('cpu')).enableMemPattern, false);
  });
});

/** What ONNX Runtime is given for a device, in a build that has it. */
async function given(
  device: DeviceName,
  tuning?: SessionTuning,
): Promise<InferenceSession.SessionOptions> {
  const runtime = await loadRuntime();
  const { listSupportedBackends, InferenceSession: sessions } = runtime;
  const create = sessions.create.bind(sessions);
  let seen: InferenceSession.SessionOptions | undefined;
  const replace = (backends: unknown, creates: unknown) => {
    Object.defineProperty(runtime, 'listSupportedBackends', {
      value: backends,
      configurable: true,
      writable: true,
    });
    (sessions as { create: unknown }).create = creates;
  };
  replace(
    () => [{ name: device, bundled: true }],
    (_model: Uint8Array, options: InferenceSession.SessionOptions) => {
      seen = options;
      return Promise.resolve({ inputNames: [] });
    },
  );
  try {
    await Session.create({ model: new Uint8Array() }, device, tuning);
  } finally {
    replace(listSupportedBackends, create);
  }
  assert.ok(seen);
  return seen;
}
