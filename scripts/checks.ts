// The checks of the sources: types, lint, format, unused code.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root, runBeside } from './steps';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
}

export interface Check {
  readonly name: string;
  /** The arguments of Node. */
  readonly args: readonly string[];
}

/** Folders with sources; each tsconfig.json in them is a project with a runtime of its own. */
const SOURCES = ['src', 'webview', 'test', 'bench', 'scripts'];

/** One check for each TypeScript project, then lint and format. */
export function sourceChecks(): Check[] {
  const tsc = bin('typescript/bin/tsc');
  const types = projects().map((project) => ({
    name: `types of ${project}`,
    args: [tsc, '--noEmit', '-p', project],
  }));
  return [
    ...types,
    { name: 'lint', args: [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0'] },
    {
      name: 'format',
      args: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    },
  ];
}

/** Unused files, exports and dependencies. */
export const unusedCheck: Check = { name: 'unused code', args: [bin('knip/bin/knip.js')] };

/** The rules of which part may import which. */
export const architectureCheck: Check = {
  name: 'architecture',
  args: [bin('mocha/bin/mocha.js'), '--reporter', 'dot', 'test/architecture.test.ts'],
};

/**
 * Runs checks one after another, and says how each ended.
 * @returns how many failed
 */
export async function runChecks(checks: readonly Check[]): Promise<number> {
  let failures = 0;
  for (const { name, args } of checks) {
    const { status } = await runBeside(process.execPath, args);
    console.log(`${status === 0 ? '✔' : '✘'} ${name}`);
    if (status !== 0) failures += 1;
  }
  return failures;
}

/**
 * Runs the checks and tests of the Python code (scripts/check_python.py).
 * @returns how many tests passed and failed; none where there is no Python
 */
export async function runPythonChecks(): Promise<TestCounts> {
  const command = process.platform === 'win32' ? 'python' : 'python3';
  if (spawnSync(command, ['--version']).error) {
    console.log(`The Python checks are skipped: there is no ${command}.`);
    return { passed: 0, failed: 0 };
  }
  const { status, stdout } = await runBeside(command, ['scripts/check_python.py']);
  const counts = /python: (\d+) passed, (\d+) failed/.exec(stdout);
  const [passed, failed] = [Number(counts?.[1] ?? 0), Number(counts?.[2] ?? 0)];
  // Checks other than tests are in the exit status alone.
  return { passed, failed: status === 0 ? failed : Math.max(failed, 1) };
}

function bin(file: string): string {
  return path.join(root, 'node_modules', file);
}

function projects(): string[] {
  const nested = SOURCES.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => path.basename(file) === 'tsconfig.json')
      .map((file) => path.join(folder, file))
      .sort(),
  );
  return ['tsconfig.json', ...nested];
}
