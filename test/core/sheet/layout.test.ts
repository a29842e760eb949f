import assert from 'node:assert/strict';
import { layoutSheet, type SheetLayout } from '../../../src/core/sheet/layout';

const labels = (name: string, count: number) =>
  Array.from({ length: count }, (_, k) => `${name} ${k + 1}`);
const sheetOf = (counts: readonly number[], side = 128): SheetLayout => {
  const axes = counts.map((count, axis) => labels(`axis${axis}`, count));
  const images = counts.reduce((product, count) => product * count, 1);
  const drawn = Array.from({ length: images }, () => true);
  const texts = { title: 'a red apple', note: 'seed 1', axes };
  return layoutSheet(texts, { width: side, height: side }, drawn);
};
const distinct = (values: readonly number[]) => [...new Set(values)];

describe('the layout of a contact sheet', () => {
  it('has the first axis in columns and the second in rows', () => {
    const { places, scale } = sheetOf([3, 2]);
    assert.equal(scale, 1);
    assert.equal(places.length, 6);
    assert.equal(distinct(places.map(({ x }) => x)).length, 3);
    assert.equal(distinct(places.map(({ y }) => y)).length, 2);
    assert.ok(places[1]!.x > places[0]!.x && places[1]!.y === places[0]!.y);
    assert.ok(places[3]!.y > places[0]!.y && places[3]!.x === places[0]!.x);
  });

  it('repeats both for each value of the third', () => {
    const { places } = sheetOf([3, 2, 2]);
    assert.equal(distinct(places.map(({ x }) => x)).length, 3);
    assert.equal(distinct(places.map(({ y }) => y)).length, 4);
    assert.ok(places[6]!.y > places[5]!.y);
  });

  it('breaks an axis that stands alone into rows', () => {
    assert.equal(distinct(sheetOf([6]).places.map(({ y }) => y)).length, 1);
    const { places } = sheetOf([20]);
    assert.ok(distinct(places.map(({ y }) => y)).length > 2);
    assert.equal(places.length, 20);
  });

  it('keeps every image within the sheet, apart from the others', () => {
    for (const counts of [[1], [7], [3, 5], [2, 3, 4]]) {
      const { places, ground } = sheetOf(counts);
      for (const [index, { x, y }] of places.entries()) {
        assert.ok(x - 64 >= 0 && x + 64 <= ground.width && y - 64 >= 0 && y + 64 <= ground.height);
        for (const other of places.slice(index + 1)) {
          assert.ok(Math.abs(x - other.x) >= 128 || Math.abs(y - other.y) >= 128);
        }
      }
    }
  });

  it('makes images smaller where the sheet would be too large for files and viewers', () => {
    const { scale, ground, places } = sheetOf([10, 10], 2048);
    assert.ok(scale < 0.45 && scale > 0.2, String(scale));
    assert.ok(Math.max(ground.width, ground.height) <= 8192);
    assert.equal(places.length, 100);
  });

  it('leaves a grey box where an image is missing', () => {
    const texts = { title: '', note: '', axes: [['a', 'b']] };
    const boxes = (drawn: boolean[]) =>
      layoutSheet(texts, { width: 50, height: 50 }, drawn).ground.body.match(/width="50"/g)
        ?.length ?? 0;
    assert.equal(boxes([true, true]), 0);
    assert.equal(boxes([true, false]), 1);
  });
});
