import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deviceSupport } from '../../../src/core/devices';
import { missingSupport } from '../../../src/engine/support/missing-support';
import { partsFolder } from '../../../src/engine/support/support-folder';
import { machineFolder, type MachineFolder } from './machine-folder';

describe('what a device needs and is not there', function () {
  let machine: MachineFolder;
  const support = deviceSupport('cuda', 'linux', 'x64')!;

  before(function () {
    if (!deviceSupport('cuda', process.platform, process.arch)) this.skip();
  });
  beforeEach(() => (machine = machineFolder()));

  const missing = (runtime = machine.root) => missingSupport('cuda', runtime, machine);

  function putDriver(version = '580.65.06'): void {
    machine.put('/dev/nvidiactl');
    machine.putLibrary('/usr/lib64/libcuda.so.1');
    machine.put('/sys/module/nvidia/version', `${version}\n`);
  }

  /** Files of the right size that take no space. */
  function putParts(folder = partsFolder('cuda', support, machine.env)): void {
    mkdirSync(folder, { recursive: true });
    for (const part of support.parts) {
      const file = path.join(folder, path.basename(part.path));
      writeFileSync(file, '');
      truncateSync(file, part.bytes);
    }
  }

  it('is first the driver, whatever else is there', () => {
    putParts();
    assert.match(missing()!.detail, /^no NVIDIA driver runs .*\/dev\/nvidiactl/);
    machine.put('/dev/nvidiactl');
    assert.match(missing()!.detail, /^libcuda\.so\.1 of the NVIDIA driver was not found/);
    putDriver('535.261.03');
    assert.match(missing()!.detail, /^the NVIDIA driver 535\.261\.03 is too old/);
    assert.match(missing()!.advice, /^Install the NVIDIA driver 580 or newer/);
    assert.equal(missing()!.canInstall, undefined);
  });

  it('is then what Easel installs', () => {
    putDriver();
    const { advice, canInstall } = missing()!;
    assert.deepEqual([advice, canInstall], ['easel devices install cuda', true]);
  });

  it('is then each library, with one line that installs them where they are found', () => {
    putDriver();
    putParts();
    const needed = support.libraries.filter((library) => !('isOptional' in library));
    const listed = missing()!.detail.split(': ')[1]!.split(', ');
    assert.deepEqual(
      listed,
      needed.map(({ file }) => file),
    );
    for (const { file } of needed.slice(0, -1)) machine.putLibrary(`/usr/lib64/${file}`);
    const last = needed.at(-1)!;
    const { detail, advice } = missing()!;
    assert.ok(detail.endsWith(`were not found: ${last.file}`), detail);
    const [, folder] = /^python3 -m pip install --target "([^"]+)" /.exec(advice)!;
    assert.ok(advice.includes(` "${last.pip}"`), advice);
    // As pip installs the package.
    const within = path.relative(machine.root, folder!);
    machine.putLibrary(`/${within}/nvidia/cudnn/lib/${last.file}`);
    assert.equal(missing(), undefined);
  });

  it('is nothing that is known where the parts are beside ONNX Runtime', () => {
    const runtime = path.join(machine.root, 'runtime');
    putParts(runtime);
    assert.equal(missing(runtime), undefined);
  });
});
