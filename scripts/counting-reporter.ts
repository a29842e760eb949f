import { writeSync } from 'node:fs';
import path from 'node:path';
import { reporters, type MochaOptions, type Runnable, type Runner, type Suite } from 'mocha';

/** How many files are named. */
const SLOWEST = 15;

/** What the tests of a file came to. */
interface FileResult {
  passed: number;
  failed: number;
  seconds: number;
}

/**
 * Mocha's spec reporter, which also names the files that took longest, and writes to file descriptor 3 how many tests
 * of each file passed and failed: `{ "test/a.test.ts": { "passed": 3, "failed": 0, "seconds": 1.5 } }`.
 */
class CountingReporter extends reporters.Spec {
  readonly #started = new Map<Suite, number>();
  readonly #files = new Map<string, FileResult>();

  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.on('suite', (suite) => {
      if (suite.parent?.root) this.#started.set(suite, performance.now());
    });
    runner.on('suite end', (suite) => {
      const start = this.#started.get(suite);
      if (start !== undefined) this.#of(suite).seconds += (performance.now() - start) / 1000;
    });
    runner.on('pass', (test) => {
      this.#of(test).passed += 1;
    });
    // Also a hook that failed.
    runner.on('fail', (test) => {
      this.#of(test).failed += 1;
    });
    runner.once('end', () => {
      this.#nameSlowest();
      writeSync(3, JSON.stringify(Object.fromEntries(this.#files)));
    });
  }

  /** The result of the file in which something stands. */
  #of({ file, parent }: Runnable | Suite): FileResult {
    for (let suite = parent; file === undefined && suite; suite = suite.parent) file = suite.file;
    const name = path.relative(process.cwd(), file ?? '');
    const result = this.#files.get(name) ?? { passed: 0, failed: 0, seconds: 0 };
    this.#files.set(name, result);
    return result;
  }

  #nameSlowest(): void {
    const files = [...this.#files].sort(([, a], [, b]) => b.seconds - a.seconds).slice(0, SLOWEST);
    console.log('  The files that took longest, in seconds:');
    for (const [file, { seconds }] of files)
      console.log(`${seconds.toFixed(0).padStart(6)}  ${file}`);
  }
}

export = CountingReporter;
