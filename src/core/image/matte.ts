import type { RgbaImage, RgbImage } from './pixels';
import { requireBackground, unmix, type Colour } from './unmix';

/** Predicted opacity is noisy near its ends: up to this, of 255, counts as none, from this on as all. */
const NONE = 20;
const ALL = 230;

/**
 * Removes an image's background by the opacity that the model predicted. Where a pixel is partly opaque,
 * the background's share is removed from its colour.
 * @param opacity [height, width], 0 to 255
 * @throws EaselError `background-not-flat` where all is background, or nothing
 */
export function matte({ width, height, data }: RgbImage, opacity: Uint8Array): RgbaImage {
  const sharp = opacity.map((value) => {
    const share = (value - NONE) / (ALL - NONE);
    return Math.round(Math.max(0, Math.min(1, share)) * 255);
  });
  const clear = sharp.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
  requireBackground(clear / sharp.length);
  const background = meanColour(data, sharp, clear);
  const mixed = new Uint8Array(width * height * 4);
  for (const [pixel, alpha] of sharp.entries()) {
    const own = data.subarray(pixel * 3, pixel * 3 + 3);
    // Transparent pixels keep the background's colour, for programs that ignore transparency.
    mixed.set(alpha === 0 ? background : unmix(own, background, alpha / 255), pixel * 4);
    mixed[pixel * 4 + 3] = alpha;
  }
  return { width, height, alpha: true, data: mixed };
}

/** The mean colour of the transparent pixels. */
function meanColour(data: Uint8Array, opacity: Uint8Array, count: number): Colour {
  const sums: [number, number, number] = [0, 0, 0];
  for (const [pixel, alpha] of opacity.entries()) {
    if (alpha > 0) continue;
    for (const channel of [0, 1, 2] as const) sums[channel] += data[pixel * 3 + channel]!;
  }
  return [Math.round(sums[0] / count), Math.round(sums[1] / count), Math.round(sums[2] / count)];
}
