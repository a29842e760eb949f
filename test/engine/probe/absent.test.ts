import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEVICES, deviceTraces, FALLBACK_DEVICE } from '../../../src/core/devices';
import { hasTrace } from '../../../src/engine/probe/absent';
import { DeviceSelector } from '../../../src/engine/probe/device-selector';
import { runtimeFolder } from '../../../src/engine/runtime/onnxruntime';

describe('traces of a device', () => {
  let folder: string;
  const at = (...parts: string[]) => path.join(folder, ...parts);
  const absence = 'nothing is there';
  const find = (files: readonly string[], env: NodeJS.ProcessEnv = {}, variables?: string[]) =>
    hasTrace({ files, absence, ...(variables && { variables }) }, env, at('home'), at('library'));

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'easel-traces-'));
    mkdirSync(at('home', '.local', 'share', 'drivers'), { recursive: true });
    mkdirSync(at('library'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are files, and folders with something in them', () => {
    assert.equal(find([at('library')]), false);
    assert.equal(find([at('none'), at('home')]), true);
    writeFileSync(at('device'), '');
    assert.equal(find([at('device')]), true);
  });

  it('are beside the library, in the folder of the user, and in the folders of a variable', () => {
    for (const [file, place] of [
      ['lib.so', at('library', 'lib.so')],
      ['~/.local/share/drivers', at('home', '.local', 'share', 'drivers', 'one.json')],
      ['$DIRS/home', at('home', 'one.json')],
    ] as const) {
      const env = { DIRS: [at('none'), folder].join(path.delimiter) };
      if (file !== '$DIRS/home') assert.equal(find([file], env), false, file);
      writeFileSync(place, '');
      assert.equal(find([file], env), true, file);
    }
    assert.equal(find(['$DIRS/home']), false);
  });

  it('are variables that are set', () => {
    assert.equal(find([], { DRIVERS: '' }, ['DRIVERS']), false);
    assert.equal(find([], { DRIVERS: 'one.json' }, ['DRIVERS']), true);
  });

  it('that cannot be read could be there', () => {
    writeFileSync(at('device'), '');
    assert.equal(find([at('device', 'below')]), true);
  });

  it('are looked for in the folder that ONNX Runtime loads its library from', () => {
    const library = process.platform === 'win32' ? 'onnxruntime.dll' : 'onnxruntime_binding.node';
    assert.equal(hasTrace({ files: [library], absence }), true);
    assert.equal(path.isAbsolute(runtimeFolder()), true);
  });

  it('are needed of no device that exists on every machine', () => {
    assert.equal(deviceTraces(FALLBACK_DEVICE, process.platform, process.arch), undefined);
  });

  it('say why a device does not work, without a trial', async () => {
    const absent = DEVICES.map(({ name }) => ({
      name,
      traces: deviceTraces(name, process.platform, process.arch),
    })).filter(({ traces }) => traces && !hasTrace(traces));
    for (const { name, traces } of absent) {
      // Starting this as the engine would fail in another way.
      const selector = new DeviceSelector(at('no-engine.js'), [name, FALLBACK_DEVICE]);
      const { device, reason } = await selector.decide('auto');
      assert.deepEqual([device, reason], [FALLBACK_DEVICE, `${name}: ${traces!.absence}`]);
    }
  });

  it('are not enough for a device to be taken: it is tried', async () => {
    const name = DEVICES.find(
      ({ isFallback, name }) =>
        !isFallback && deviceTraces(name, process.platform, process.arch)?.variables,
    )?.name;
    if (name === undefined) return;
    const [variable] = deviceTraces(name, process.platform, process.arch)!.variables!;
    const before = process.env[variable!];
    process.env[variable!] = at('none.json');
    try {
      const selector = new DeviceSelector(at('no-engine.js'), [name, FALLBACK_DEVICE]);
      assert.match((await selector.decide('auto')).reason, /the trial ended with code 1/);
    } finally {
      if (before === undefined) Reflect.deleteProperty(process.env, variable!);
      else process.env[variable!] = before;
    }
  });
});
