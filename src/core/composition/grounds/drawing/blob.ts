import type { Random } from '../../random';
import { smoothLoop, type Point } from './curves';

/** Radii around 1, one for each of `count` directions. */
export function wobble(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.range(0.78, 1.12));
}

/** A smooth closed shape with the radii of a wobble. @param turn in radians */
export function blob(
  x: number,
  y: number,
  rx: number,
  ry: number,
  shape: readonly number[],
  turn: number,
): string {
  const points: Point[] = shape.map((radius, index) => {
    const angle = turn + (index / shape.length) * 2 * Math.PI;
    return { x: x + Math.cos(angle) * rx * radius, y: y + Math.sin(angle) * ry * radius };
  });
  return smoothLoop(points);
}
