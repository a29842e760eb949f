import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { seedSequence } from '../../../src/core/diffusion/seed-sequence';
import { FIXTURES } from '../../support/paths';

interface SequenceFixture {
  readonly poolSize: number;
  readonly sequences: readonly {
    readonly entropy: number;
    readonly spawnKey: readonly number[];
    readonly words: readonly number[];
  }[];
}

const file = path.join(FIXTURES, 'brownian.json');
const { poolSize, sequences } = JSON.parse(readFileSync(file, 'utf8')) as SequenceFixture;

describe('seedSequence', () => {
  for (const { entropy, spawnKey, words } of sequences) {
    it(`gives numpy's words for ${entropy} and [${spawnKey.join(', ')}]`, () => {
      assert.deepEqual([...seedSequence(entropy, spawnKey, poolSize, words.length)], words);
    });
  }
});
