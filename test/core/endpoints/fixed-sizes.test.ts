import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nearestRatio, nearestSize, sizesOfRatios } from '../../../src/core/endpoints/fixed-sizes';

const SQUARES = [256, 512, 1024].map((side) => ({ width: side, height: side }));

describe('sizes of services', () => {
  it('are taken by their shape, then by their pixels', () => {
    const side = (width: number, height: number) => nearestSize(SQUARES, { width, height }).width;
    assert.deepEqual([side(100, 100), side(300, 200), side(600, 600), side(4000, 10)], [256, 256, 1024, 256]); // prettier-ignore
    const sizes = [...SQUARES, { width: 1536, height: 1024 }];
    assert.equal(nearestSize(sizes, { width: 300, height: 200 }).width, 1536);
    assert.equal(nearestSize(sizes, { width: 2000, height: 2000 }).width, 1024);
  });

  it('are themselves where they are asked for', () => {
    const size = fc.record({
      width: fc.integer({ min: 1, max: 2048 }),
      height: fc.integer({ min: 1, max: 2048 }),
    });
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 8 }), fc.nat(), (sizes, nth) => {
        const wanted = sizes[nth % sizes.length]!;
        const found = nearestSize(sizes, wanted);
        const shape = (found.width * wanted.height) / (found.height * wanted.width);
        assert.ok(Math.abs(Math.log(shape)) < 0.01);
        assert.ok(found.width * found.height <= wanted.width * wanted.height);
      }),
    );
  });

  it('are computed from ratios', () => {
    assert.deepEqual(sizesOfRatios(['1:1', '4:1', 'custom', '0:1', 7], 2 ** 20), [
      { width: 1024, height: 1024 },
      { width: 2048, height: 512 },
    ]);
    const ratios = ['match_input', '1:1', '3:2', '2:3'];
    assert.equal(nearestRatio(ratios, { width: 1000, height: 700 }), '3:2');
    assert.equal(nearestRatio(ratios, { width: 10, height: 700 }), '2:3');
    assert.equal(nearestRatio(['custom'], { width: 1, height: 1 }), undefined);
  });
});
