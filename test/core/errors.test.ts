import { strict as assert } from 'node:assert';
import { EaselError, toEaselError } from '../../src/core/errors';

describe('any thrown value as an error of Easel', () => {
  it('is the same where it is one, also of another bundle', () => {
    const own = new EaselError('bad-size', 'No.');
    assert.equal(toEaselError(own), own);
    // Each bundle has a class of its own.
    const other = Object.assign(new Error('No.'), {
      name: 'EaselError',
      code: 'bad-size',
      data: {},
    });
    assert.equal(toEaselError(other).code, 'bad-size');
    assert.equal(toEaselError(other), other);
  });

  it('is internal where nothing is known of it, whatever it says of itself', () => {
    for (const thrown of [
      new Error('x'),
      'x',
      undefined,
      Object.assign(new Error('x'), { name: 'EaselError', code: 'unknown' }),
      Object.assign(new Error('x'), { code: 'bad-size' }),
      { name: 'EaselError', code: 'bad-size', message: 'x' },
    ]) {
      assert.equal(toEaselError(thrown).code, 'internal');
    }
  });
});
