import { colourAt, labDistance, type Lab, type LabImage } from './lab-image';

interface Weighted {
  readonly colour: Lab;
  readonly weight: number;
}

/** Colours of one bin are at most about 0.04 apart, which is hardly seen. */
const BIN = 0.04;
const ROUNDS = 12;

/**
 * The colours that stand for an image's: k-means in OKLab, started from colours that lie far apart.
 * @param count at most so many
 * @param apart colours nearer than this become one
 * @returns the most frequent first; empty where all is transparent
 */
export function clusterColours(image: LabImage, count: number, apart = 0): Lab[] {
  const bins = weighColours(image);
  let centres = startColours(bins, count);
  for (let round = 0; round < ROUNDS; round++) centres = meansOf(bins, centres);
  for (;;) {
    const pair = nearestPair(centres);
    if (!pair || pair.distance >= apart) break;
    centres = meansOf(bins, merge(centres, pair));
  }
  return centres.sort((one, other) => other.weight - one.weight).map(({ colour }) => colour);
}

function weighColours(image: LabImage): Weighted[] {
  const bins = new Map<number, { sum: [number, number, number]; weight: number }>();
  for (let i = 0; i < image.opacity.length; i++) {
    const weight = image.opacity[i]!;
    if (weight < 0.5) continue;
    const colour = colourAt(image, i);
    const [l, a, b] = colour.map((value) => Math.round(value / BIN) + 32) as [
      number,
      number,
      number,
    ];
    const key = (l * 128 + a) * 128 + b;
    let bin = bins.get(key);
    if (!bin) bins.set(key, (bin = { sum: [0, 0, 0], weight: 0 }));
    bin.weight += weight;
    for (const k of [0, 1, 2] as const) bin.sum[k] += colour[k] * weight;
  }
  return [...bins.values()].map(({ sum: [l, a, b], weight }) => ({
    colour: [l / weight, a / weight, b / weight],
    weight,
  }));
}

function startColours(bins: readonly Weighted[], count: number): Weighted[] {
  const [first] = [...bins].sort((one, other) => other.weight - one.weight);
  if (!first) return [];
  const chosen = [first];
  const distances = bins.map(({ colour }) => labDistance(colour, first.colour));
  while (chosen.length < Math.min(count, bins.length)) {
    let best = 0;
    let bestScore = -1;
    for (const [index, { weight }] of bins.entries()) {
      // The fourth root: a small eye counts beside a large face, a single pixel does not.
      const score = distances[index]! * weight ** 0.25;
      if (score > bestScore) [best, bestScore] = [index, score];
    }
    const next = bins[best]!;
    chosen.push(next);
    for (const [index, { colour }] of bins.entries()) {
      distances[index] = Math.min(distances[index]!, labDistance(colour, next.colour));
    }
  }
  return chosen;
}

function meansOf(bins: readonly Weighted[], centres: readonly Weighted[]): Weighted[] {
  const sums = centres.map(() => [0, 0, 0, 0] as [number, number, number, number]);
  for (const { colour, weight } of bins) {
    const sum = sums[nearestColour(centres, colour)]!;
    for (const k of [0, 1, 2] as const) sum[k] += colour[k] * weight;
    sum[3] += weight;
  }
  return sums
    .filter(([, , , weight]) => weight > 0)
    .map(([l, a, b, weight]) => ({ colour: [l / weight, a / weight, b / weight], weight }));
}

function nearestColour(centres: readonly Weighted[], colour: Lab): number {
  let best = 0;
  let least = Infinity;
  for (const [index, centre] of centres.entries()) {
    const distance = labDistance(centre.colour, colour);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

interface Pair {
  readonly one: Weighted;
  readonly other: Weighted;
  readonly distance: number;
}

function nearestPair(centres: readonly Weighted[]): Pair | undefined {
  let best: Pair | undefined;
  for (const [index, one] of centres.entries()) {
    for (const other of centres.slice(index + 1)) {
      const distance = labDistance(one.colour, other.colour);
      if (!best || distance < best.distance) best = { one, other, distance };
    }
  }
  return best;
}

function merge(centres: readonly Weighted[], { one, other }: Pair): Weighted[] {
  const larger = one.weight >= other.weight ? one : other;
  return [...centres.filter((centre) => centre !== one && centre !== other), larger];
}
