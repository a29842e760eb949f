import type { RgbImage } from '../pixels';

/** As in the ControlNets' own preprocessor (lllyasviel/ControlNet, gradio_canny2image.py). */
const LOW = 100;
const HIGH = 200;

/** tan(22.5°) in the fixed point of OpenCV's canny.cpp. */
const SHIFT = 15;
const TAN_22 = Math.round(Math.tan(Math.PI / 8) * 2 ** SHIFT);

interface Thresholds {
  /** Gradients above it continue an edge. */
  readonly low: number;
  /** Gradients above it begin one. */
  readonly high: number;
}

/**
 * Edges as one-pixel lines (Canny, 1986), to the very pixels of OpenCV's `cv2.Canny(image, low, high)`: Sobel's
 * gradients of 3 × 3, their sum of absolute values as the strength, of the strongest colour; thinned in four
 * directions; weak edges where they touch strong ones.
 * @returns [height, width]: 255 on an edge, else 0
 */
export function cannyEdges(
  image: RgbImage,
  { low, high }: Thresholds = { low: LOW, high: HIGH },
): Uint8Array {
  const { width, height } = image;
  const { across, down, strength } = gradients(image);
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : strength[y * width + x]!;
  const edges = new Uint8Array(width * height);
  const weak = new Uint8Array(width * height);
  const open: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = y * width + x;
      const own = strength[place]!;
      if (own <= low) continue;
      const [dx, dy] = [across[place]!, down[place]!];
      if (!isRidge(own, dx, dy, (stepX, stepY) => at(x + stepX, y + stepY))) continue;
      if (own <= high) {
        weak[place] = 1;
        continue;
      }
      edges[place] = 255;
      open.push(place);
    }
  }
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const [x, y] = [place % width, Math.floor(place / width)];
    for (let nextY = Math.max(0, y - 1); nextY <= Math.min(height - 1, y + 1); nextY++) {
      for (let nextX = Math.max(0, x - 1); nextX <= Math.min(width - 1, x + 1); nextX++) {
        const next = nextY * width + nextX;
        if (weak[next] === 0 || edges[next] === 255) continue;
        edges[next] = 255;
        open.push(next);
      }
    }
  }
  return edges;
}

/**
 * Whether a gradient is the strongest across its edge.
 * @param neighbour the strength beside it
 */
function isRidge(
  own: number,
  dx: number,
  dy: number,
  neighbour: (x: number, y: number) => number,
): boolean {
  const x = Math.abs(dx);
  const y = Math.abs(dy) * 2 ** SHIFT;
  const flat = x * TAN_22;
  if (y < flat) return own > neighbour(-1, 0) && own >= neighbour(1, 0);
  if (y > flat + x * 2 ** (SHIFT + 1)) return own > neighbour(0, -1) && own >= neighbour(0, 1);
  const side = dx < 0 !== dy < 0 ? -1 : 1;
  return own > neighbour(-side, -1) && own > neighbour(side, 1);
}

/** Of the colour whose gradient is the strongest at each pixel. */
function gradients({ width, height, data }: RgbImage) {
  const across = new Int16Array(width * height);
  const down = new Int16Array(width * height);
  const strength = new Int16Array(width * height);
  for (let y = 0; y < height; y++) {
    const rows = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)].map((row) => row * width);
    const [above, own, below] = rows as [number, number, number];
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - 1), Math.min(width - 1, x + 1)];
      for (let colour = 0; colour < 3; colour++) {
        const value = (row: number, column: number) => data[(row + column) * 3 + colour]!;
        const dx =
          value(above, right) -
          value(above, left) +
          2 * (value(own, right) - value(own, left)) +
          value(below, right) -
          value(below, left);
        const dy =
          value(below, left) -
          value(above, left) +
          2 * (value(below, x) - value(above, x)) +
          value(below, right) -
          value(above, right);
        const sum = Math.abs(dx) + Math.abs(dy);
        if (colour > 0 && sum <= strength[own + x]!) continue;
        across[own + x] = dx;
        down[own + x] = dy;
        strength[own + x] = sum;
      }
    }
  }
  return { across, down, strength };
}
