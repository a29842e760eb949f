import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CLI, runCli } from '../support/cli';
import { tempFolder } from '../support/temp-folder';

/** Runs a line of bash in which $EASEL is the command line; its status is that of the first command of a pipe. */
function bash(line: string, cwd: string): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const script = `easel() { "$NODE" "$CLI" "$@"; }; ${line}; exit \${PIPESTATUS[0]}`;
    const env = { ...process.env, NODE: process.execPath, CLI };
    const child = spawn('bash', ['-c', script], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

const GENERATE = 'easel generate "a red apple" --steps 1 --seed 1 --device cpu';

describe('the command line whose output nobody reads', function () {
  let folder: string;

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(() => {
    folder = tempFolder();
  });

  const images = () => readdirSync(folder).filter((name) => name.endsWith('.webp'));

  it('still draws and saves every image, without a trace', async () => {
    const pipes = [
      ...[`${GENERATE} --json --num-images 3 | head -1`, `${GENERATE} --num-images 3 | true`],
      ...[
        `${GENERATE} --num-images 3 2>&1 | true`,
        `${GENERATE} --num-images 3 --json 2> >(true) | true`,
      ],
    ];
    for (const line of pipes) {
      const { code, stderr } = await bash(line, folder);
      assert.equal(code, 0, `${line}\n${stderr}`);
      assert.equal(images().length, 3, line);
      assert.doesNotMatch(stderr, /EPIPE|Error|at .*\.js/, line);
      for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
    }
  });

  it('ends every other command in the same way', async () => {
    const commands = [
      ...['--help', '--version', 'models --help', 'models --json', 'models', 'models catalogue'],
      ...['devices', 'devices --json', 'generate', 'generate --json', 'recipe none.png', 'draw'],
    ];
    for (const command of commands) {
      const wanted = (await runCli(command.split(' '))).code;
      const { code, stderr } = await bash(`easel ${command} 2> >(true) | true`, folder);
      assert.equal(code, wanted, command);
      assert.equal(stderr, '', command);
    }
  });

  it('says that standard output is full, after the image is saved', async function () {
    if (process.platform !== 'linux') this.skip();
    for (const json of ['', ' --json']) {
      const { code, stderr } = await bash(`${GENERATE}${json} > /dev/full`, folder);
      assert.equal(code, 1);
      assert.match(stderr, /easel: Standard output could not be written: the disk is full\.\n$/);
      assert.doesNotMatch(stderr, /ENOSPC|at .*\.js/);
    }
    assert.equal(images().length, 2);
    const { code } = await bash(`${GENERATE} 2> /dev/full`, folder);
    assert.equal(code, 0);
    assert.equal(images().length, 3);
    assert.equal((await bash('easel --help > /dev/full', folder)).code, 1);
  });

  it('ends the server for agents', async () => {
    const request = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
    const { code, stderr } = await bash(`easel mcp < <(echo '${request}'; sleep 5) | true`, folder);
    assert.equal(code, 0);
    assert.equal(stderr, '');
  });
});
