import type { RgbaImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { openPixels, renderPixels } from '../images/sharp-image';

/** A model's edge goes from clear to opaque within about this many of its pixels. */
const EDGE_PIXELS = 2.6;
/** How wide an edge is in the enlarged image, in pixels. */
const SHARP_PIXELS = 1.6;

/**
 * Brings a cut-out subject to another size: crisply where that is larger, cleanly where it is smaller. Opacity
 * and colours are scaled apart, so that no colour of the removed background comes in at the edge.
 */
export async function resizeSubject(image: RgbaImage, { width, height }: Size): Promise<RgbaImage> {
  const scale = Math.max(width / image.width, height / image.height);
  if (scale <= 1) {
    const resized = await renderPixels(
      (await openPixels(image)).resize({ width, height, fit: 'fill', kernel: 'lanczos3' }),
    );
    return { width, height, alpha: true, data: new Uint8Array(await resized.toBuffer()) };
  }
  const colours = await scaleTo({ ...image, data: bleed(image) }, width, height);
  const half = Math.min(0.5, (0.5 * SHARP_PIXELS) / (EDGE_PIXELS * scale) + 0.02);
  for (let at = 3; at < colours.length; at += 4) {
    const share = (colours[at]! / 255 - (0.5 - half)) / (2 * half);
    const t = Math.max(0, Math.min(1, share));
    colours[at] = Math.round(t * t * (3 - 2 * t) * 255);
  }
  return { width, height, alpha: true, data: colours };
}

/** Colours and opacity scaled apart. */
async function scaleTo(image: RgbaImage, width: number, height: number): Promise<Uint8Array> {
  const pixels = image.width * image.height;
  const rgb = new Uint8Array(pixels * 3);
  const opacity = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    rgb.set(image.data.subarray(i * 4, i * 4 + 3), i * 3);
    opacity.fill(image.data[i * 4 + 3]!, i * 3, i * 3 + 3);
  }
  const scale = async (data: Uint8Array) => {
    const opened = await openPixels({ width: image.width, height: image.height, data });
    const resized = opened.resize({ width, height, fit: 'fill', kernel: 'lanczos3' });
    return new Uint8Array(await resized.raw().toBuffer());
  };
  const [colours, alphas] = [await scale(rgb), await scale(opacity)];
  const out = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    out[i * 4] = colours[i * 3]!;
    out[i * 4 + 1] = colours[i * 3 + 1]!;
    out[i * 4 + 2] = colours[i * 3 + 2]!;
    out[i * 4 + 3] = alphas[i * 3]!;
  }
  return out;
}

/** Opacity from which on a pixel's colour is the subject's own. */
const OWN = 220;

/** The pixels with the colours of the subject continued outwards, where opacity is low. */
function bleed({ width, height, data }: RgbaImage): Uint8Array {
  const out = data.slice();
  const known = new Uint8Array(width * height);
  let edge: number[] = [];
  for (let i = 0; i < known.length; i++) {
    if (data[i * 4 + 3]! < OWN) continue;
    known[i] = 1;
    edge.push(i);
  }
  if (edge.length === 0) return out;
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
  return out;
}
