import assert from 'node:assert/strict';
import path from 'node:path';
import { RUNTIME_BUILDS } from '../../../src/core/devices';
import { EaselError } from '../../../src/core/errors';
import { requireBuild, runtimeFolder } from '../../../src/engine/runtime/onnxruntime';
import { tempFolder } from '../../support/temp-folder';

describe('the build of ONNX Runtime', () => {
  it('is there on every platform that has a package', () => {
    requireBuild();
    for (const build of RUNTIME_BUILDS) {
      const [os, arch] = build.split('-') as [string, string];
      requireBuild(os, arch, path.join(runtimeFolder(), '..', '..', os, arch));
    }
  });

  it('is not there on an Intel Mac, which a code and a sentence say', () => {
    assert.throws(() => requireBuild('darwin', 'x64'), isUnsupported(/Intel Macs/));
    assert.throws(() => requireBuild('freebsd', 'x64'), isUnsupported(/freebsd-x64/));
  });

  it('is not there in a package for another system', () => {
    const folder = path.join(tempFolder(), 'win32', 'arm64');
    const words = /another system\. Install the one for win32-arm64\.$/;
    assert.throws(() => requireBuild('win32', 'arm64', folder), isUnsupported(words));
  });
});

const isUnsupported = (words: RegExp) => (thrown: unknown) =>
  thrown instanceof EaselError &&
  thrown.code === 'unsupported-platform' &&
  words.test(thrown.message);
