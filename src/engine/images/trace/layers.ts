import { distance, type Lab } from './few-colours';
import { borderPixels, neighbours, NONE, regionsOf, type Grid } from './regions';

/** Pixels that a layer goes on below those that are drawn over it, so that nothing shines through between them. */
const OVERLAP = 2;
/** From this difference in OKLab on, the mixture at an edge tells where in a pixel the edge is. */
const SHARP = 0.12;

export interface Labelled {
  /** As of `labelPixels`: indices of `colours`. */
  readonly labels: Uint8Array;
  readonly colours: readonly Lab[];
  /** As of `labOf`. */
  readonly lab: Float32Array;
  /** By pixel, 0 to 1. */
  readonly alpha: Float32Array;
  readonly grid: Grid;
}

export interface Layer {
  readonly colour: Lab;
  /** By pixel, 0 outside to 1 inside; the outline is where it is a half. Absent: the layer covers all. */
  readonly field?: Float32Array;
}

/** The layers of an image, the largest first: each is drawn over those before it. */
export function layersOf(image: Labelled): Layer[] {
  const { labels, colours, grid } = image;
  const areas = colours.map(() => 0);
  for (const label of labels) if (label !== NONE) areas[label]! += 1;
  const isOpaque = !labels.includes(NONE);
  const order = [...areas.keys()].filter((label) => areas[label]! > 0);
  order.sort((a, b) => areas[b]! - areas[a]!);
  return order.map((label, index) => {
    const later = new Set(order.slice(index + 1));
    const mask = maskOf(labels, label, later, grid);
    const colour = colours[label]!;
    if (isOpaque && index === 0) return { colour };
    return { colour, field: fieldOf(mask, label, image) };
  });
}

/** The pixels of a label, with what lies below later layers: a rim, and the holes that those fill. */
function maskOf(
  labels: Uint8Array,
  label: number,
  later: ReadonlySet<number>,
  grid: Grid,
): Uint8Array {
  const mask = labels.map((one) => (one === label ? 1 : 0));
  for (let step = 0; step < OVERLAP; step++) {
    for (const pixel of borderPixels(mask, grid)) {
      if (mask[pixel] === 0 && later.has(labels[pixel]!)) mask[pixel] = 1;
    }
  }
  for (const region of regionsOf(mask, grid)) {
    if (mask[region[0]!]) continue;
    if (region.every((pixel) => later.has(labels[pixel]!) && !isAtBorder(pixel, grid))) {
      for (const pixel of region) mask[pixel] = 1;
    }
  }
  return mask;
}

/** How far inside of a layer each pixel is. At an edge the mixture of colours, or the opacity, tells. */
function fieldOf(
  mask: Uint8Array,
  label: number,
  { labels, colours, lab, alpha, grid }: Labelled,
): Float32Array {
  const field = Float32Array.from(mask);
  const own = colours[label]!;
  /** Pixels at the outline, and those of them that only another shade borders. */
  const [edges, shades] = [new Float32Array(mask.length), new Float32Array(mask.length)];
  for (const pixel of borderPixels(mask, grid)) {
    const inside = mask[pixel] === 1;
    let other = NONE;
    let meetsNone = false;
    for (const near of neighbours(pixel, grid)) {
      if (mask[near] === mask[pixel]) continue;
      const outer = labels[inside ? near : pixel]!;
      if (outer === NONE) meetsNone = true;
      else other = outer;
    }
    let value: number = inside ? 1 : 0;
    if (other !== NONE && (!inside || labels[pixel] === label)) {
      const behind = colours[other]!;
      const way = distance(own, behind);
      if (way > SHARP) {
        const at: Lab = [lab[pixel * 3]!, lab[pixel * 3 + 1]!, lab[pixel * 3 + 2]!];
        let along = 0;
        for (const c of [0, 1, 2] as const) along += (at[c] - behind[c]) * (own[c] - behind[c]);
        const share = along / (way * way);
        value = inside ? Math.max(0.3, Math.min(1, share)) : Math.min(0.7, Math.max(0, share));
      }
    }
    if (meetsNone) {
      const opacity = alpha[pixel]!;
      value = inside ? Math.min(value, Math.max(0.52, opacity)) : Math.min(0.48, opacity);
    }
    field[pixel] = value;
    edges[pixel] = 1;
    if (value === mask[pixel] && !meetsNone) shades[pixel] = 1;
  }
  const sharp = blurred(field, grid);
  const soft = blurred(blurred(blurred(Float32Array.from(mask), grid), grid), grid);
  const [all, some] = [blurred(blurred(edges, grid), grid), blurred(blurred(shades, grid), grid)];
  return sharp.map((value, pixel) => {
    const share = all[pixel]! > 0 ? some[pixel]! / all[pixel]! : 0;
    return value + (soft[pixel]! - value) * share;
  });
}

/** A binomial blur of 3 × 3: the steps of pixels become smooth. At the image's border it does nothing across. */
function blurred(field: Float32Array, { width, height }: Grid): Float32Array {
  const across = new Float32Array(field.length);
  const done = new Float32Array(field.length);
  for (let pixel = 0; pixel < field.length; pixel++) {
    const x = pixel % width;
    const [left, right] = [x > 0 ? pixel - 1 : pixel, x < width - 1 ? pixel + 1 : pixel];
    across[pixel] = (field[left]! + 2 * field[pixel]! + field[right]!) / 4;
  }
  for (let pixel = 0; pixel < field.length; pixel++) {
    const [up, down] = [pixel - width, pixel + width];
    const above = across[up >= 0 ? up : pixel]!;
    const below = across[down < width * height ? down : pixel]!;
    done[pixel] = (above + 2 * across[pixel]! + below) / 4;
  }
  return done;
}

function isAtBorder(pixel: number, { width, height }: Grid): boolean {
  const x = pixel % width;
  return x === 0 || x === width - 1 || pixel < width || pixel >= width * (height - 1);
}
