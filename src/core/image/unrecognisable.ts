import type { RgbImage } from './pixels';
import { resizeBicubic } from './resize';

/** Pixels of the longer side that are left of a blurred image: colours and places can be seen, no shapes. */
const BLURRED_SIDE = 8;

/** A black image of the same size, as diffusers returns it for one that its safety checker flags. */
export function blackened({ width, height }: RgbImage): RgbImage {
  return { width, height, data: new Uint8Array(3 * width * height) };
}

/** An image of which only colours and their places are left. */
export function blurred(image: RgbImage): RgbImage {
  const { width, height } = image;
  const scale = BLURRED_SIDE / Math.max(width, height, BLURRED_SIDE);
  const side = (pixels: number) => Math.max(1, Math.round(pixels * scale));
  return resizeBicubic(resizeBicubic(image, side(width), side(height)), width, height);
}
