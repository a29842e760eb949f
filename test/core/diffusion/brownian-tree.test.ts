import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { BrownianTree } from '../../../src/core/diffusion/brownian-tree';
import { FIXTURES } from '../../support/paths';
import { decode } from './schedulers/reference';

interface MotionFixture {
  readonly motions: readonly {
    readonly start: number;
    readonly end: number;
    readonly seed: number;
    readonly size: number;
    readonly changes: readonly {
      readonly from: number;
      readonly to: number;
      /** base64 of float32. */
      readonly values: string;
    }[];
  }[];
}

const file = path.join(FIXTURES, 'brownian.json');
const { motions } = JSON.parse(readFileSync(file, 'utf8')) as MotionFixture;

describe('BrownianTree', () => {
  for (const { start, end, seed, size, changes } of motions) {
    it(`moves as torchsde's does from ${start} to ${end}, to the last bit`, () => {
      const tree = new BrownianTree(start, end, size, seed);
      for (const { from, to, values } of changes) {
        assert.deepEqual(tree.increment(from, to), decode(values), `${from} to ${to}`);
      }
    });
  }

  it('gives the same change whatever was asked for before, and however often', () => {
    const fresh = () => new BrownianTree(0.03, 14.6, 4, 5);
    const expected = fresh().increment(3.1, 4.7);
    const tree = fresh();
    // More than it keeps.
    for (let time = 1; time < 14; time += 0.1) tree.increment(time, time + 0.05);
    assert.deepEqual(tree.increment(3.1, 4.7), expected);
    assert.deepEqual(tree.increment(3.1, 4.7), expected);
  });

  it('moves as far in two parts as in one', () => {
    const tree = new BrownianTree(0, 8, 4, 5);
    const [first, second, whole] = [
      tree.increment(1, 2.3),
      tree.increment(2.3, 6),
      tree.increment(1, 6),
    ];
    whole.forEach((value, i) => assert.ok(Math.abs(first[i]! + second[i]! - value) < 1e-5));
  });
});
