import assert from 'node:assert/strict';

import { decideSafety } from '../../../../src/engine/model/components/safety-checker/verdict';
import { VERDICTS } from '../../../support/safety-checker';

describe('the verdicts of a safety checker', () => {
  it('are those of diffusers near the thresholds, score by score', () => {
    for (const { special, concepts, scores, flagged } of VERDICTS) {
      const verdict = decideSafety(special, concepts);
      const digits = (values: readonly number[]) => values.map((value) => Number(value.toFixed(3)));
      assert.deepEqual(digits(verdict.scores.special), scores.special);
      assert.deepEqual(digits(verdict.scores.concepts), scores.concepts);
      assert.equal(verdict.flagged, flagged);
    }
    assert.equal(new Set(VERDICTS.map(({ flagged }) => flagged)).size, 2);
  });
});
