import { tryIntegers } from '../../src/engine/bytes/integer-trial';

/**
 * Skips the tests of a suite where the processor does not multiply bytes exactly: the engine refuses int8 there, as
 * `tryIntegers` says why.
 */
export function needsExactBytes(): void {
  before(async function () {
    if (!(await tryIntegers()).exact) this.skip();
  });
}
