import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CLI, runCli } from '../support/cli';
import { FIXTURES } from '../support/paths';
import { tempFolder } from '../support/temp-folder';

const QUICK = [
  'generate',
  'a red apple',
  '--steps',
  '1',
  '--seed',
  '1',
  '--device',
  'cpu',
  '--json',
];

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs bash as the leader of a process group of its own. */
async function bash(script: string, cwd: string): Promise<Ended> {
  const env = { ...process.env, NODE: process.execPath, CLI };
  const child = spawn('bash', ['-c', script], { cwd, env, detached: true });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, ...texts };
}

describe('--output with the name of a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = tempFolder();
  });

  it('saves that very file, in its format, and never overwrites it', async () => {
    const file = path.join(folder, 'new', 'out.webp');
    const first = await runCli([...QUICK, '--output', file]);
    assert.equal(first.code, 0);
    assert.equal(first.events().find(({ event }) => event === 'image')?.path, file);
    assert.equal(readFileSync(file).subarray(8, 12).toString(), 'WEBP');
    const before = readFileSync(file);
    const second = await runCli([...QUICK, '--output', file]);
    assert.equal(second.code, 1);
    // Before anything is drawn.
    assert.deepEqual(
      second.events().map(({ event, code }) => [event, code]),
      [['error', 'write-failed']],
    );
    assert.match(second.stdout, /out\.webp is already in .*nothing is overwritten/);
    assert.deepEqual(readFileSync(file), before);
    assert.deepEqual(readdirSync(path.dirname(file)), ['out.webp']);
  });

  it('numbers several, and draws none where one is taken', async () => {
    const several = [...QUICK, '--num-images', '2', '--output', path.join(folder, 'out.png')];
    assert.equal((await runCli(several)).code, 0);
    assert.deepEqual(readdirSync(folder).sort(), ['out-1.png', 'out-2.png']);
    const again = await runCli(several);
    assert.deepEqual(
      again.events().map(({ event }) => event),
      ['error'],
    );
  });

  it('saves in a folder of that name', async () => {
    mkdirSync(path.join(folder, 'dir.png'));
    const { code } = await runCli([...QUICK, '--output', path.join(folder, 'dir.png')]);
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(path.join(folder, 'dir.png')), ['a-red-apple.webp']);
  });
});

describe('a place that cannot be written', function () {
  let folder: string;
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  beforeEach(() => {
    folder = tempFolder();
  });

  /** The only event is the error: it comes before the drawing. */
  const refused = async (output: string, wanted: RegExp) => {
    const { code, events } = await runCli([...QUICK, '--output', output]);
    assert.equal(code, 1, output.slice(0, 100));
    const [error, ...more] = events();
    assert.deepEqual([error?.event, more], ['error', []]);
    assert.match(String(error?.message), wanted);
    assert.doesNotMatch(String(error?.message), /\.tmp|\.easel-|E[A-Z]{4,}/);
  };

  it('is told before the drawing where its path is too long', async () => {
    await refused(path.join(folder, 'x'.repeat(300)), /x: the path is too long/);
    await refused(path.join(folder, `${'x'.repeat(300)}.png`), /the path is too long/);
    await refused(
      path.join(folder, ...Array<string>(30).fill('y'.repeat(200))),
      /the path is too long/,
    );
    // The folder is possible, the file in it is not.
    let deep = folder;
    while (deep.length < 3900) deep += `/${'z'.repeat(100)}`;
    await refused(`${deep}/${'z'.repeat(4070 - deep.length)}`, /the path is too long/);
    assert.deepEqual(readdirSync(folder), [], 'new folders are removed');
  });

  it('is told before the drawing where links lead in a circle, or a file is in the way', async () => {
    execFileSync('ln', ['-s', 'loop', path.join(folder, 'loop')]);
    writeFileSync(path.join(folder, 'file.txt'), '');
    await refused(
      path.join(folder, 'loop', 'x'),
      /its links lead in a circle|a file is in the place/,
    );
    await refused(path.join(folder, 'file.txt'), /a file is in the place of a folder/);
    await refused(path.join(folder, 'file.txt', 'out.png'), /a file is in the place of a folder/);
    await refused('/dev/null', /a file is in the place of a folder/);
  });

  it('is told before the drawing where the disk is read-only, full or out of files', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const disks: [string, RegExp][] = [
      ['size=64k,ro', /the disk is read-only/],
      ['size=64k,nr_inodes=3', /The disk is full/],
    ];
    for (const [options, wanted] of disks) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
      try {
        await refused(path.join(folder, 'new'), wanted);
        assert.deepEqual(readdirSync(folder), [], 'an empty new folder is removed');
      } finally {
        execFileSync('umount', [folder]);
      }
    }
  });

  it('is told in words where it shows only when the image is written', async () => {
    const args = QUICK.map((arg) => `'${arg}'`).join(' ');
    const script = `ulimit -f 2; "$NODE" "$CLI" ${args} --output new`;
    const { code, stdout } = await bash(script, folder);
    assert.equal(code, 1);
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    assert.deepEqual([last.event, last.code], ['error', 'write-failed']);
    assert.match(
      String(last.message),
      /new: a limit on the size of files is reached \(ulimit -f\)/,
    );
    assert.deepEqual(readdirSync(folder), [], 'nothing is left');
  });

  it('is told where the working folder was deleted', async () => {
    const { code, stdout, stderr } = await bash(
      `mkdir gone; cd gone; rmdir ../gone; "$NODE" "$CLI" generate x; echo $?; "$NODE" "$CLI" models --json`,
      folder,
    );
    assert.equal(code, 2);
    assert.match(stdout, /^2\n\{"event":"error","code":"bad-request"/);
    assert.match(stderr, /^easel: The folder that this command works in was deleted\. Change/);
  });
});

describe('a file that never ends', () => {
  it('is refused, and nothing waits for it', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = tempFolder();
    const pipe = path.join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    writeFileSync(path.join(folder, 'empty.png'), '');
    const output = ['--output', folder];
    for (const file of [pipe, '/dev/zero', '/dev/tty', path.join(folder, 'empty.png'), folder]) {
      const runs = [
        [...QUICK, ...output, '--init-image', file],
        [...QUICK, ...output, '--init-image', path.join(import.meta.dirname, 'x'), '--mask', file],
        ...[
          ['recipe', file],
          ['icon', file, ...output],
        ],
      ];
      for (const args of runs) {
        const { code, stdout, stderr } = await runCli(args);
        assert.equal(code, 2, args.join(' '));
        assert.match(
          stdout + stderr,
          /cannot be read: (it is |there is no |the device)/,
          args.join(' '),
        );
      }
    }
    assert.deepEqual(readdirSync(folder).sort(), ['empty.png', 'pipe']);
  });
});

describe('a value that is empty', () => {
  it('is refused with the name of its option; texts may be empty', async () => {
    const folder = tempFolder();
    for (const option of ['--output', '--init-image', '--mask', '--model', '--lora']) {
      const { code, stdout } = await runCli([...QUICK, '--output', folder, option, '']);
      assert.equal(code, 2, option);
      assert.ok(stdout.includes(`${option} needs a value.`), stdout);
    }
    assert.deepEqual(readdirSync(folder), []);
    const { code } = await runCli([...QUICK, '--output', folder, '--negative-prompt', '']);
    assert.equal(code, 0);
  });
});

describe('an image that cannot be decoded', () => {
  it('is named', async () => {
    const folder = tempFolder();
    const damaged = path.join(folder, 'damaged.png');
    writeFileSync(damaged, '\x89PNG\r\n\x1a\n', 'latin1');
    const whole = path.join(FIXTURES, 'pictures', 'sketch.png');
    const output = ['--output', path.join(folder, 'new')];
    for (const args of [
      [...QUICK, ...output, '--init-image', damaged],
      [...QUICK, ...output, '--init-image', whole, '--mask', damaged],
      ['icon', damaged, ...output],
    ]) {
      const { code, stdout, stderr } = await runCli(args);
      assert.equal(code, 1, args.join(' '));
      assert.match(stdout + stderr, /damaged\.png: The .* cannot be read: .*save it again as PNG/);
    }
    assert.deepEqual(readdirSync(folder), ['damaged.png']);
  });
});

describe('links in a circle', () => {
  it('are told in words, whatever they stand for', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = tempFolder();
    const loop = path.join(folder, 'loop.safetensors');
    symlinkSync('loop.safetensors', loop);
    for (const option of ['--lora', '--embedding', '--init-image']) {
      const { code, stdout } = await runCli([...QUICK, '--output', folder, option, loop]);
      assert.notEqual(code, 0);
      assert.match(stdout, /loop\.safetensors .*its links lead in a circle/);
      assert.doesNotMatch(stdout, /ELOOP/);
    }
  });
});

describe('signals and limits', function () {
  let folder: string;
  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(() => {
    folder = tempFolder();
  });

  it('cancel in silence, also where the whole group is ended', async () => {
    const args = ['generate', 'a cat', '--steps', '900', '--num-images', '50', '--device', 'cpu'];
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
      // The leader of a group, to which its engine belongs.
      const child = spawn(process.execPath, [CLI, ...args, '--json', '--output', folder], {
        detached: true,
      });
      let stdout = '';
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const begins = !stdout.includes('"step"') && (stdout + text).includes('"step"');
        stdout += text;
        if (begins && child.pid) process.kill(-child.pid, signal);
      });
      const [code] = (await once(child, 'close')) as [number | null];
      assert.equal(code, 130, `${signal}\n${stdout.slice(-300)}${stderr}`);
      assert.equal(stderr, '');
      assert.match(stdout, /"code":"cancelled","message":"Cancelled\."\}\n$/);
    }
  });

  it('never reach the group that the command is in', async function () {
    if (process.platform !== 'linux') this.skip();
    let failures = 0;
    for (let files = 22; files <= 46; files += 4) {
      const script = `ulimit -n ${files}; "$NODE" "$CLI" generate "a cat" --steps 1 --device cpu --json > out.txt; echo "code $?"`;
      const { code, signal, stdout } = await bash(script, folder);
      assert.deepEqual([code, signal], [0, null], `with ${files} files the shell was ended`);
      const [, status] = /code (\d+)/.exec(stdout) ?? [];
      const lines = readFileSync(path.join(folder, 'out.txt'), 'utf8').trim().split('\n');
      // With very few files Node itself does not start.
      if (status === '0' || !lines[0]?.startsWith('{')) continue;
      failures += 1;
      const last = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
      assert.equal(last.event, 'error');
      assert.notEqual(last.code, 'internal', String(last.message));
    }
    assert.ok(failures > 0, 'no limit was low enough');
  });
});
