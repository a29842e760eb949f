import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  DEVICE_CHOICES,
  DEVICES,
  deviceLabel,
  devicePackageFiles,
  deviceProfile,
  devicesFor,
  FALLBACK_DEVICE,
  RUNTIME_BUILDS,
  whyNoBuild,
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

  it('exist on the platforms whose library of ONNX Runtime contains them', () => {
    for (const [os, arch] of PLATFORMS) {
      const folder = path.join(BINARIES, os, arch);
      const [library] = readdirSync(folder).filter((file) => /^(lib)?onnxruntime\./.test(file));
      const content = readFileSync(path.join(folder, library!));
      for (const [device, mark] of Object.entries(MARKS)) {
        const exists = devicesFor(os, arch).some((name) => name === device);
        assert.equal(exists, content.includes(mark), `${device} on ${os}-${arch}`);
      }
    }
  });

  it('name package files that ONNX Runtime for Node.js has, and all that it has', () => {
    const own = /^(onnxruntime_binding\.node|(lib)?onnxruntime(\.\d.*)?\.(dll|dylib|so.*))$/;
    // Developers with an NVIDIA card may have installed these; packages do not carry them.
    const optional = (file: string) => file.includes('_providers_');
    for (const [os, arch] of PLATFORMS) {
      assert.deepEqual(
        [...devicePackageFiles(os, arch)].sort(),
        readdirSync(path.join(BINARIES, os, arch))
          .filter((file) => !own.test(file) && !optional(file))
          .sort(),
      );
    }
  });

  it('have builds exactly where ONNX Runtime for Node.js has them', () => {
    const found = readdirSync(BINARIES).flatMap((os) =>
      readdirSync(path.join(BINARIES, os)).map((arch) => `${os}-${arch}`),
    );
    assert.deepEqual([...RUNTIME_BUILDS].sort(), found.sort());
    for (const [os, arch] of PLATFORMS) assert.equal(whyNoBuild(os, arch), undefined);
  });

  it('say where there is no build what still works, and of Intel Macs what to do', () => {
    assert.match(whyNoBuild('darwin', 'x64')!, /Intel Macs: .* signs, .* for Apple chips\.$/);
    assert.match(whyNoBuild('freebsd', 'x64')!, /no build for freebsd-x64\. .* signs, /);
  });
});

const BINARIES = path.join(ROOT, 'node_modules/onnxruntime-node/bin/napi-v6');

/** The platforms that ONNX Runtime for Node.js has builds for. */
const PLATFORMS = RUNTIME_BUILDS.map((build) => build.split('-') as [os: string, arch: string]);

/** Texts that only a library with the device contains. CUDA is no part of the library. */
const MARKS = {
  dml: 'DirectML.dll',
  webgpu: 'webgpu_execution_provider',
  coreml: 'CoreML.Specification',
} as const;
