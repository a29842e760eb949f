import assert from 'node:assert/strict';
import { alignChunks } from '../../../src/core/prompt/chunks';
import { emphasize } from '../../../src/core/prompt/attention';

describe('emphasis', () => {
  const embeddings = Float32Array.of(1, 2, 3, -4, 5, 6);

  it('changes nothing at weights of 1', () => {
    assert.equal(emphasize(embeddings, Float32Array.of(1, 1, 1)), embeddings);
  });

  it('multiplies by the weights, then restores the mean', () => {
    // (1 2 | 6 -8 | 5 6) has the mean 2 where the original has 13/6.
    const ratio = Math.fround(13 / 6 / 2);
    const expected = [1, 2, 6, -8, 5, 6].map((value) => Math.fround(value * ratio));
    assert.deepEqual([...emphasize(embeddings, Float32Array.of(1, 2, 1))], expected);
  });

  it('stays finite where no mean is left', () => {
    assert.ok(emphasize(embeddings, Float32Array.of(0, 0, 0)).every((value) => value === 0));
  });
});

describe('aligned chunks', () => {
  const row = (...values: number[]) => Float32Array.from(values);

  it('repeats each row as a whole', () => {
    assert.deepEqual(alignChunks([row(1), row(2, 3)], 1), [row(1, 1), row(2, 3)]);
    assert.deepEqual(alignChunks([row(1, 2, 3, 4), row(5, 6, 7, 8, 9, 10)], 2), [
      row(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4),
      row(5, 6, 7, 8, 9, 10, 5, 6, 7, 8, 9, 10),
    ]);
  });

  it('leaves rows that are equally long', () => {
    const rows = [row(1, 2), row(3, 4)];
    assert.deepEqual(alignChunks(rows, 1), rows);
  });

  it('takes no more than the longest row where exactness would take many', () => {
    const long = Float32Array.from({ length: 13 }, (_, i) => i);
    const [short] = alignChunks([row(1, 2), long], 1);
    assert.deepEqual([...short!], [1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]);
  });
});
