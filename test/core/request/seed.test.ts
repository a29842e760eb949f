import assert from 'node:assert/strict';
import { LIMITS } from '../../../src/core/request/fields/limits';
import { CHOSEN_SEEDS, randomSeed } from '../../../src/core/request/request';

it('a chosen seed is a whole number of at most six digits', () => {
  assert.ok(CHOSEN_SEEDS <= LIMITS.seed.max);
  for (let i = 0; i < 1000; i++) {
    const seed = randomSeed();
    assert.ok(Number.isInteger(seed) && seed >= 0 && seed < CHOSEN_SEEDS, String(seed));
  }
});
