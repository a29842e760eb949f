import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CLI } from './support/cli';
import { installNode, NODE_RELEASES } from './support/npm-packages';
import { ROOT } from './support/paths';
import { tempFolder } from './support/temp-folder';

/** Milliseconds; the unit tests take some minutes on a quiet machine, and much longer on a busy one. */
const LONGEST = 2_400_000;

/**
 * Tests that are the same on every Node: pure functions, and what ONNX Runtime computes. Of those that
 * compute in JavaScript, the schedulers and the random numbers stay.
 */
const SAME = [
  'test/core/composition/**',
  'test/core/image/**',
  'test/webview/**',
  'test/engine/composition/**',
  'test/engine/graph/**',
  'test/engine/pipeline/**',
];

/** Runs a script of Node to its end. @returns its standard output */
function run(node: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(node, args, {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: LONGEST,
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stderr + stdout.slice(-5000));
  return stdout;
}

/** Draws with the starter. @returns a digest of the file */
function draw(node: string): string {
  const request = ['a red apple', '--seed', '42', '--steps', '1', '--device', 'cpu'];
  const lines = run(node, [CLI, 'generate', ...request, '--output', tempFolder(), '--json']);
  const events = lines.trim().split('\n');
  const parsed = events.map((line) => JSON.parse(line) as { readonly path?: string });
  const file = parsed.find((event) => event.path !== undefined)?.path;
  assert.ok(file);
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

const NEWEST = String(Math.max(...Object.keys(NODE_RELEASES).map(Number)));

for (const [major, version] of Object.entries(NODE_RELEASES)) {
  // Everything else is tested on this one.
  if (process.versions.node.startsWith(`${major}.`)) continue;

  describe(`Node ${major}`, function () {
    this.timeout(LONGEST);
    let node: string;

    before(function () {
      try {
        node = installNode(version);
      } catch (error) {
        console.log(`    skipped: ${String(error)}`);
        this.skip();
      }
    });

    it('draws the same image', () => {
      assert.equal(draw(node), draw(process.execPath));
    });

    it('lists the devices', () => {
      assert.match(run(node, [CLI, 'devices']), /cpu/);
    });

    // What the oldest and the newest pass, the ones between pass too; they draw, and the editor's tests run on one.
    if (major !== NEWEST) return;

    it('passes the unit tests of what depends on it', () => {
      const mocha = path.join('node_modules', 'mocha', 'bin', 'mocha.js');
      const left = SAME.flatMap((pattern) => ['--ignore', pattern]);
      run(node, [mocha, '--config', '.mocharc.unit.json', '--reporter', 'dot', ...left]);
    });
  });
}
