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

/** Where the tests of an editor lie. */
const EDITOR_TESTS = path.join('test', 'vscode', path.sep);

/** What the tests of each file came to. */
type FileCounts = Readonly<Record<string, TestCounts>>;

runMain(async () => {
  const files = process.argv.slice(2);
  build();
  if (process.env.CI && process.getuid?.() === 0) {
    tryRun(process.execPath, ['scripts/bootstrap.js', 'setup-webgpu']);
    if (!hasKeyring()) installDebianPackages(['dbus', 'gnome-keyring']);
  }
  const all = files.length === 0;
  const main = all ? ['test/**/*.test.ts', ...BESIDE.flatMap((file) => ['--ignore', file])] : files;
  const counts = await Promise.all([
    runTests(main, true).then((counted) => sum(Object.values(counted))),
    beside(all),
  ]);
  const { passed, failed } = sum(counts);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
});

/** What one core does while the other draws: the checks, and the tests that take long. */
async function beside(all: boolean): Promise<TestCounts> {
  const checks = await checkSources();
  if (!all) return checks;
  const python = await runPythonChecks();
  const first = await runTests(BESIDE, false);
  const last = { ...first, ...(await runEditorTestsAgain(first)) };
  return sum([checks, python, ...Object.values(last)]);
}

/**
 * Runs the files with tests of an editor that failed once more, in new windows, and says so. On a busy machine an
 * editor loses a key, the focus or its kept tabs now and then; what is wrong in Easel fails twice.
 */
async function runEditorTestsAgain(counts: FileCounts): Promise<FileCounts> {
  const files = Object.entries(counts)
    .filter(([file, { failed }]) => file.startsWith(EDITOR_TESTS) && failed > 0)
    .map(([file]) => file);
  if (files.length === 0) return {};
  console.log(`\nFailed, and tried again: ${files.join(', ')}`);
  return runTests(files, false);
}

async function checkSources(): Promise<TestCounts> {
  const checks = [...sourceChecks(), unusedCheck];
  const failed = await runChecks(checks);
  return { passed: checks.length - failed, failed };
}

/**
 * Runs mocha. A runner that ended without counts, or with an error of its own, is one failure.
 * @param live whether its output is written at once
 */
async function runTests(args: readonly string[], live: boolean): Promise<FileCounts> {
  const mocha = [
    path.join(root, 'node_modules/mocha/bin/mocha.js'),
    // A test that timed out may have left a process that would keep the runner waiting.
    '--exit',
    '--reporter',
    'scripts/counting-reporter.ts',
  ];
  const { status, report } = await runBeside(process.execPath, [...mocha, ...args], { live });
  const counts = report ? (JSON.parse(report) as FileCounts) : {};
  const isOwnError = status !== 0 && sum(Object.values(counts)).failed === 0;
  return isOwnError ? { ...counts, [args.join(' ')]: { passed: 0, failed: 1 } } : counts;
}

function sum(counts: readonly TestCounts[]): TestCounts {
  return {
    passed: counts.reduce((total, { passed }) => total + passed, 0),
    failed: counts.reduce((total, { failed }) => total + failed, 0),
  };
}
