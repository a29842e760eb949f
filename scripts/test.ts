// `npm test [-- FILE ...]`: checks the sources, builds the bundles, and runs every test (or those of the files).
// Ends with the line "N passed, N failed". In CI, where the user is root, it first
// installs what the tests of WebGPU and of the keyring need.
import path from 'node:path';
import { runChecks, runPythonChecks, sourceChecks, unusedCheck, type TestCounts } from './checks';
import { hasKeyring } from '../test/support/keyring';
import { build, installDebianPackages, root, runBeside, runMain, tryRun } from './steps';

/**
 * Tests that take long and use one core, or mostly wait for an editor: they run beside the others, after the checks and
 * one after the other. More at once make an editor so slow that it loses keys.
 */
const BESIDE = ['test/vscode/**/*.test.ts', 'test/node-versions.slow.test.ts'];

runMain(async () => {
  const files = process.argv.slice(2);
  build();
  if (process.env.CI && process.getuid?.() === 0) {
    tryRun(process.execPath, ['scripts/bootstrap.js', 'setup-webgpu']);
    if (!hasKeyring()) installDebianPackages(['dbus', 'gnome-keyring']);
  }
  const all = files.length === 0;
  const counts = await Promise.all([
    runTests(
      all ? ['test/**/*.test.ts', ...BESIDE.flatMap((file) => ['--ignore', file])] : files,
      true,
    ),
    beside(all),
  ]);
  const { passed, failed } = sum(counts);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
});

/** What one core does while the other draws: the checks, and the tests that take long. */
async function beside(all: boolean): Promise<TestCounts> {
  const checks = await checkSources();
  return all ? sum([checks, await runPythonChecks(), await runTests(BESIDE, false)]) : checks;
}

async function checkSources(): Promise<TestCounts> {
  const checks = [...sourceChecks(), unusedCheck];
  const failed = await runChecks(checks);
  return { passed: checks.length - failed, failed };
}

/**
 * Runs mocha. A runner that ended without a count, or with an error of its own, is one failure.
 * @param live whether its output is written at once
 */
async function runTests(args: readonly string[], live: boolean): Promise<TestCounts> {
  const mocha = [
    path.join(root, 'node_modules/mocha/bin/mocha.js'),
    // A test that timed out may have left a process that would keep the runner waiting.
    '--exit',
    '--reporter',
    'scripts/counting-reporter.ts',
  ];
  const { status, report } = await runBeside(process.execPath, [...mocha, ...args], { live });
  const counts = /(\d+) (\d+)/.exec(report);
  const [passed, failed] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)];
  return { passed, failed: status === 0 && counts ? failed : Math.max(failed, 1) };
}

function sum(counts: readonly TestCounts[]): TestCounts {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
  };
}
