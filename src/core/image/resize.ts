import type { RgbImage } from './pixels';

/** A filter of Pillow: its weight at a distance from the centre, in pixels, and where it ends. */
interface Filter {
  readonly support: number;
  readonly weight: (x: number) => number;
}

const LANCZOS: Filter = { support: 3, weight: lanczos };
const BICUBIC: Filter = { support: 2, weight: bicubic };
/** Pillow keeps weights as integers of this many fractional bits (Resample.c, PRECISION_BITS). */
const PRECISION = 22;

/**
 * Resizes with Lanczos (a = 3) to the very bytes Pillow makes, since diffusers resizes with it
 * (VaeImageProcessor.resize, PIL_INTERPOLATION["lanczos"]; Pillow's libImaging/Resample.c): rows and
 * columns one after the other, each rounded to 8 bits.
 */
export function resizeLanczos(image: RgbImage, width: number, height: number): RgbImage {
  return resize(image, { width, height }, LANCZOS);
}

/** As {@link resizeLanczos} with Pillow's bicubic filter, which transformers' image processors use. */
export function resizeBicubic(image: RgbImage, width: number, height: number): RgbImage {
  return resize(image, { width, height }, BICUBIC);
}

function resize(image: RgbImage, size: Size, filter: Filter): RgbImage {
  const { width, height } = size;
  const inWidth = (one: RgbImage) => (width === one.width ? one : resizeRows(one, width, filter));
  const inHeight = (one: RgbImage) =>
    height === one.height ? one : transpose(resizeRows(transpose(one), height, filter));
  return isHeightFirst(image, size) ? inWidth(inHeight(image)) : inHeight(inWidth(image));
}

/**
 * Whether Pillow makes the columns shorter before the rows: where the height loses more than twice as many pixels as
 * the width. Pillow 13.0.0 does so, as the references of scripts/reference/resizing.py show; older ones never do.
 */
function isHeightFirst(from: Size, to: Size): boolean {
  const lost = from.height - to.height;
  return lost > 0 && lost > 2 * (from.width - to.width);
}

interface Window {
  readonly start: number;
  readonly weights: Int32Array;
}

function resizeRows({ width, height, data }: RgbImage, outWidth: number, filter: Filter): RgbImage {
  const windows = filterWindows(width, outWidth, filter);
  const out = new Uint8Array(outWidth * height * 3);
  for (let y = 0; y < height; y++) {
    for (const [x, { start, weights }] of windows.entries()) {
      let r = 2 ** (PRECISION - 1);
      let g = r;
      let b = r;
      let from = (y * width + start) * 3;
      for (const weight of weights) {
        r += data[from++]! * weight;
        g += data[from++]! * weight;
        b += data[from++]! * weight;
      }
      const to = (y * outWidth + x) * 3;
      out[to] = toByte(r);
      out[to + 1] = toByte(g);
      out[to + 2] = toByte(b);
    }
  }
  return { width: outWidth, height, data: out };
}

function toByte(sum: number): number {
  return Math.max(0, Math.min(255, Math.floor(sum / 2 ** PRECISION)));
}

/** For each output position, which input positions count and how much (`precompute_coeffs`). */
function filterWindows(size: number, outSize: number, filter: Filter): Window[] {
  const scale = size / outSize;
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  return Array.from({ length: outSize }, (_, position) => {
    const center = (position + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const end = Math.min(size, Math.trunc(center + support + 0.5));
    const weights = Array.from({ length: end - start }, (_w, i) =>
      filter.weight((i + start - center + 0.5) / stretch),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const fixed = weights.map((weight) => {
      const scaled = (weight / sum) * 2 ** PRECISION;
      return Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    });
    return { start, weights: Int32Array.from(fixed) };
  });
}

function lanczos(x: number): number {
  return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

/** With a = -0.5 (Resample.c, `bicubic_filter`). */
function bicubic(x: number): number {
  const a = -0.5;
  const distance = Math.abs(x);
  if (distance < 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  return distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * a : 0;
}

function sinc(x: number): number {
  if (x === 0) return 1;
  const angle = x * Math.PI;
  return Math.sin(angle) / angle;
}

function transpose({ width, height, data }: RgbImage): RgbImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      out.set(data.subarray(from, from + 3), (x * height + y) * 3);
    }
  }
  return { width: height, height: width, data: out };
}

/** Models draw badly in shapes unlike those they were trained on; a larger ratio is cropped instead. */
const MAX_RATIO = 2;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest multiple that is no longer than a side, in pixels; at least one. */
export function multipleWithin(side: number, multiple: number): number {
  return Math.max(multiple, side - (side % multiple));
}

/**
 * The size to draw at for an image that is then resized to cover another size: about the model's default
 * area, in the wanted shape, both sides multiples of the model's factor.
 * @param own the model's default size
 */
export function drawnSizeFor(wanted: Size, own: Size, factor: number): Size {
  const ratio = Math.min(Math.max(wanted.width / wanted.height, 1 / MAX_RATIO), MAX_RATIO);
  const area = own.width * own.height;
  const side = (pixels: number) => Math.max(factor, Math.round(pixels / factor) * factor);
  return { width: side(Math.sqrt(area * ratio)), height: side(Math.sqrt(area / ratio)) };
}
