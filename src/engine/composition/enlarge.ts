import type { Sharp } from 'sharp';
import { crispen } from '../../core/image/crispen';
import { withoutOpacity } from '../../core/image/layers';
import type { RgbaImage, RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { openPixels, rgbaPixels } from '../images/sharp-image';

/** A model's edge goes from clear to opaque within about this many of its pixels. */
const EDGE_PIXELS = 2.8;
/** How wide an edge is in the enlarged image, in pixels. */
const SHARP_PIXELS = 1.6;
/** Takes the steps out of the outline, in the model's pixels. */
const OUTLINE_BLUR = 0.7;
/** The same for the edges within. */
const INNER_BLUR = 0.6;

/**
 * Brings a cut-out subject to another size: crisply where that is larger, cleanly where it is smaller. Opacity
 * and colours are scaled apart, so that no colour of the removed background comes in at the edge.
 */
export async function resizeSubject(image: RgbaImage, size: Size): Promise<RgbaImage> {
  const { width, height } = size;
  const scale = Math.max(width / image.width, height / image.height);
  if (scale <= 1) {
    const opened = await openPixels(image);
    return rgbaPixels(opened.resize({ ...size, fit: 'fill', kernel: 'lanczos3' }));
  }
  const colours = await enlargeColours(withoutOpacity(bleed(image)), size);
  const opacity = await enlargeOpacity(image, size, scale);
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    data[i * 4] = colours.data[i * 3]!;
    data[i * 4 + 1] = colours.data[i * 3 + 1]!;
    data[i * 4 + 2] = colours.data[i * 3 + 2]!;
    data[i * 4 + 3] = opacity[i * 3]!;
  }
  return { width, height, alpha: true, data };
}

/** First up to four times as large, then by two: inner edges are made steep after each step. */
export async function enlargeColours(image: RgbImage, size: Size): Promise<RgbImage> {
  const smooth = (await openPixels(image)).median(3).blur(INNER_BLUR);
  let current = await pixelsOf(smooth, image);
  for (let most = 4; current.width < size.width || current.height < size.height; most = 2) {
    const next = {
      width: Math.min(size.width, current.width * most),
      height: Math.min(size.height, current.height * most),
    };
    const scale = Math.max(next.width / current.width, next.height / current.height);
    const larger = await resized(current, next);
    const edge = most === 4 ? EDGE_PIXELS : SHARP_PIXELS;
    const radius = Math.ceil((edge * scale) / 2);
    current = scale < 1.2 ? larger : crispen(larger, radius, Math.max(1, scale * (edge / 2.6)));
  }
  return resized(current, size);
}

async function resized(image: RgbImage, { width, height }: Size): Promise<RgbImage> {
  if (image.width === width && image.height === height) return image;
  const opened = await openPixels(image);
  return pixelsOf(opened.resize({ width, height, fit: 'fill', kernel: 'mitchell' }), {
    width,
    height,
  });
}

async function pixelsOf(image: Sharp, { width, height }: Size): Promise<RgbImage> {
  return { width, height, data: new Uint8Array(await image.raw({ depth: 'uchar' }).toBuffer()) };
}

/** @returns 8-bit opacity, three equal values a pixel */
async function enlargeOpacity(
  { width, height, data }: RgbaImage,
  size: Size,
  scale: number,
): Promise<Uint8Array> {
  const grey = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) grey.fill(data[i * 4 + 3]!, i * 3, i * 3 + 3);
  const soft = (await openPixels({ width, height, data: grey })).blur(OUTLINE_BLUR);
  const smooth = await pixelsOf(soft, { width, height });
  const { data: large } = await resized(smooth, size);
  const half = Math.min(0.5, (0.5 * SHARP_PIXELS) / (EDGE_PIXELS * scale) + 0.02);
  return large.map((value) => {
    const share = Math.max(0, Math.min(1, (value / 255 - (0.5 - half)) / (2 * half)));
    return Math.round(share * share * (3 - 2 * share) * 255);
  });
}

/** Opacity from which on a pixel's colour is the subject's own. */
const OWN = 220;

/** The pixels with the colours of the subject continued outwards, where opacity is low. */
function bleed({ width, height, data }: RgbaImage): RgbaImage {
  const out = data.slice();
  const known = new Uint8Array(width * height);
  let edge: number[] = [];
  for (let i = 0; i < known.length; i++) {
    if (data[i * 4 + 3]! < OWN) continue;
    known[i] = 1;
    edge.push(i);
  }
  const bled: RgbaImage = { width, height, alpha: true, data: out };
  if (edge.length === 0) return bled;
  while (edge.length > 0) {
    const found = new Map<number, [number, number, number, number]>();
    for (const pixel of edge) {
      const x = pixel % width;
      const neighbours = [
        x > 0 ? pixel - 1 : -1,
        x < width - 1 ? pixel + 1 : -1,
        pixel - width,
        pixel + width,
      ];
      for (const next of neighbours) {
        if (next < 0 || next >= known.length || known[next]) continue;
        const sum = found.get(next) ?? [0, 0, 0, 0];
        for (const c of [0, 1, 2] as const) sum[c] += out[pixel * 4 + c]!;
        sum[3] += 1;
        found.set(next, sum);
      }
    }
    edge = [];
    for (const [pixel, [red, green, blue, count]] of found) {
      out[pixel * 4] = Math.round(red / count);
      out[pixel * 4 + 1] = Math.round(green / count);
      out[pixel * 4 + 2] = Math.round(blue / count);
      known[pixel] = 1;
      edge.push(pixel);
    }
  }
  return bled;
}
