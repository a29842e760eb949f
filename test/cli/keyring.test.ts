import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runCli, runCliWith } from '../support/cli';
import { EndpointServer, flatPng } from '../support/endpoint-server';
import { hasKeyring, openKeyring, type TestKeyring } from '../support/keyring';
import { tempFolder } from '../support/temp-folder';

const KEY = 'sk-test.1/x+y=';

describe('keys of endpoints in the keyring', function () {
  this.timeout(120_000);
  const folder = tempFolder();
  const config = path.join(folder, 'config');
  const output = path.join(folder, 'out');
  let keyring: TestKeyring | undefined;
  let server: EndpointServer;
  let url: string;
  const env = () => ({ EASEL_CONFIG: config, ...keyring?.env });
  const easel = (...args: string[]) => runCli(args, env());
  const draw = () =>
    easel('generate', 'a fox', '--endpoint', 'own', '--output', output, '--format', 'png');

  const easelWith = (input: string, ...args: string[]) => runCliWith(input, args, env());

  before(async () => {
    server = await EndpointServer.start({
      'GET /v1/models': () => ({ body: { data: [{ id: 'painter' }] } }),
      'POST /v1/images/generations': async ({ headers }) =>
        headers.authorization === `Bearer ${KEY}`
          ? { body: { data: [{ b64_json: (await flatPng(64, 64)).toString('base64') }] } }
          : { status: 401, body: { error: { message: 'No key.' } } },
    });
    url = `${server.url}/v1`;
    if (hasKeyring()) keyring = await openKeyring();
  });
  after(async () => {
    server.close();
    await keyring?.close();
  });

  it('are kept, used, replaced and deleted', async function () {
    if (!keyring) this.skip();
    const added = await easel('endpoints', 'add', 'own', url, '--protocol', 'openai');
    assert.match(added.stdout, /easel endpoints key own, or the variable EASEL_KEY_OWN/);
    assert.match((await draw()).stderr, /asks for a key/);
    const wrong = await easelWith('sk-other\n', 'endpoints', 'key', 'own');
    assert.equal(wrong.code, 0, wrong.stderr);
    assert.match((await draw()).stderr, /does not accept the key/);
    const kept = await easelWith(`${KEY}\n`, 'endpoints', 'key', 'own', '--json');
    assert.equal(kept.events()[0]?.event, 'key-kept', kept.stderr);
    const drawn = await draw();
    assert.equal(drawn.code, 0, drawn.stderr);
    const file = readFileSync(path.join(config, 'endpoints.json'), 'utf8');
    assert.doesNotMatch(file + kept.stdout + drawn.stdout + drawn.stderr, /sk-test/);
    const deleted = await easel('endpoints', 'key', 'own', '--delete');
    assert.match(deleted.stdout, /The key of own is deleted/);
    assert.match((await draw()).stderr, /asks for a key/);
  });

  it('come with a new endpoint, and go with it', async function () {
    if (!keyring) this.skip();
    const add = ['endpoints', 'add', 'own', url, '--protocol', 'openai'];
    await easel('endpoints', 'remove', 'own');
    const added = await easelWith(KEY, ...add, '--key');
    assert.equal(added.code, 0, added.stderr);
    assert.doesNotMatch(added.stdout, /EASEL_KEY_OWN/);
    assert.equal((await draw()).code, 0);
    // One of the same name, added later, does not get the key.
    await easel('endpoints', 'remove', 'own');
    await easel(...add);
    assert.match((await draw()).stderr, /asks for a key/);
  });

  it('are refused where they cannot be keys', async () => {
    await easel('endpoints', 'add', 'other', url, '--protocol', 'openai');
    const cases: readonly (readonly [string, RegExp])[] = [
      ['', /No key was given for the endpoint other\./],
      ['two words', /must be one line of letters, digits and signs/],
      ['sk-1\nsk-2', /must be one line of letters, digits and signs/],
    ];
    for (const [input, message] of cases) {
      const { code, stderr } = await easelWith(input, 'endpoints', 'key', 'other');
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
    const unknown = await easelWith(KEY, 'endpoints', 'key', 'none');
    assert.match(unknown.stderr, /There is no endpoint "none"/);
  });

  it('need a keyring, and nothing is added without one', async function () {
    if (process.platform !== 'linux') this.skip();
    const args = ['endpoints', 'add', 'third', url, '--protocol', 'openai', '--key'];
    const nowhere = { ...env(), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
    const { code, stderr } = await runCliWith(KEY, args, nowhere);
    assert.equal(code, 1);
    assert.match(stderr, /keyring of this system cannot be used .*the variable EASEL_KEY_THIRD/);
    assert.doesNotMatch((await easel('endpoints')).stdout, /third/);
  });
});
