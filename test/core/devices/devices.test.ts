import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  DEVICE_CHOICES,
  DEVICES,
  deviceLabel,
  devicePackageFiles,
  deviceProfile,
  devicesFor,
  FALLBACK_DEVICE,
} from '../../../src/core/devices';
import { planSession } from '../../../src/engine/graph/target';
import { ROOT } from '../../support/paths';

interface Manifest {
  contributes: {
    configuration: {
      properties: Record<string, { enum: string[]; enumDescriptions: string[]; default: string }>;
    }[];
  };
}

describe('devices', () => {
  it('have names, labels and try orders of their own', () => {
    for (const key of ['name', 'label', 'tryOrder'] as const) {
      assert.equal(new Set(DEVICES.map((profile) => profile[key])).size, DEVICES.length, key);
    }
  });

  it('have one fallback, which exists everywhere and is tried last', () => {
    const fallbacks = DEVICES.filter(({ isFallback }) => isFallback);
    assert.deepEqual(
      fallbacks.map(({ name }) => name),
      [FALLBACK_DEVICE],
    );
    assert.equal(deviceProfile(FALLBACK_DEVICE).platforms, 'any');
    for (const [os, arch] of [...PLATFORMS, ['freebsd', 'x64'] as const]) {
      assert.equal(devicesFor(os, arch).at(-1), FALLBACK_DEVICE);
    }
  });

  it('are tried on the platforms that have them, the usually fastest first', () => {
    assert.deepEqual(devicesFor('linux', 'x64'), ['cuda', 'webgpu', 'cpu']);
    assert.deepEqual(devicesFor('linux', 'arm64'), ['cpu']);
    assert.deepEqual(devicesFor('win32', 'x64'), ['dml', 'webgpu', 'cpu']);
    assert.deepEqual(devicesFor('win32', 'arm64'), ['dml', 'webgpu', 'cpu']);
    assert.deepEqual(devicesFor('darwin', 'arm64'), ['webgpu', 'coreml', 'cpu']);
    // There is no build for these.
    assert.deepEqual(devicesFor('darwin', 'x64'), ['cpu']);
    assert.deepEqual(devicesFor('freebsd', 'x64'), ['cpu']);
  });

  it('end with the CPU among the execution providers, for operators they lack', () => {
    for (const { executionProviders } of DEVICES) assert.equal(executionProviders.at(-1), 'cpu');
  });

  it('each have a session plan', () => {
    for (const { name, session, preparedWeights } of DEVICES) {
      const { target, tuning } = planSession({ device: name, runs: 1 });
      assert.equal(target.device, name);
      assert.equal(target.prepareFrom === undefined, preparedWeights === 'all', name);
      assert.deepEqual(tuning, session);
    }
  });

  it('have labels for users', () => {
    assert.equal(deviceLabel('dml'), 'DirectML');
    assert.equal(deviceLabel('coreml'), 'Core ML');
  });

  it('are the values of the setting easel.device, each with a description', () => {
    const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
    const setting = manifest.contributes.configuration
      .map(({ properties }) => properties['easel.device'])
      .find((found) => found !== undefined)!;
    assert.deepEqual(setting.enum, DEVICE_CHOICES);
    assert.deepEqual(
      setting.enumDescriptions,
      DEVICE_CHOICES.map((choice) => `%setting.device.${choice}%`),
    );
    assert.equal(setting.default, 'auto');
  });

  it('name package files that ONNX Runtime for Node.js has, and all that it has', () => {
    const own = /^(onnxruntime_binding\.node|(lib)?onnxruntime(\.\d.*)?\.(dll|dylib|so.*))$/;
    // Developers with an NVIDIA card may have installed these; packages do not carry them.
    const optional = (file: string) => file.includes('_providers_');
    for (const [os, arch] of PLATFORMS) {
      const folder = path.join(ROOT, 'node_modules/onnxruntime-node/bin/napi-v6', os, arch);
      assert.ok(existsSync(folder), folder);
      assert.deepEqual(
        [...devicePackageFiles(os, arch)].sort(),
        readdirSync(folder)
          .filter((file) => !own.test(file) && !optional(file))
          .sort(),
      );
    }
  });
});

/** The platforms that ONNX Runtime for Node.js has builds for. */
const PLATFORMS = [
  ['linux', 'x64'],
  ['linux', 'arm64'],
  ['win32', 'x64'],
  ['win32', 'arm64'],
  ['darwin', 'arm64'],
] as const;
