import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { stageOnnxRuntime, TARGETS, type Target } from '../../scripts/package/native';
import { tempFolder } from '../support/temp-folder';

/** What each package carries of ONNX Runtime, and nothing else. */
const LIBRARIES: Readonly<Record<Target, readonly string[]>> = {
  'linux-x64': ['libonnxruntime.so.1', 'onnxruntime_binding.node'],
  'linux-arm64': ['libonnxruntime.so.1', 'onnxruntime_binding.node'],
  'win32-x64': [
    ...['DirectML.dll', 'dxcompiler.dll', 'dxil.dll'],
    ...['onnxruntime.dll', 'onnxruntime_binding.node'],
  ],
  'win32-arm64': [
    ...['DirectML.dll', 'dxcompiler.dll', 'dxil.dll'],
    ...['onnxruntime.dll', 'onnxruntime_binding.node'],
  ],
  'darwin-arm64': ['libonnxruntime.1.dylib', 'onnxruntime_binding.node'],
};

describe('the package of a platform', () => {
  for (const target of Object.keys(TARGETS) as Target[]) {
    it(`carries what ONNX Runtime and the devices load on ${target}`, () => {
      const folder = tempFolder();
      stageOnnxRuntime(target, folder);
      const binaries = path.join(folder, 'onnxruntime-node', 'bin');
      const files = readdirSync(binaries, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        // Developers with an NVIDIA card may have installed these.
        .filter(({ name }) => !name.includes('_providers_'));
      const own = path.join(binaries, 'napi-v6', ...target.split('-'));
      assert.deepEqual([...new Set(files.map(({ parentPath }) => parentPath))], [own]);
      assert.deepEqual(files.map(({ name }) => name).sort(), [...LIBRARIES[target]].sort());
    });
  }
});
