import assert from 'node:assert/strict';
import { parseLoad, readLoad } from '../../src/core/engine-load';

describe('the load of the engine', () => {
  it('is all of the machine unless something else is asked for', () => {
    const all = { threads: 'auto', priority: 'normal' };
    assert.deepEqual(parseLoad({}), all);
    assert.deepEqual(readLoad(undefined, undefined), all);
    assert.deepEqual(readLoad(null, ''), all);
  });

  it('is read from options in any case', () => {
    const load = { threads: 3, priority: 'low' };
    assert.deepEqual(parseLoad({ threads: '3', priority: 'LOW' }), load);
    assert.deepEqual(readLoad(3, 'low'), load);
    assert.deepEqual(parseLoad({ threads: 'Auto' }), { threads: 'auto', priority: 'normal' });
  });

  it('refuses options that are wrong, and takes such settings for not set', () => {
    for (const threads of ['0', '-1', '1.5', '1e3', '0x2', 'many', '', ' ', '1025']) {
      assert.throws(() => parseLoad({ threads }), {
        code: 'bad-request',
        message: /^--threads must be auto, or a whole number from 1 to 1024, not /,
      });
    }
    for (const priority of ['high', '', '19']) {
      assert.throws(() => parseLoad({ priority }), {
        code: 'bad-request',
        message: /^--priority must be normal or low, not /,
      });
    }
    for (const threads of [0, -1, 1.5, '2', NaN, Infinity, 1025, {}]) {
      assert.equal(readLoad(threads, 'high').threads, 'auto');
    }
    assert.equal(readLoad(1, 'high').priority, 'normal');
  });
});
