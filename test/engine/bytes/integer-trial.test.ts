import * as assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';

import { tryIntegers } from '../../../src/engine/bytes/integer-trial';

const processorFlags = (): string =>
  existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';

describe('the trial of products of bytes', () => {
  it('finds that this processor multiplies bytes exactly, or says so', async () => {
    const { exact, fast } = await tryIntegers();
    assert.ok(exact || !fast);
    // The unit tests of graphs demand exact products where there are instructions for them.
    if (/\b(avx512_vnni|avx_vnni|asimddp)\b/.test(processorFlags())) {
      assert.deepEqual({ exact, fast }, { exact: true, fast: true });
    }
  });
});
