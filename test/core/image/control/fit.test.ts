import { strict as assert } from 'node:assert';
import {
  cropToShape,
  fillToSize,
  hasShape,
  sizeWithin,
} from '../../../../src/core/image/control/fit';
import type { RgbImage } from '../../../../src/core/image/pixels';

/** An image whose pixels say where they are. */
function places(width: number, height: number): RgbImage {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return [pixel % width, Math.floor(pixel / width), 9][i % 3]!;
  });
  return { width, height, data };
}
const at = ({ width, data }: RgbImage, x: number, y: number) => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];

describe('control images of another shape', () => {
  it('are cropped in the middle, at their own scale', () => {
    const wide = cropToShape(places(100, 40), { width: 512, height: 512 });
    assert.deepEqual([wide.width, wide.height], [40, 40]);
    assert.deepEqual(at(wide, 0, 0), [30, 0, 9]);
    assert.deepEqual(at(wide, 39, 39), [69, 39, 9]);
    const tall = cropToShape(places(40, 100), { width: 64, height: 32 });
    assert.deepEqual([tall.width, tall.height], [40, 20]);
    assert.deepEqual(at(tall, 0, 0), [0, 40, 9]);
  });

  it('stay as they are where they have the shape', () => {
    const image = places(48, 32);
    assert.ok(hasShape(image, { width: 768, height: 512 }));
    assert.ok(!hasShape(image, { width: 512, height: 512 }));
    assert.deepEqual(cropToShape(image, { width: 96, height: 64 }), image);
    assert.deepEqual(fillToSize(image, image), image);
  });

  it('are filled around with the usual colour of their border', () => {
    const image = { width: 20, height: 10, data: new Uint8Array(600).fill(200) };
    image.data.fill(0, 0, 3);
    const filled = fillToSize(image, { width: 20, height: 20 });
    assert.deepEqual(at(filled, 0, 0), [200, 200, 200]);
    assert.deepEqual(at(filled, 0, 5), [0, 0, 0]);
    assert.deepEqual(at(filled, 19, 19), [200, 200, 200]);
  });

  it('never become larger than asked, nor nothing', () => {
    assert.deepEqual(sizeWithin({ width: 100000, height: 2 }, { width: 64, height: 64 }), { width: 64, height: 1 }); // prettier-ignore
    const thin = cropToShape(places(3000, 1), { width: 64, height: 64 });
    assert.deepEqual([thin.width, thin.height], [1, 1]);
    assert.equal(fillToSize(thin, { width: 8, height: 8 }).data.length, 192);
  });
});
