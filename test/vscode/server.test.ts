import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempFolder } from '../support/temp-folder';
import { installVsCode } from './driver/install';
import { startServer, type VsCodeServer } from './driver/server';

describe('the VS Code that developers open', function () {
  let server: VsCodeServer;
  let folder: string;

  before(async function () {
    this.timeout(0);
    installVsCode();
    folder = tempFolder();
    server = await startServer({ folder });
  });
  after(() => server.stop());

  it('answers nobody who does not have its token', async () => {
    const secret = path.join(folder, 'secret.txt');
    writeFileSync(secret, 'secret');
    const resource = `${server.url}vscode-remote-resource?path=${encodeURIComponent(secret)}`;
    for (const url of [server.url, resource, `${resource}&tkn=${'0'.repeat(48)}`]) {
      const response = await fetch(url, { redirect: 'manual' });
      assert.equal(response.status, 403, url);
    }
    const opened = await fetch(server.open(folder), { redirect: 'manual' });
    assert.ok(opened.status < 400, String(opened.status));
    assert.match(opened.headers.get('set-cookie') ?? '', /vscode-tkn=/);
  });

  it('has another token each time, which other users cannot read', () => {
    const token = new URL(server.open(folder)).searchParams.get('tkn') ?? '';
    assert.match(token, /^[0-9a-f]{48}$/);
    if (process.platform === 'win32') return;
    assert.equal(statSync(path.join(folder, 'connection-token')).mode & 0o077, 0);
  });
});
