import simplify from 'simplify-js';

import { num } from './canvas';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Straight lines through points, as the `d` of a path in relative coordinates. */
function polyline(points: readonly Point[], close = false): string {
  const first = points[0];
  if (first === undefined) return '';
  let at = { x: round(first.x), y: round(first.y) };
  let d = `M${num(at.x)} ${num(at.y)}l`;
  for (const point of points.slice(1)) {
    const to = { x: round(point.x), y: round(point.y) };
    d += `${pair(to.x - at.x, to.y - at.y)} `;
    at = to;
  }
  return `${d.trimEnd()}${close ? 'z' : ''}`;
}

export function polygon(points: readonly Point[]): string {
  return polyline(points, true);
}

/** The area between points from left to right and a bottom edge. */
export function areaUnder(points: readonly Point[], bottom: number): string {
  return closedBelow(polyline(points), points, bottom);
}

/** The area between a smooth curve from left to right and a bottom edge. */
export function smoothAreaUnder(points: readonly Point[], bottom: number): string {
  return closedBelow(smoothLine(points), points, bottom);
}

function closedBelow(line: string, points: readonly Point[], bottom: number): string {
  const [first] = points;
  return first === undefined ? '' : `${line}V${num(bottom)}H${num(first.x)}z`;
}

/** A smooth curve through points (Catmull-Rom, whose handles mirror each other, so `s` is enough). */
export function smoothLine(points: readonly Point[]): string {
  const first = points[0];
  if (first === undefined) return '';
  return `M${num(first.x)} ${num(first.y)}${smoothSegments(points, false)}`;
}

/** A smooth closed shape through points. */
export function smoothLoop(points: readonly Point[]): string {
  const first = points[0];
  if (first === undefined) return '';
  return `M${num(first.x)} ${num(first.y)}${smoothSegments(points, true)}z`;
}

function smoothSegments(points: readonly Point[], loop: boolean): string {
  const count = points.length;
  const at = (index: number): Point =>
    loop ? points[(index + count) % count]! : points[Math.min(count - 1, Math.max(0, index))]!;
  const handle = (index: number): Point => ({
    x: (at(index + 1).x - at(index - 1).x) / 6,
    y: (at(index + 1).y - at(index - 1).y) / 6,
  });
  let d = '';
  for (let index = 1; index < count + (loop ? 1 : 0); index++) {
    const [from, to] = [at(index - 1), at(index)];
    // What is written before is rounded, so each step starts where the last one ended.
    const [start, end] = [
      { x: round(from.x), y: round(from.y) },
      { x: round(to.x), y: round(to.y) },
    ];
    const [out, into] = [handle(index - 1), handle(index)];
    const last = pair(to.x - into.x - start.x, to.y - into.y - start.y);
    const step = pair(end.x - start.x, end.y - start.y);
    d +=
      index === 1
        ? `c${pair(from.x + out.x - start.x, from.y + out.y - start.y)} ${last} ${step}`
        : `${index === 2 ? 's' : ' '}${last} ${step}`;
  }
  return d;
}

/** Fewer points on the same line, at most `tolerance` pixels away. */
export function simplified(points: readonly Point[], tolerance: number): Point[] {
  return simplify([...points], tolerance, true);
}

function pair(x: number, y: number): string {
  const second = num(y);
  return second.startsWith('-') ? `${num(x)}${second}` : `${num(x)} ${second}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
