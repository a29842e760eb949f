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
  return twice(plane, (line, out) => {
    const last = line.length - 1;
    for (let i = 0; i <= last; i++) {
      let value = 0;
      for (let k = -reach; k <= reach; k++) {
        const at = i + k;
        value += kernel[k + reach]! * line[at < 0 ? 0 : at > last ? last : at]!;
      }
      out[i] = value / sum;
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
  return twice(plane, (line, out) => {
    const last = line.length - 1;
    const at = (i: number) => line[i < 0 ? 0 : i > last ? last : i]!;
    let sum = 0;
    for (let k = -reach; k <= reach; k++) sum += at(k);
    for (let i = 0; i <= last; i++) {
      out[i] = sum / size;
      sum += at(i + reach + 1) - at(i - reach);
    }
  });
}

/** Filters all rows, then all columns. */
function twice(
  { width, height, values }: Plane,
  filter: (line: Float32Array, out: Float32Array) => void,
): Plane {
  const rows = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    filter(values.subarray(y * width, (y + 1) * width), rows.subarray(y * width, (y + 1) * width));
  }
  const done = new Float32Array(values.length);
  const line = new Float32Array(height);
  const out = new Float32Array(height);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = rows[y * width + x]!;
    filter(line, out);
    for (let y = 0; y < height; y++) done[y * width + x] = out[y]!;
  }
  return { width, height, values: done };
}

/** Resizes: the mean of the area where it shrinks, linear between pixels where it grows. */
export function resizePlane(plane: Plane, width: number, height: number): Plane {
  if (width === plane.width && height === plane.height) return plane;
  const rows = resizeRows(plane, width);
  return transpose(resizeRows(transpose(rows), height));
}

function resizeRows({ width, height, values }: Plane, outWidth: number): Plane {
  const out = new Float32Array(outWidth * height);
  const scale = width / outWidth;
  for (let x = 0; x < outWidth; x++) {
    const weights = scale > 1 ? areaWeights(x, scale, width) : linearWeights(x, scale, width);
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (const [from, weight] of weights) sum += values[y * width + from]! * weight;
      out[y * outWidth + x] = sum;
    }
  }
  return { width: outWidth, height, values: out };
}

type Weights = (readonly [from: number, weight: number])[];

function areaWeights(x: number, scale: number, width: number): Weights {
  const start = x * scale;
  const end = Math.min(width, start + scale);
  const weights: Weights = [];
  for (let from = Math.floor(start); from < end; from++) {
    const share = Math.min(end, from + 1) - Math.max(start, from);
    if (share > 0) weights.push([from, share / (end - start)]);
  }
  return weights;
}

function linearWeights(x: number, scale: number, width: number): Weights {
  const at = Math.max(0, Math.min(width - 1, (x + 0.5) * scale - 0.5));
  const from = Math.floor(at);
  const next = Math.min(width - 1, from + 1);
  return [
    [from, 1 - (at - from)],
    [next, at - from],
  ];
}

function transpose({ width, height, values }: Plane): Plane {
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) out[x * height + y] = values[y * width + x]!;
  }
  return { width: height, height: width, values: out };
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
