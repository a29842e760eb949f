import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRecipe } from '../../src/core/recipe';
import { readFileSync } from 'node:fs';
import { runCli } from '../support/cli';
import { EndpointServer, flatPng } from '../support/endpoint-server';
import { tempFolder } from '../support/temp-folder';

describe('easel endpoints', () => {
  const folder = tempFolder();
  const env = { EASEL_CONFIG: path.join(folder, 'config') };
  const easel = (...args: string[]) => runCli(args, env);
  let server: EndpointServer;
  before(async () => {
    server = await EndpointServer.start({
      'POST /draw': async ({ headers }) =>
        headers.authorization === 'Bearer k-1'
          ? { body: await flatPng(40, 30) }
          : { status: 401, body: { detail: 'Not authenticated' } },
    });
    const template = { path: '/draw', body: { prompt: '{{prompt}}', seed: '{{seed}}' } };
    writeFileSync(path.join(folder, 'own.json'), JSON.stringify(template));
  });
  after(() => server.close());

  it('adds, lists, tests and removes', async () => {
    const file = path.join(folder, 'own.json');
    const added = await easel('endpoints', 'add', 'own-server', server.url, '--template', file);
    assert.equal(added.code, 0, added.stderr);
    assert.match(added.stdout, /request template at 127\.0\.0\.1/);
    assert.match(added.stdout, /EASEL_KEY_OWN_SERVER/);
    const [list] = (await easel('endpoints', '--json')).events();
    assert.deepEqual(list, [
      {
        ...{ name: 'own-server', url: server.url, protocol: 'template' },
        ...{ host: new URL(server.url).host, agreed: true },
      },
    ]);
    const tested = await easel('endpoints', 'test', 'own-server');
    assert.match(tested.stdout, /It takes: --seed\n/);
    assert.equal((await easel('endpoints', 'add', 'other', 'http://gpu.example', '--protocol', 'openai')).code, 0); // prettier-ignore
    assert.match((await easel('endpoints')).stdout, /other .*not agreed to yet/);
    assert.equal((await easel('endpoints', 'remove', 'other')).code, 0);
    assert.doesNotMatch((await easel('endpoints')).stdout, /other/);
  });

  it('draws there with the key of the environment, and by the model’s name', async () => {
    const output = path.join(folder, 'out');
    const draw = (...args: string[]) =>
      runCli(['generate', 'a fox', ...args, '--output', output, '--json'], {
        ...{ ...env, EASEL_KEY_OWN_SERVER: 'k-1' },
      });
    const drawn = await draw('--endpoint', 'own-server', '--seed', '5');
    assert.equal(drawn.code, 0, drawn.stderr);
    const done = drawn.events().at(-1)!;
    assert.equal(done.event, 'done');
    assert.deepEqual(done.settings, { width: 40, height: 30, seed: 5 });
    assert.equal((done.endpoint as { protocol: string }).protocol, 'template');
    const named = await draw('--model', '@own-server', '--format', 'png');
    assert.equal(named.code, 0, named.stderr);
    const { stderr } = await runCli(
      ['generate', 'a fox', '--model', '@own-server', '--output', output],
      {
        ...{ ...env, EASEL_KEY_OWN_SERVER: 'k-1' },
      },
    );
    assert.match(stderr, /Drawn at 127\.0\.0\.1:\d+ \(own-server\) in /);
    const [png] = readdirSync(output).filter((name) => name.endsWith('.png'));
    const recipe = readRecipe(readFileSync(path.join(output, png!)));
    assert.equal(recipe?.request.prompt, 'a fox');
    assert.equal(recipe.details.Endpoint, 'template');
  });

  it('ends with a code and a message that say what to do', async () => {
    await easel('endpoints', 'add', 'far', 'http://gpu.example', '--protocol', 'openai');
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['generate', 'x', '--endpoint', 'none'], 1, /There is no endpoint "none"\. There are own-server, far\./],
      [['generate', 'x', '--endpoint', 'far'], 1, /sends prompts and images to gpu\.example\. To agree, once: easel endpoints agree far/],
      [['generate', 'x', '--endpoint', 'own-server'], 1, /asks for a key\. Set one for the endpoint own-server\..*Not authenticated/],
      [['generate', 'x', '--endpoint', 'own-server', '--steps', '4'], 1, /does not take --steps/],
      [['endpoints', 'agree', 'far'], 2, /add --yes/],
      [['endpoints', 'ad'], 2, /Did you mean "endpoints add"/],
      [['endpoints', 'add', 'x'], 2, /Give a name and an address/],
      [['endpoints', 'add', 'x', 'http://a', '--protocol', 'ftp'], 2, /--protocol: must be one of auto, openai/],
      [['endpoints', 'add', 'x', 'http://a', '--template', '/no/file'], 2, /\/no\/file cannot be read/],
      [['endpoints', 'list', '--model', 'x'], 2, /has no option --model/],
    ]; // prettier-ignore
    for (const [args, code, message] of cases) {
      const result = await easel(...args);
      assert.match(result.stderr, message);
      assert.equal(result.code, code, args.join(' '));
    }
    assert.equal((await easel('endpoints', 'agree', 'far', '--yes')).code, 0);
    const [list] = (await easel('endpoints', '--json')).events() as unknown as { agreed: boolean }[][]; // prettier-ignore
    assert.ok(list!.every(({ agreed }) => agreed));
  });
});
