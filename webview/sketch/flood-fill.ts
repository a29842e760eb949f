/** Pixels in rows, RGBA with one byte per channel, as in `ImageData`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** Pixels count as equal up to this difference per channel, because strokes have soft edges. */
const TOLERANCE = 48;

/**
 * Fills the connected area of (nearly) one colour around a pixel, in place, with the span algorithm (Smith,
 * "Tint Fill", 1979). The area grows by one pixel, so that no light border remains at its soft edge.
 * @returns the number of filled pixels
 */
export function floodFill(pixels: Pixels, x: number, y: number, colour: Rgb): number {
  const { width, height, data } = pixels;
  if (x < 0 || y < 0 || x >= width || y >= height) return 0;
  const start = (y * width + x) * 4;
  const from: Rgb = [data[start] ?? 0, data[start + 1] ?? 0, data[start + 2] ?? 0];
  const inside = new Uint8Array(width * height);
  const matches = (index: number) =>
    inside[index] === 0 && from.every((value, c) => near(data[index * 4 + c] ?? 0, value));
  const seeds = [y * width + x];
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    if (!matches(seed)) continue;
    const row = Math.floor(seed / width) * width;
    let left = seed;
    while (left > row && matches(left - 1)) left -= 1;
    let right = seed;
    while (right < row + width - 1 && matches(right + 1)) right += 1;
    inside.fill(1, left, right + 1);
    for (const next of [row - width, row + width]) {
      if (next < 0 || next >= width * height) continue;
      for (let i = next + left - row; i <= next + right - row; i++) if (matches(i)) seeds.push(i);
    }
  }
  return paint(pixels, inside, colour);
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE;
}

function paint({ width, height, data }: Pixels, inside: Uint8Array, colour: Rgb): number {
  let painted = 0;
  for (let i = 0; i < inside.length; i++) {
    const column = i % width;
    const touches =
      inside[i] === 1 ||
      (column > 0 && inside[i - 1] === 1) ||
      (column < width - 1 && inside[i + 1] === 1) ||
      (i >= width && inside[i - width] === 1) ||
      (i < width * (height - 1) && inside[i + width] === 1);
    if (!touches) continue;
    data.set(colour, i * 4);
    data[i * 4 + 3] = 255;
    painted += 1;
  }
  return painted;
}

/** `#rrggbb` as three bytes, 0 to 255. */
export function parseColour(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
