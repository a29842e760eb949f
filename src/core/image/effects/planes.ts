// Planes: one number for each pixel. All filters of the effects work on them.

/** One number for each pixel: [height, width], rows top to bottom. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** A plane whose values come from a function of the pixel's index. */
export function mapPlane(
  { width, height }: Omit<Plane, 'values'>,
  value: (pixel: number) => number,
): Plane {
  const values = new Float32Array(width * height);
  for (let pixel = 0; pixel < values.length; pixel++) values[pixel] = value(pixel);
  return { width, height, values };
}

/**
 * Gaussian blur. The border's values go on outside.
 * @param sigma in pixels; 0 leaves the plane as it is
 */
export function blur(plane: Plane, sigma: number): Plane {
  if (sigma < 0.15) return plane;
  // Three box blurs of these widths are close to a Gaussian, and take the same time for every sigma.
  if (sigma > 2.5) return boxWidths(sigma).reduce((image, reach) => box(image, reach), plane);
  const reach = Math.ceil(sigma * 3);
  const kernel = Float32Array.from({ length: reach * 2 + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  const shares = kernel.map((weight) => weight / sum);
  return rowsThenColumns(plane, reach, (line, out, length) => {
    for (let i = 0; i < length; i++) {
      let value = 0;
      for (let k = 0; k < shares.length; k++) value += shares[k]! * line[i + k]!;
      out[i] = value;
    }
  });
}

/** The reach, to both sides, of three box blurs that together have a Gaussian's variance. */
function boxWidths(sigma: number): number[] {
  const ideal = Math.sqrt(4 * sigma * sigma + 1);
  const low = Math.max(1, Math.floor((ideal - 1) / 2));
  const variance = (reach: number) => ((reach * 2 + 1) ** 2 - 1) / 12;
  const wanted = sigma * sigma;
  const lowOnes = [0, 1, 2, 3].reduce((best, count) => {
    const error = (n: number) => Math.abs(n * variance(low) + (3 - n) * variance(low + 1) - wanted);
    return error(count) < error(best) ? count : best;
  }, 0);
  return [0, 1, 2].map((index) => (index < lowOnes ? low : low + 1));
}

function box(plane: Plane, reach: number): Plane {
  const size = reach * 2 + 1;
  const share = 1 / size;
  return rowsThenColumns(plane, reach, (line, out, length) => {
    let sum = 0;
    for (let k = 0; k < size; k++) sum += line[k]!;
    for (let i = 0; i < length; i++) {
      out[i] = sum * share;
      sum += line[i + size]! - line[i]!;
    }
  });
}

/** Filters a line into another, whose value `i` is made of the line's values from `i` on. */
type LineFilter = (line: Float64Array, out: Float64Array, length: number) => void;

/** Filters all rows, then all columns. Each line goes on at both ends, by its last value. */
function rowsThenColumns(plane: Plane, reach: number, filter: LineFilter): Plane {
  return transpose(filterRows(transpose(filterRows(plane, reach, filter)), reach, filter));
}

function filterRows({ width, height, values }: Plane, reach: number, filter: LineFilter): Plane {
  const done = new Float32Array(values.length);
  const line = new Float64Array(width + reach * 2 + 1);
  const out = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    line.fill(values[from]!, 0, reach);
    for (let x = 0; x < width; x++) line[reach + x] = values[from + x]!;
    line.fill(values[from + width - 1]!, reach + width);
    filter(line, out, width);
    done.set(out, from);
  }
  return { width, height, values: done };
}

/** Tiles of this side: reading and writing both stay within the processor's cache. */
const TILE = 32;

function transpose({ width, height, values }: Plane): Plane {
  const out = new Float32Array(values.length);
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      const bottom = Math.min(height, top + TILE);
      const right = Math.min(width, left + TILE);
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) out[x * height + y] = values[y * width + x]!;
      }
    }
  }
  return { width: height, height: width, values: out };
}

/** Resizes: the mean of the area where it shrinks, linear between pixels where it grows. */
export function resizePlane(plane: Plane, width: number, height: number): Plane {
  if (width === plane.width && height === plane.height) return plane;
  return resizeColumns(resizeRows(plane, width), height);
}

function resizeRows({ width, height, values }: Plane, outWidth: number): Plane {
  const { starts, weights, length } = resizeWeights(width, outWidth);
  const out = new Float32Array(outWidth * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      const from = y * width + starts[x]!;
      let sum = 0;
      for (let k = 0; k < length; k++) sum += values[from + k]! * weights[x * length + k]!;
      out[y * outWidth + x] = sum;
    }
  }
  return { width: outWidth, height, values: out };
}

function resizeColumns({ width, height, values }: Plane, outHeight: number): Plane {
  const { starts, weights, length } = resizeWeights(height, outHeight);
  const out = new Float32Array(width * outHeight);
  for (let y = 0; y < outHeight; y++) {
    for (let k = 0; k < length; k++) {
      const weight = weights[y * length + k]!;
      if (weight === 0) continue;
      const from = (starts[y]! + k) * width;
      const to = y * width;
      for (let x = 0; x < width; x++) out[to + x]! += values[from + x]! * weight;
    }
  }
  return { width, height: outHeight, values: out };
}

interface ResizeWeights {
  /** The first input position of each output position. */
  readonly starts: Int32Array;
  /** [output, length] */
  readonly weights: Float32Array;
  readonly length: number;
}

function resizeWeights(size: number, outSize: number): ResizeWeights {
  const scale = size / outSize;
  const length = Math.min(size, scale > 1 ? Math.ceil(scale) + 1 : 2);
  const starts = new Int32Array(outSize);
  const weights = new Float32Array(outSize * length);
  for (let x = 0; x < outSize; x++) {
    // The pixels that the output pixel covers, or the two that its middle lies between.
    const middle = (x + 0.5) * scale - 0.5;
    const low = scale > 1 ? x * scale : Math.max(0, Math.min(size - 1, middle));
    const start = Math.min(Math.floor(low), size - length);
    starts[x] = start;
    for (let k = 0; k < length; k++) {
      const from = start + k;
      weights[x * length + k] =
        scale > 1
          ? Math.max(0, Math.min(from + 1, low + scale) - Math.max(from, low)) / scale
          : Math.max(0, 1 - Math.abs(from - low));
    }
  }
  return { starts, weights, length };
}

/** A plane's value between pixels; outside, the border's. */
export function sample({ width, height, values }: Plane, x: number, y: number): number {
  const cx = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
  const cy = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
  const x0 = Math.floor(cx);
  const y0 = Math.floor(cy);
  const right = x0 + 1 < width ? 1 : 0;
  const down = y0 + 1 < height ? width : 0;
  const at = y0 * width + x0;
  const top = values[at]! + (values[at + right]! - values[at]!) * (cx - x0);
  const low = values[at + down]!;
  const bottom = low + (values[at + down + right]! - low) * (cx - x0);
  return top + (bottom - top) * (cy - y0);
}

export function clamp01(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = clamp01((value - from) / (to - from));
  return t * t * (3 - 2 * t);
}
