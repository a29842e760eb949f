import assert from 'node:assert/strict';
import sharp from 'sharp';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Reads an image file's (or its bytes') 8-bit RGB pixels. */
export async function readPixels(file: string | Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  assert.equal(info.channels, 3);
  return { width: info.width, height: info.height, data };
}

/** The largest and the mean difference of any channel of any pixel, of 255. */
export function differences(a: Pixels, b: Pixels): { largest: number; mean: number } {
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  let largest = 0;
  let sum = 0;
  for (const [i, value] of a.data.entries()) {
    const difference = Math.abs(value - b.data[i]!);
    largest = Math.max(largest, difference);
    sum += difference;
  }
  return { largest, mean: sum / a.data.length };
}

/** The peak signal-to-noise ratio of two images' pixels, in dB; infinite where they are equal. */
export function psnr(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  const sum = a.reduce((total, value, i) => total + (value - b[i]!) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (sum / a.length));
}

/** Asserts that two pictures agree within 1 of 255 everywhere. */
export async function assertSamePicture(
  found: string | Uint8Array,
  expected: string,
): Promise<void> {
  const { largest } = differences(await readPixels(found), await readPixels(expected));
  assert.ok(largest <= 1, `${expected}: pixels differ by up to ${String(largest)} of 255`);
}
