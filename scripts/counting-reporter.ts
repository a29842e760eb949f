import { writeSync } from 'node:fs';
import path from 'node:path';
import { reporters, type MochaOptions, type Runner, type Suite, type Test } from 'mocha';

/** How many files are named. */
const SLOWEST = 15;

/**
 * Mocha's spec reporter, which also writes the numbers of passed and failed tests to file descriptor 3,
 * and names the files that took longest.
 */
class CountingReporter extends reporters.Spec {
  readonly #started = new Map<Suite, number>();
  readonly #seconds = new Map<string, number>();

  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.on('suite', (suite) => {
      if (suite.parent?.root) this.#started.set(suite, performance.now());
    });
    runner.on('suite end', (suite) => {
      const start = this.#started.get(suite);
      if (start === undefined || suite.file === undefined) return;
      const file = path.relative(process.cwd(), suite.file);
      const seconds = (performance.now() - start) / 1000;
      this.#seconds.set(file, (this.#seconds.get(file) ?? 0) + seconds);
    });
    runner.on('retry', (test: Test, error: Error) => {
      console.log(`    tried again: ${test.title}: ${error.message}`);
    });
    runner.once('end', () => {
      this.#nameSlowest();
      writeSync(3, `${this.stats.passes} ${this.stats.failures}\n`);
    });
  }

  #nameSlowest(): void {
    const files = [...this.#seconds].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
    console.log('  The files that took longest, in seconds:');
    for (const [file, seconds] of files) console.log(`${seconds.toFixed(0).padStart(6)}  ${file}`);
  }
}

export = CountingReporter;
