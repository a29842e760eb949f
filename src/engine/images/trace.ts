import tracer from 'imagetracerjs';
import type { Sharp } from 'sharp';
import type { Size } from '../../core/image/resize';
import { toUtf8 } from '../../core/recipe/files/byte-reader';
import { renderPixels } from './sharp-image';

/** Paths follow single pixels; in a larger image they only trace noise. */
const TRACED_SIDE = 512;
const COLOURS = 16;

const OPTIONS = {
  /** The palette comes from an even sample of the pixels: the result is deterministic. */
  colorsampling: 2,
  numberofcolors: COLOURS,
  colorquantcycles: 3,
  /** How far, in pixels, lines and curves may leave the outline. */
  ltres: 1,
  qtres: 1,
  /** Shorter outlines are specks. */
  pathomit: 8,
  roundcoords: 1,
  viewbox: true,
  desc: false,
} as const;

/**
 * Traces flat art (icons, line art, stickers) as an SVG file of a few colours, with the image's size.
 * Photographs become many patches.
 */
export async function traceSvg(image: Sharp): Promise<Size & { readonly svg: Uint8Array }> {
  const pixels = await renderPixels(image);
  const { width, height } = await pixels.metadata();
  const { data, info } = await pixels
    .resize({ width: TRACED_SIDE, height: TRACED_SIDE, fit: 'inside', withoutEnlargement: true })
    .median(3)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const traced = { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
  const svg = tracer.imagedataToSVG(traced, OPTIONS);
  // The tracer gives no size, only the view box of the smaller image.
  return {
    width,
    height,
    svg: toUtf8(svg.replace(/^<svg /, `<svg width="${width}" height="${height}" `)),
  };
}
