import { distance, type Lab } from './few-colours';

/** The label of pixels that are not drawn. */
export const NONE = 255;

/** Pixels on both sides of a pixel at an edge: models draw edges this wide. */
const EDGE_REACH = 2;
/** Differences in OKLab: of two sides that make an edge, and from the mixture of the two. */
const [EDGE, OFF_MIXTURE] = [0.08, 0.03];
/**
 * A region of fewer pixels is a speck in an image of 256 × 256, where its contrast is 0.2 in OKLab. With half the
 * contrast it takes four times as many pixels to be seen.
 */
const SPECK = 24;
const CONTRAST = 0.2;
const SMALLEST_SPECK = 8;
const ROUNDS = 4;

export interface Grid {
  readonly width: number;
  readonly height: number;
}

/**
 * Finds the pixels inside of areas of about one colour: 0 for those at an edge, which show a mixture of the two
 * sides, else 1.
 */
export function flatPixels(lab: Float32Array, { width, height }: Grid): Uint8Array {
  const flat = new Uint8Array(width * height).fill(1);
  const at = (pixel: number): Lab => [lab[pixel * 3]!, lab[pixel * 3 + 1]!, lab[pixel * 3 + 2]!];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const [dx, dy] of [
        [1, 0],
        [0, 1],
        [1, 1],
        [1, -1],
      ] as const) {
        const [i, j] = [dx * EDGE_REACH, dy * EDGE_REACH];
        const [left, right] = [clamp(x - i, width), clamp(x + i, width)];
        const [up, down] = [clamp(y - j, height), clamp(y + j, height)];
        const [one, other] = [at(up * width + left), at(down * width + right)];
        const between = distance(one, other);
        if (between < EDGE) continue;
        const own = at(y * width + x);
        const [toOne, toOther] = [distance(own, one), distance(own, other)];
        // On the straight way between the two sides, and at neither end.
        const isMixture = toOne + toOther < between + OFF_MIXTURE;
        if (isMixture && Math.min(toOne, toOther) > 0.08 * between) flat[y * width + x] = 0;
      }
    }
  }
  return flat;
}

/** Pixels around a pixel, and the difference in OKLab, over which `smoothShades` takes the mean. */
const [SHADE_REACH, SHADE] = [4, 0.07];

/** Evens out small differences, so that borders between shades are smooth. Edges stay as they are. */
export function smoothShades(
  lab: Float32Array,
  isShown: (pixel: number) => boolean,
  { width, height }: Grid,
): Float32Array {
  const smooth = Float32Array.from(lab);
  const shown = Uint8Array.from({ length: width * height }, (_, pixel) => (isShown(pixel) ? 1 : 0));
  for (let pixel = 0; pixel < shown.length; pixel++) {
    if (!shown[pixel]) continue;
    const x = pixel % width;
    const y = (pixel - x) / width;
    const [l, a, b] = [lab[pixel * 3]!, lab[pixel * 3 + 1]!, lab[pixel * 3 + 2]!];
    let [sum, sumL, sumA, sumB] = [0, 0, 0, 0];
    const [top, bottom] = [Math.max(0, y - SHADE_REACH), Math.min(height - 1, y + SHADE_REACH)];
    const [left, right] = [Math.max(0, x - SHADE_REACH), Math.min(width - 1, x + SHADE_REACH)];
    for (let j = top; j <= bottom; j++) {
      for (let i = left; i <= right; i++) {
        const near = j * width + i;
        if (!shown[near]) continue;
        const [dl, da, db] = [lab[near * 3]! - l, lab[near * 3 + 1]! - a, lab[near * 3 + 2]! - b];
        const weight = 1 - (dl * dl + da * da + db * db) / (SHADE * SHADE);
        if (weight <= 0) continue;
        sum += weight;
        sumL += weight * dl;
        sumA += weight * da;
        sumB += weight * db;
      }
    }
    smooth[pixel * 3] = l + sumL / sum;
    smooth[pixel * 3 + 1] = a + sumA / sum;
    smooth[pixel * 3 + 2] = b + sumB / sum;
  }
  return smooth;
}

/**
 * Gives each pixel the index of a colour: areas without specks, with smooth borders.
 * @param isShown whether a pixel is drawn; the others get `NONE`
 */
export function labelPixels(
  lab: Float32Array,
  colours: readonly Lab[],
  flat: Uint8Array,
  isShown: (pixel: number) => boolean,
  grid: Grid,
): Uint8Array {
  const size = grid.width * grid.height;
  const costs = new Float32Array(size * colours.length);
  const labels = new Uint8Array(size).fill(NONE);
  for (let pixel = 0; pixel < size; pixel++) {
    if (!isShown(pixel)) continue;
    const own: Lab = [lab[pixel * 3]!, lab[pixel * 3 + 1]!, lab[pixel * 3 + 2]!];
    let best = 0;
    for (const [index, colour] of colours.entries()) {
      costs[pixel * colours.length + index] = distance(own, colour);
      if (costs[pixel * colours.length + index]! < costs[pixel * colours.length + best]!)
        best = index;
    }
    labels[pixel] = best;
  }
  growIntoEdges(labels, flat, costs, colours.length, grid);
  for (let round = 0; round < ROUNDS; round++) smoothBorders(labels, costs, colours.length, grid);
  removeSpecks(labels, colours, grid);
  return labels;
}

/** Gives the pixels at edges the label of one of the two sides, the nearer in colour, from the sides inwards. */
function growIntoEdges(
  labels: Uint8Array,
  flat: Uint8Array,
  costs: Float32Array,
  count: number,
  grid: Grid,
): void {
  let open: number[] = [];
  for (let pixel = 0; pixel < labels.length; pixel++) {
    if (!flat[pixel] && labels[pixel] !== NONE) open.push(pixel);
  }
  const known = Uint8Array.from(flat);
  while (open.length > 0) {
    const found: [pixel: number, label: number][] = [];
    for (const pixel of open) {
      let best = NONE;
      for (const near of neighbours(pixel, grid)) {
        const label = labels[near]!;
        if (!known[near] || label === NONE) continue;
        if (best === NONE || costs[pixel * count + label]! < costs[pixel * count + best]!) {
          best = label;
        }
      }
      if (best !== NONE) found.push([pixel, best]);
    }
    if (found.length === 0) return;
    for (const [pixel, label] of found) {
      labels[pixel] = label;
      known[pixel] = 1;
    }
    open = open.filter((pixel) => !known[pixel]);
  }
}

/** Moves pixels to the label of most neighbours where their colour does not speak against it. */
function smoothBorders(labels: Uint8Array, costs: Float32Array, count: number, grid: Grid): void {
  const votes = new Float32Array(count);
  for (const pixel of borderPixels(labels, grid)) {
    const own = labels[pixel]!;
    if (own === NONE) continue;
    votes.fill(0);
    for (const near of neighbours(pixel, grid)) {
      const label = labels[near]!;
      if (label === NONE) continue;
      votes[label]! += 1;
    }
    let [best, most] = [own, -Infinity];
    for (const [label, vote] of votes.entries()) {
      if (vote === 0 && label !== own) continue;
      // A colour that is far off counts as much as four neighbours, whatever the distance.
      const score = vote - Math.min(4, costs[pixel * count + label]! * 60);
      if (score > most || (score === most && label === own)) [best, most] = [label, score];
    }
    labels[pixel] = best;
  }
}

/** Gives small regions the label that they border most. */
function removeSpecks(labels: Uint8Array, colours: readonly Lab[], grid: Grid): void {
  const scale = Math.max(0.05, Math.min(2, labels.length / 256 ** 2));
  for (let round = 0; round < 2; round++) {
    for (const region of regionsOf(labels, grid)) {
      const own = labels[region[0]!]!;
      if (own === NONE) continue;
      const borders = new Map<number, number>();
      for (const pixel of region) {
        for (const near of neighbours(pixel, grid)) {
          const label = labels[near]!;
          if (label !== own && label !== NONE) borders.set(label, (borders.get(label) ?? 0) + 1);
        }
      }
      const [around] = [...borders].sort((a, b) => b[1] - a[1]);
      if (!around) {
        if (region.length < SPECK * scale && region.length < labels.length)
          for (const pixel of region) labels[pixel] = NONE;
        continue;
      }
      const contrast = distance(colours[own]!, colours[around[0]]!);
      const least = scale * Math.max(SMALLEST_SPECK, SPECK * (CONTRAST / contrast) ** 2);
      if (region.length >= least) continue;
      for (const pixel of region) labels[pixel] = around[0];
    }
  }
}

/** The regions of equal values, each with its pixels, connected side by side. */
export function regionsOf(values: Uint8Array, grid: Grid): number[][] {
  const seen = new Uint8Array(values.length);
  const regions: number[][] = [];
  for (let start = 0; start < values.length; start++) {
    if (seen[start]) continue;
    const region = [start];
    seen[start] = 1;
    // It grows while it is gone through.
    for (const pixel of region) {
      const x = pixel % grid.width;
      const sides = [
        x > 0 ? pixel - 1 : -1,
        x < grid.width - 1 ? pixel + 1 : -1,
        pixel - grid.width,
        pixel + grid.width,
      ];
      for (const near of sides) {
        if (near < 0 || near >= values.length || seen[near]) continue;
        if (values[near] !== values[start]) continue;
        seen[near] = 1;
        region.push(near);
      }
    }
    regions.push(region);
  }
  return regions;
}

/** The pixels with another value among the eight around them. */
export function borderPixels(values: Uint8Array, { width, height }: Grid): number[] {
  const found: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const [left, right] = [x > 0 ? -1 : 0, x < width - 1 ? 1 : 0];
      const [first, last] = [y > 0 ? pixel - width : pixel, y < height - 1 ? pixel + width : pixel];
      let isBorder = false;
      for (let row = first; row <= last && !isBorder; row += width) {
        for (let near = row + left; near <= row + right; near++) {
          if (values[near] !== values[pixel]) isBorder = true;
        }
      }
      if (isBorder) found.push(pixel);
    }
  }
  return found;
}

/** The up to eight pixels around one. */
export function neighbours(pixel: number, { width, height }: Grid): number[] {
  const x = pixel % width;
  const y = (pixel - x) / width;
  const found: number[] = [];
  for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++) {
    for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++) {
      if (i !== x || j !== y) found.push(j * width + i);
    }
  }
  return found;
}

function clamp(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, value));
}
