import assert from 'node:assert/strict';
import { cutOut } from '../../../src/core/image/background';
import { EaselError } from '../../../src/core/errors';
import type { RgbImage } from '../../../src/core/image/pixels';

type Colour = readonly [number, number, number];
const SIDE = 40;
const WHITE: Colour = [250, 248, 251];
const RED: Colour = [200, 30, 20];

function paint(colour: (x: number, y: number) => Colour): RgbImage {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) data.set(colour(i % SIDE, Math.floor(i / SIDE)), i * 3);
  return { width: SIDE, height: SIDE, data };
}

/** What of a disc around the middle covers a pixel, with an edge of one pixel. */
function cover(x: number, y: number, radius: number): number {
  const away = Math.hypot(x - (SIDE - 1) / 2, y - (SIDE - 1) / 2);
  return Math.max(0, Math.min(1, radius + 0.5 - away));
}

const blend = (share: number, top: Colour, below: Colour): Colour => [
  Math.round(share * top[0] + (1 - share) * below[0]),
  Math.round(share * top[1] + (1 - share) * below[1]),
  Math.round(share * top[2] + (1 - share) * below[2]),
];
const disc = paint((x, y) => blend(cover(x, y, 12), RED, WHITE));

const isNotFlat = (thrown: unknown) =>
  thrown instanceof EaselError && thrown.code === 'background-not-flat';

describe('cutting out', () => {
  const pixel = (data: Uint8Array, x: number, y: number) => [
    ...data.subarray((y * SIDE + x) * 4, (y * SIDE + x) * 4 + 4),
  ];

  it('makes the background transparent, the subject opaque, and the edge as soft as it was', () => {
    const { data } = cutOut(disc);
    let soft = 0;
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const share = cover(x, y, 12);
        const [red, , , alpha] = pixel(data, x, y);
        // Below a tenth the edge cannot be told from the background's own spread.
        assert.ok(Math.abs(alpha! / 255 - share) < 0.1, `${x}, ${y}: ${alpha} for ${share}`);
        if (share > 0 && share < 1) soft += 1;
        // No rim of the background's colour.
        if (alpha! > 60) assert.ok(Math.abs(red! - RED[0]) <= 3, `${x}, ${y}: ${red}`);
      }
    }
    assert.ok(soft > 20);
    assert.deepEqual(pixel(data, 0, 0), [...WHITE, 0]);
  });

  it('keeps what the subject encloses', () => {
    const ring = paint((x, y) => blend(cover(x, y, 14) - cover(x, y, 5), RED, WHITE));
    const { data } = cutOut(ring);
    assert.deepEqual(pixel(data, SIDE / 2, SIDE / 2), [...WHITE, 255]);
    assert.equal(pixel(data, 1, 1)[3], 0);
  });

  it('takes a background that is not quite even, and a subject that crosses the border', () => {
    const uneven = paint((x, y) =>
      x > 14 && x < 26 && y > 10 ? RED : [230 + ((x * 7 + y * 3) % 12), 225, 235],
    );
    const { data } = cutOut(uneven);
    for (let y = 0; y < SIDE; y++) {
      assert.equal(pixel(data, 2, y)[3], 0);
      if (y > 13) assert.equal(pixel(data, 20, y)[3], 255);
    }
  });

  it('is the same each time, and leaves its input alone', () => {
    const before = disc.data.slice();
    assert.deepEqual(cutOut(disc), cutOut(disc));
    assert.deepEqual(disc.data, before);
  });

  it('refuses pictures without a flat background, and pictures of nothing else', () => {
    const slope = paint((x, y) => [x * 6, y * 6, 128]);
    const noise = paint((x, y) => [
      (x * 97 + y * 57) % 256,
      (x * 31 + y * 83) % 256,
      (x * y) % 256,
    ]);
    const empty = paint(() => WHITE);
    const halves = paint((x) => (x < SIDE / 2 ? RED : WHITE));
    for (const picture of [slope, noise, empty, halves])
      assert.throws(() => cutOut(picture), isNotFlat);
  });
});
