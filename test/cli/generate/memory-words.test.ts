import assert from 'node:assert/strict';
import { memoryFact, memoryWarnings } from '../../../src/cli/output';

describe('what a job needs of memory, on the command line', () => {
  const GB = 1e9;
  const need = (bytes: number, availableBytes: number, tiled = false) =>
    ({ event: 'memory', bytes, availableBytes, tiled }) as const;

  it('is said where it is much', () => {
    assert.equal(memoryFact(need(0.6 * GB, 10 * GB)), undefined);
    const much = need(6.2 * GB, 10 * GB);
    assert.equal(memoryFact(much), 'Needs about 6.2 GB of memory; 10.0 GB are free.');
    assert.deepEqual(memoryWarnings(much), []);
  });

  it('is a warning where it is more than there is', () => {
    const [warning, ...others] = memoryWarnings(need(1.5 * GB, 1 * GB));
    assert.match(warning!, /^This needs about 1\.5 GB of memory, and 1\.0 GB are free\. Close/);
    assert.deepEqual(others, []);
  });

  it('is why a picture is decoded in tiles', () => {
    const [warning] = memoryWarnings(need(3 * GB, 9 * GB, true));
    assert.match(warning!, /in tiles.*--vae-tiling off/);
  });
});
