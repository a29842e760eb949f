import { writeSync } from 'node:fs';
import { reporters, type MochaOptions, type Runner } from 'mocha';

/** Mocha's spec reporter, which also writes the numbers of passed and failed tests to file descriptor 3. */
class CountingReporter extends reporters.Spec {
  constructor(runner: Runner, options: MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      writeSync(3, `${this.stats.passes} ${this.stats.failures}\n`);
    });
  }
}

export = CountingReporter;
