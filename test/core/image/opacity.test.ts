import assert from 'node:assert/strict';
import { EaselError } from '../../../src/core/errors';
import { matte } from '../../../src/core/image/background';
import type { RgbImage } from '../../../src/core/image/pixels';

/** A row of pixels. */
const row = (...colours: readonly (readonly [number, number, number])[]): RgbImage => ({
  width: colours.length,
  height: 1,
  data: Uint8Array.from(colours.flat()),
});

describe('a matte', () => {
  const GREY = [240, 240, 240] as const;

  it('frees the colour of a soft edge from what is behind it', () => {
    // Half of a blue (0, 40, 200) before grey; an opacity of 125 is half after the contrast.
    const image = row(GREY, [120, 140, 220], [0, 40, 200], GREY);
    const { data } = matte(image, Uint8Array.of(0, 125, 255, 4));
    assert.deepEqual([...data.subarray(0, 4)], [...GREY, 0]);
    const [red, green, blue, alpha] = data.subarray(4, 8);
    assert.equal(alpha, 128);
    for (const [value, pure] of [
      [red, 0],
      [green, 40],
      [blue, 200],
    ] as const) {
      // prettier-ignore
      assert.ok(Math.abs(value! - pure) <= 1, `${value} for ${pure}`);
    }
    assert.deepEqual([...data.subarray(8, 12)], [0, 40, 200, 255]);
    assert.deepEqual([...data.subarray(12, 16)], [...GREY, 0]);
  });

  it('keeps white in front of white, which no colour could tell apart', () => {
    const { data } = matte(row([255, 255, 255], [255, 255, 255]), Uint8Array.of(0, 255));
    assert.deepEqual([...data], [255, 255, 255, 0, 255, 255, 255, 255]);
  });

  it('refuses pictures that are all background, or have none', () => {
    for (const value of [0, 255]) {
      const opacity = new Uint8Array(4).fill(value);
      assert.throws(
        () => matte(row(GREY, GREY, GREY, GREY), opacity),
        (thrown: unknown) => thrown instanceof EaselError && thrown.code === 'background-not-flat',
      );
    }
  });
});
