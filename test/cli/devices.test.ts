import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deviceSupport } from '../../src/core/devices';
import { runCli } from '../support/cli';
import { ArchiveServer } from '../support/support-archive';
import { tempFolder } from '../support/temp-folder';

describe('easel devices', function () {
  let server: ArchiveServer;
  let env: Record<string, string>;

  before(async function () {
    server = await ArchiveServer.start({ 'part.so': Buffer.alloc(1000) });
    if (!deviceSupport('cuda', process.platform, process.arch)) this.skip();
  });
  after(() => server.stop());
  beforeEach(() => {
    env = { EASEL_CACHE: tempFolder(), PIP_INDEX_URL: server.index, NO_PROXY: '*' };
  });

  it('downloads nothing before it was told to, and says from where and how much', async () => {
    const { code, stderr } = await runCli(['devices', 'install', 'cuda'], env);
    assert.equal(code, 2);
    const { host } = new URL(server.index);
    const question = `Download CUDA support from ${host} (246.7 MB) and install it in `;
    assert.ok(stderr.includes(question), stderr);
    assert.match(stderr, /\(272\.1 MB\)\? To confirm, add --yes\./);
    assert.deepEqual(server.asked, []);
    assert.deepEqual(readdirSync(env.EASEL_CACHE!), []);
  });

  it('removes what was installed, with the libraries that pip installed for it', async () => {
    const folder = path.join(env.EASEL_CACHE!, 'devices');
    for (const name of ['cuda-1.29.0', 'cuda-libraries']) {
      mkdirSync(path.join(folder, name), { recursive: true });
      writeFileSync(path.join(folder, name, 'part.so'), Buffer.alloc(1000));
    }
    const { code, events } = await runCli(['devices', 'remove', 'cuda', '--yes', '--json'], env);
    assert.equal(code, 0);
    assert.deepEqual(events(), [{ event: 'removed', device: 'cuda', files: 2, bytes: 2000 }]);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('installs nothing for a device that needs nothing', async () => {
    const { code, stderr } = await runCli(['devices', 'install', 'cpu', '--yes'], env);
    assert.equal(code, 1);
    assert.match(stderr, /There is nothing to install for CPU/);
  });
});
