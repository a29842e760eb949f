import assert from 'node:assert/strict';
import {
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { deviceSupport, type DeviceName } from '../../../src/core/devices';
import { runtimeFolder } from '../../../src/engine/runtime/onnxruntime';
import { partsFolder } from '../../../src/engine/support/support-folder';
import { ROOT } from '../../support/paths';
import { tempFolder } from '../../support/temp-folder';
import { tryInProcess } from './try-in-process';

describe('installed parts of ONNX Runtime', function () {
  const support = deviceSupport('cuda', process.platform, process.arch);
  let env: NodeJS.ProcessEnv;
  let folder: string;
  let link: string;

  before(function () {
    if (!support) this.skip();
  });
  beforeEach(() => {
    env = { ...process.env, EASEL_CACHE: tempFolder() };
    folder = partsFolder('cuda', support!, env);
    link = path.join(folder, support!.runtimeLibrary);
    mkdirSync(folder, { recursive: true });
    for (const part of support!.parts) {
      const file = path.join(folder, path.basename(part.path));
      writeFileSync(file, '');
      truncateSync(file, part.bytes);
    }
  });

  const attempt = (device: DeviceName) => tryInProcess(device, env);

  it('are the ones that ONNX Runtime loads, wherever its own library is', () => {
    const { works, detail, stderr } = attempt('cuda');
    assert.deepEqual([works, detail], [false, 'the CUDA parts of ONNX Runtime do not load']);
    // These parts are zeros, and the system's loader says so.
    assert.match(stderr, new RegExp(`Failed to load library ${folder}/\\S+.*invalid ELF header`));
    assert.equal(readlinkSync(link), path.join(runtimeFolder(), support!.runtimeLibrary));
  });

  it('take nothing from the other devices, also where they do not load', () => {
    assert.equal(attempt('cpu').works, true);
    // So that no link can be made.
    rmSync(link);
    mkdirSync(link);
    assert.equal(attempt('cpu').works, true);
  });

  it('follow ONNX Runtime to where Easel is now', () => {
    symlinkSync('/an/earlier/version/libonnxruntime.so.1', link);
    assert.equal(attempt('cpu').works, true);
    assert.equal(readlinkSync(link), path.join(runtimeFolder(), support!.runtimeLibrary));
  });

  it('are of the version of ONNX Runtime that Easel has', () => {
    const file = path.join(ROOT, 'node_modules', 'onnxruntime-node', 'package.json');
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    assert.equal(support!.runtimeVersion, version);
  });
});
