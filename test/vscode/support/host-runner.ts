import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';
import { measured } from './measurements';

interface TestResult {
  readonly title: string;
  readonly error?: string;
}

/**
 * Runs suites inside the extension host and writes what came of each test to the file that
 * EASEL_TEST_RESULTS names.
 * @param load imports the suites, which declare their tests by Mocha's globals
 */
export async function runSuites(load: () => Promise<void>): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 180_000, reporter: 'min' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await load();
  const tests: TestResult[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', (test) => tests.push({ title: test.fullTitle() }));
    runner.on('fail', (test, error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      tests.push({ title: test.fullTitle(), error: text });
    });
  });
  const file = process.env.EASEL_TEST_RESULTS;
  if (!file) throw new Error('EASEL_TEST_RESULTS names no file.');
  writeFileSync(file, JSON.stringify({ tests, measured }, null, 2));
}
