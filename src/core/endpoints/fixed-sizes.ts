import type { Size } from '../image/resize';

/** Shapes whose ratios differ by less count as the same. */
const SAME_SHAPE = 0.01;

/**
 * The size of a service that is nearest to a wanted one: of the nearest shape, the smallest that has as many
 * pixels; where none has, the largest.
 * @param sizes at least one
 */
export function nearestSize(sizes: readonly Size[], wanted: Size): Size {
  const distances = sizes.map((size) => shapeDistance(size, wanted));
  const nearest = Math.min(...distances);
  const candidates = sizes
    .filter((_size, at) => distances[at]! - nearest < SAME_SHAPE)
    .sort((a, b) => pixels(a) - pixels(b));
  return candidates.find((size) => pixels(size) >= pixels(wanted)) ?? candidates.at(-1)!;
}

/** How far the shapes of two sizes are from each other; twice as wide is as far as twice as high. */
function shapeDistance(a: Size, b: Size): number {
  return Math.abs(Math.log((a.width * b.height) / (a.height * b.width)));
}

function pixels({ width, height }: Size): number {
  return width * height;
}

/** A ratio as services write it: `16:9`. */
const RATIO = /^(\d{1,3}):(\d{1,3})$/;

/** The sizes of the ratios that a service lists, with about this many pixels. What is no ratio is left out. */
export function sizesOfRatios(ratios: readonly unknown[], usualPixels: number): Size[] {
  return ratios.flatMap((ratio) => {
    const [, across, down] = RATIO.exec(String(ratio)) ?? [];
    const shape = Number(across) / Number(down);
    if (!Number.isFinite(shape) || shape === 0) return [];
    return {
      width: Math.round(Math.sqrt(usualPixels * shape)),
      height: Math.round(Math.sqrt(usualPixels / shape)),
    };
  });
}

/** The ratio of a list that is nearest to the shape of a size; undefined where the list has none. */
export function nearestRatio(ratios: readonly unknown[], size: Size): string | undefined {
  const known = ratios.filter((ratio): ratio is string => RATIO.test(String(ratio)));
  const distances = known.map((ratio) => {
    const [across, down] = ratio.split(':').map(Number) as [number, number];
    return shapeDistance({ width: across, height: down }, size);
  });
  return known[distances.indexOf(Math.min(...distances))];
}
