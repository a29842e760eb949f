import * as assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { readHubSettings } from '../../../src/engine/store/hub/hub-settings';
import { runCli } from '../../support/cli';
import { publishedModel } from '../../support/hub-models';
import { HubServer } from '../../support/hub-server';
import { tempFolder } from '../../support/temp-folder';

const ID = 'easel/tiny-sd';

/** A proxy that passes everything on and counts. */
class CountingProxy {
  count = 0;
  private constructor(private readonly server: Server) {}

  static async start(): Promise<CountingProxy> {
    const server = createServer();
    const proxy = new CountingProxy(server);
    server.on('request', (incoming, outgoing) => {
      proxy.count += 1;
      const { method, headers, url = '' } = incoming;
      const onward = request(url, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    });
    server.on('connect', ({ url = '' }, socket, head) => {
      proxy.count += 1;
      const { hostname, port } = new URL(`http://${url}`);
      const onward = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        onward.write(head);
        onward.pipe(socket).pipe(onward);
      });
      const end = () => {
        onward.destroy();
        socket.destroy();
      };
      onward.on('error', end);
      socket.on('error', end);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('the network', () => {
  let hub: HubServer;
  let proxy: CountingProxy;
  before(async () => {
    hub = await HubServer.start(publishedModel());
    proxy = await CountingProxy.start();
  });
  after(async () => {
    await hub.stop();
    await proxy.stop();
  });

  it('is reached through the proxy of the environment, and not touched once the cache is filled', async () => {
    const through = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: '' };
    const env = { HF_HOME: tempFolder(), HF_ENDPOINT: hub.url, ...through };
    const fetched = await runCli(['models', 'download', ID], env);
    assert.equal(fetched.code, 0, fetched.stderr);
    assert.ok(proxy.count > 0);

    proxy.count = 0;
    hub.requests.length = 0;
    const list = await runCli(['models', '--json'], env);
    const models = JSON.parse(list.stdout) as { id: string; runnable: boolean }[];
    assert.ok(models.some(({ id, runnable }) => id === ID && runnable));
    assert.equal((await runCli(['models', 'verify', ID], env)).code, 0);
    const draw = ['generate', 'a cat', '--model', ID, '--steps', '1', '--device', 'cpu'];
    const drawn = await runCli([...draw, '--output', tempFolder()], env);
    assert.equal(drawn.code, 0, drawn.stderr);
    assert.equal((await runCli(['models', 'catalogue'], env)).code, 0);
    const refused = await runCli(['models', 'remove', ID], env);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /This frees \d+ kB\. To confirm, add --yes/);
    assert.equal((await runCli(['models', 'remove', ID, '--yes'], env)).code, 0);
    assert.equal(proxy.count, 0);
    assert.deepEqual(hub.requests, []);
  });

  it('is spoken to with the token of the environment, of its file, or of the caller', async () => {
    const home = tempFolder();
    const tokenOf = async (env: NodeJS.ProcessEnv, given?: string) =>
      (await readHubSettings({ HF_HOME: home, ...env }, given)).token;
    assert.equal(await tokenOf({}), undefined);
    writeFileSync(join(home, 'token'), 'hf_file\n');
    assert.equal(await tokenOf({}), 'hf_file');
    assert.equal(await tokenOf({ HF_TOKEN: 'hf_env' }), 'hf_env');
    assert.equal(await tokenOf({ HF_TOKEN: 'hf_env' }, 'hf_given'), 'hf_given');
    mkdirSync(join(home, 'else'));
    writeFileSync(join(home, 'else', 'mine'), ' hf_path ');
    assert.equal(await tokenOf({ HF_TOKEN_PATH: join(home, 'else', 'mine') }), 'hf_path');
    assert.equal(await tokenOf({ HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' }), undefined);
    const { endpoint, offline } = await readHubSettings({ HF_ENDPOINT: 'http://mirror/' });
    assert.deepEqual({ endpoint, offline }, { endpoint: 'http://mirror', offline: false });
    assert.equal((await readHubSettings({})).endpoint, 'https://huggingface.co');
    assert.ok((await readHubSettings({ HF_HUB_OFFLINE: 'yes' })).offline);
  });
});
