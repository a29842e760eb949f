import { formatHex, modeOklab, modeRgb, useMode } from 'culori/fn';

/** A colour in OKLab: equal distances look equally different. */
export type Lab = readonly [lightness: number, a: number, b: number];

useMode(modeRgb);
const toOklab = useMode(modeOklab);

const WHITE: Lab = [1, 0, 0];
const ALMOST = 0.015;

/** Bins of colours, for each unit of OKLab, and in all. */
const FINEST = 40;
const MOST_BINS = 500;
/** A colour counts this much less at an edge, where it is a mixture. */
const MIXTURE_WEIGHT = 0.05;
/** Merging two colours may cost this: the squared difference, by the share of the image. */
const MERGED = 2.4e-4;

/** The OKLab values of RGB or RGBA pixels, three a pixel. */
export function labOf(data: Uint8Array, channels: 3 | 4): Float32Array {
  const known = new Map<number, Lab>();
  const size = data.length / channels;
  const lab = new Float32Array(size * 3);
  for (let pixel = 0; pixel < size; pixel++) {
    const at = pixel * channels;
    const key = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!;
    let value = known.get(key);
    if (!value) {
      const [r, g, b] = [data[at]! / 255, data[at + 1]! / 255, data[at + 2]! / 255];
      const found = toOklab({ mode: 'rgb', r, g, b });
      value = [found.l, found.a, found.b];
      known.set(key, value);
    }
    lab.set(value, pixel * 3);
  }
  return lab;
}

/** The colour for SVG. Almost white is white, as the page behind it. */
export function hexOf(colour: Lab): string {
  const [l, a, b] = distance(colour, WHITE) < ALMOST ? WHITE : colour;
  const hex = formatHex({ mode: 'oklab', l, a, b });
  const [, r, g, c] = /^#(.)\1(.)\2(.)\3$/.exec(hex) ?? [];
  return r === undefined ? hex : `#${r}${g}${c}`;
}

function squaredDistance(one: Lab, other: Lab): number {
  const [l, a, b] = [one[0] - other[0], one[1] - other[1], one[2] - other[2]];
  return l * l + a * a + b * b;
}

export function distance(one: Lab, other: Lab): number {
  return Math.sqrt(squaredDistance(one, other));
}

interface Group {
  colour: Lab;
  weight: number;
}

/**
 * The few colours that tell most of an image: groups of pixels are merged, those first that lose least (Ward's
 * method). A small area of strong contrast stays, two shades that look alike become one.
 * @param lab as of `labOf`
 * @param isFlat by pixel: 1 inside of an area, 0 at an edge
 * @param isShown whether a pixel counts
 * @param detail colours at most, and how much may be lost by merging more: 1, or a multiple
 */
export function fewColours(
  lab: Float32Array,
  isFlat: Uint8Array,
  isShown: (pixel: number) => boolean,
  detail: { readonly colours: number; readonly coarseness: number },
): Lab[] {
  let fineness = FINEST;
  let bins = binned(lab, isFlat, isShown, fineness);
  while (bins.size > MOST_BINS) {
    fineness *= 0.7;
    bins = binned(lab, isFlat, isShown, fineness);
  }
  // The ground around a subject, however large, makes nothing of the subject less important.
  const weights = [...bins.values()].map(({ weight }) => weight);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const total = Math.max(sum - Math.max(...weights), sum / 8);
  const groups: Group[] = [...bins.values()].map(({ sum: [l, a, b], weight }) => ({
    colour: [l / weight, a / weight, b / weight],
    weight: weight / total,
  }));
  return merged(groups, detail.colours, MERGED * detail.coarseness).map(({ colour }) => colour);
}

interface Bin {
  readonly sum: [number, number, number];
  weight: number;
}

/** The pixels in bins of like colours. @param fineness bins for each unit of OKLab */
function binned(
  lab: Float32Array,
  isFlat: Uint8Array,
  isShown: (pixel: number) => boolean,
  fineness: number,
): Map<number, Bin> {
  const bins = new Map<number, Bin>();
  for (let pixel = 0; pixel < isFlat.length; pixel++) {
    if (!isShown(pixel)) continue;
    const weight = isFlat[pixel] ? 1 : MIXTURE_WEIGHT;
    const [l, a, b] = [lab[pixel * 3]!, lab[pixel * 3 + 1]!, lab[pixel * 3 + 2]!];
    const [x, y, z] = [
      Math.round(l * fineness),
      Math.round((a + 1) * fineness),
      (b + 1) * fineness,
    ];
    const key = (x * 1000 + y) * 1000 + Math.round(z);
    let bin = bins.get(key);
    if (!bin) bins.set(key, (bin = { sum: [0, 0, 0], weight: 0 }));
    bin.sum[0] += l * weight;
    bin.sum[1] += a * weight;
    bin.sum[2] += b * weight;
    bin.weight += weight;
  }
  return bins;
}

function merged(groups: readonly Group[], most: number, dearest: number): Group[] {
  const left = [...groups];
  const cost = (one: Group, other: Group) =>
    ((one.weight * other.weight) / (one.weight + other.weight)) *
    squaredDistance(one.colour, other.colour);
  /** For each group, the one that it costs least to merge it with. */
  const cheapest = (one: Group): { with: Group | undefined; cost: number } => {
    let best: { with: Group | undefined; cost: number } = { with: undefined, cost: Infinity };
    for (const other of left) {
      if (other === one) continue;
      const found = cost(one, other);
      if (found < best.cost) best = { with: other, cost: found };
    }
    return best;
  };
  const nearest = new Map(left.map((group) => [group, cheapest(group)]));
  while (left.length > 1) {
    let [one] = left;
    for (const group of left) if (nearest.get(group)!.cost < nearest.get(one!)!.cost) one = group;
    const { with: other, cost: lowest } = nearest.get(one!)!;
    if (!one || !other || (left.length <= most && lowest > dearest)) break;
    const weight = one.weight + other.weight;
    const mean = (channel: 0 | 1 | 2) =>
      (one.colour[channel] * one.weight + other.colour[channel] * other.weight) / weight;
    const both: Group = { colour: [mean(0), mean(1), mean(2)], weight };
    left.splice(left.indexOf(other), 1);
    left.splice(left.indexOf(one), 1, both);
    nearest.set(both, cheapest(both));
    for (const group of left) {
      if (group === both) continue;
      const known = nearest.get(group)!;
      if (known.with === one || known.with === other) nearest.set(group, cheapest(group));
      else if (cost(group, both) < known.cost) {
        nearest.set(group, { with: both, cost: cost(group, both) });
      }
    }
  }
  return left;
}
