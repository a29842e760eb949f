// `npm test`: sets everything up, checks types, lint and format, and runs every test.
// Ends with the line "N passed, N failed".
import { createRequire } from 'node:module';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { build, installDependencies, root, run } from './setup.mjs';

installDependencies();
const node = process.execPath;
const resolve = createRequire(path.join(root, 'package.json')).resolve;
const checks = [
  ['types', [resolve('typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.json']],
  ['page types', [resolve('typescript/bin/tsc'), '--noEmit', '-p', 'webview/tsconfig.json']],
  ['lint', [path.join(root, 'node_modules/eslint/bin/eslint.js'), '.', '--max-warnings', '0']],
  ['format', [resolve('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']],
];
let failedChecks = 0;
for (const [name, args] of checks) {
  const failed = run(node, args, { allowFailure: true }) !== 0;
  console.log(`${failed ? '✘' : '✔'} ${name}`);
  if (failed) failedChecks += 1;
}
build();
run(node, ['scripts/swiftshader.mjs'], { allowFailure: true });

const mocha = spawnSync(
  node,
  [
    path.join(root, 'node_modules/mocha/bin/mocha.js'),
    // A test that timed out may have left a process that would keep the runner waiting.
    '--exit',
    '--reporter',
    'scripts/reporter.cjs',
    ...(process.argv.length > 2 ? process.argv.slice(2) : ['test/**/*.test.ts']),
  ],
  { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'pipe'], encoding: 'utf8' },
);
const counts = /(\d+) (\d+)/.exec(mocha.output[3] ?? '');
const passed = Number(counts?.[1] ?? 0) + (checks.length - failedChecks);
// A runner that died without a count is one failure more.
const failed = (counts ? Number(counts[2]) : 1) + failedChecks;
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && mocha.status === 0 ? 0 : 1);
