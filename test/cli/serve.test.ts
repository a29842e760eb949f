import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parseServeCommand } from '../../src/cli/serve/arguments';
import { EaselError } from '../../src/core/errors';
import { DEFAULT_LIMITS } from '../../src/core/serve/limits';
import { CLI, finish, runCli, startCli } from '../support/cli';

const TOKEN = 'a-token-of-some-length';

describe('easel serve', () => {
  it('serves until it is told to end, with the token of the environment', async () => {
    const child = startCli(['serve', '--port', '0', '--max-images', '2'], {
      EASEL_SERVE_TOKEN: TOKEN,
    });
    const ended = finish(child);
    const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
    const authorization = `Bearer ${TOKEN}`;
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await fetch(`${address}/v1/models`)).status, 401);
    const post = (path: string, body: unknown) =>
      fetch(`${address}${path}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const image = { prompt: 'a red apple', num_inference_steps: 1, size: '32x32' };
    assert.equal((await post('/v1/images/generations', image)).status, 200);
    const refused = await post('/v1/images/generations', { ...image, n: 3 });
    assert.match(await refused.text(), /at most 2 images/);
    // An error of the engine keeps its code through the bundles.
    const form = new FormData();
    form.set('prompt', 'a red apple');
    form.set('image', new Blob(['no image']), 'a.png');
    const edit = await fetch(`${address}/v1/images/edits`, {
      ...{ method: 'POST', headers: { authorization }, body: form },
    });
    assert.equal(edit.status, 400);
    assert.match(await edit.text(), /"code":"bad-file"/);
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    assert.equal(code, 0);
    const lines = stderr.trim().split('\n').map((line) => JSON.parse(line) as { msg: string }); // prettier-ignore
    assert.equal(lines.at(-1)?.msg, 'stopped');
    assert.ok(!stderr.includes(TOKEN) && !stderr.includes('red apple'));
  });

  it('ends with the program that started it, where it was told to', async () => {
    const child = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--end-with-input'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
    assert.equal((await fetch(`${address}/health`)).status, 200);
    child.stdin.end();
    assert.deepEqual(await ended, [0, null]);
  });

  it('refuses to serve others without a token, and says how', async () => {
    const { code, stderr, stdout } = await runCli(['serve', '--host', '0.0.0.0'], {
      EASEL_SERVE_TOKEN: '',
    });
    assert.equal(code, 2);
    assert.match(stderr, /a token is required: set EASEL_SERVE_TOKEN, or give --token/);
    assert.equal(stdout, '');
  });

  it('prints its options', async () => {
    const { code, stdout } = await runCli(['serve', '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /--max-queue N/);
  });
});

describe('the options of easel serve', () => {
  it('have defaults that are safe', () => {
    const command = parseServeCommand([], {});
    assert.equal(command.host, '127.0.0.1');
    assert.equal(command.port, 7860);
    assert.equal(command.token, undefined);
    assert.equal(command.model, 'starter');
    assert.equal(command.safetyChecker, 'black');
    assert.deepEqual(command.allowOrigins, []);
    assert.deepEqual(command.limits, DEFAULT_LIMITS);
    assert.deepEqual([command.logPrompts, command.endWithInput], [false, false]);
  });

  it('are read', () => {
    const args = ['--port=0', '--token', TOKEN, '--max-body', '5', '--max-queue', '7'];
    const pages = ['--allow-origin', 'https://a.example', '--allow-origin', 'http://b.example:8'];
    const flags = ['--log-prompts', '--end-with-input', '--safety-checker', 'Blur'];
    const command = parseServeCommand([...args, ...pages, ...flags], {
      EASEL_SERVE_TOKEN: 'another',
    });
    assert.deepEqual([command.port, command.token], [0, TOKEN]);
    assert.equal(command.safetyChecker, 'blur');
    assert.deepEqual([command.logPrompts, command.endWithInput], [true, true]);
    assert.deepEqual(command.limits, { ...DEFAULT_LIMITS, maxBodyBytes: 5 * 2 ** 20, maxQueue: 7 });
    assert.deepEqual(command.allowOrigins, ['https://a.example', 'http://b.example:8']);
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['--safety-checker', 'none'], /--safety-checker must be black, blur, warn, off/],
    [['--port', '65536'], /--port must be a whole number from 0 to 65535/],
    [['--port', '1.5'], /--port/],
    [['--max-size', 'large'], /--max-size/],
    [['--max-queue', '0'], /--max-queue must be a whole number from 1/],
    [['--allow-origin', '*'], /--allow-origin must be the origin/],
    [['--allow-origin', 'https://a.example/page'], /--allow-origin/],
    [['--idle-minutes', '0'], /--idle-minutes/],
    [['--device', 'abacus'], /--device/],
    [['prompt'], /not expected here/],
    [['--tokn', 'x'], /Did you mean --token/],
  ];
  for (const [args, message] of wrong) {
    it(`refuse ${args.join(' ')}`, () => {
      assert.throws(
        () => parseServeCommand(args, {}),
        (thrown: unknown) => thrown instanceof EaselError && message.test(thrown.message),
      );
    });
  }
});
