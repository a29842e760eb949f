// `npm test [-- FILE ...]`: checks the sources, builds the bundles, and runs every test (or those of the files).
// Ends with the line "N passed, N failed". In CI, where the user is root, it first
// installs what the WebGPU tests need.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { runChecks, runPythonChecks, sourceChecks, unusedCheck } from './checks';
import { build, root, tryRun } from './steps';

const checks = [...sourceChecks(), unusedCheck];
const failedChecks = runChecks(checks);
build();
if (process.env.CI && process.getuid?.() === 0) {
  tryRun(process.execPath, ['scripts/bootstrap.js', 'setup-webgpu']);
}

const files = process.argv.slice(2);
const python = files.length === 0 ? runPythonChecks() : { passed: 0, failed: 0 };
const mocha = spawnSync(
  process.execPath,
  [
    path.join(root, 'node_modules/mocha/bin/mocha.js'),
    // A test that timed out may have left a process that would keep the runner waiting.
    '--exit',
    '--reporter',
    'scripts/counting-reporter.ts',
    ...(files.length > 0 ? files : ['test/**/*.test.ts']),
  ],
  { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'pipe'], encoding: 'utf8' },
);
const counts = /(\d+) (\d+)/.exec(mocha.output[3] ?? '');
const passed = Number(counts?.[1] ?? 0) + (checks.length - failedChecks) + python.passed;
// A runner that died without a count is one failure more.
const failed = (counts ? Number(counts[2]) : 1) + failedChecks + python.failed;
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && mocha.status === 0 ? 0 : 1);
