import assert from 'node:assert/strict';

import { clipPixels } from '../../../src/core/image/clip-pixels';
import { decodeImage } from '../../../src/engine/images/sharp-image';
import { pictureBytes } from '../../support/fixture';
import { clipReference } from '../../support/ip-adapters';

describe('the pixels that CLIP sees', () => {
  it('are those of transformers, of wide and of high images, made smaller and larger', async () => {
    const { size, images, pixels } = clipReference();
    for (const [index, name] of images.entries()) {
      const image = await decodeImage(pictureBytes(name), '#ffffff', 'image');
      const found = clipPixels(image, size);
      const expected = pixels[index]!;
      assert.equal(found.length, expected.length);
      for (const [at, value] of found.entries()) {
        // A step of a byte is about 0.015.
        const off = Math.abs(value - expected[at]!);
        assert.ok(off < 1e-5, `${name}: ${value}, not ${expected[at]}, at ${at}`);
      }
    }
  });

  it('are of the middle of an image that is very long', () => {
    const data = new Uint8Array(3 * 4 * 4000).fill(10);
    // Of the middle, the first half is white.
    data.fill(255, 3 * 4 * 1980, 3 * 4 * 2000);
    const pixels = clipPixels({ width: 4, height: 4000, data }, 8);
    assert.ok(pixels[0]! > 1 && pixels[63]! < -1, `${pixels[0]}, ${pixels[63]}`);
  });
});
