import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { RgbImage } from '../../../src/core/image/pixels';
import { resizeBicubic, resizeLanczos } from '../../../src/core/image/resize';
import { FIXTURES } from '../../support/paths';

interface Case {
  readonly filter: 'lanczos' | 'bicubic';
  /** Width and height. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** Base64. */
  readonly rgb: string;
}

/** See scripts/reference/resizing.py. */
const CASES = JSON.parse(
  readFileSync(path.join(FIXTURES, 'resizing.json'), 'utf8'),
) as readonly Case[];
const FILTERS = { lanczos: resizeLanczos, bicubic: resizeBicubic };

/** An image without structure, whose values follow from their places. */
function sample(width: number, height: number): RgbImage {
  const valueAt = (x: number, y: number, c: number) => x * x * 31 + y * 57 + c * 101 + x * y * 3;
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return valueAt(pixel % width, Math.floor(pixel / width), i % 3) % 256;
  });
  return { width, height, data };
}

describe('images are resized to the bytes of Pillow', () => {
  for (const { filter, from, to, rgb } of CASES) {
    it(`${filter}, from ${from.join(' × ')} to ${to.join(' × ')}`, () => {
      const made = FILTERS[filter](sample(...from), ...to);
      assert.deepEqual([made.width, made.height], to);
      assert.deepEqual(Buffer.from(made.data), Buffer.from(rgb, 'base64'));
    });
  }
});
