import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tempFolder } from '../../support/temp-folder';
import { ROOT } from '../../support/paths';

describe('ONNX Runtime', () => {
  it('leaves nothing of its telemetry in the home of the user', function () {
    if (process.platform !== 'linux') this.skip();
    const home = tempFolder();
    // A process of its own: the library reads the variable when it is loaded.
    const code = `require('./src/engine/probe/trial').tryDevice('cpu').then((probe) => process.exit(probe.works ? 0 : 1));`;
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, XDG_CACHE_HOME: home };
    Reflect.deleteProperty(env, 'ORT_DISABLE_TELEMETRY');
    const args = ['--require', 'tsx/cjs', '--eval', code];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, env });
    assert.equal(status, 0, stderr.toString());
    assert.deepEqual(readdirSync(home, { recursive: true }), []);
  });
});
