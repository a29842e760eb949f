import { fitCubic } from 'fit-curve';
import type { Grid } from './regions';

export type Point = [x: number, y: number];

/** Pixels on both sides of a point, along the outline, between which its angle is measured. */
const ANGLE_REACH = 3;
/** A turn of this angle, in radians, is a corner. */
const CORNER = 0.95;
/**
 * A straight line has this length at least, and leaves the outline by so much at most, in pixels. Away from corners
 * it is longer, because a curve is straight for a while too.
 */
const [LINE_LENGTH, LINE_ERROR, LINE_BOW] = [9, 0.4, 0.12];
const FREE_LINE_LENGTH = 26;
/** Squared distance, in pixels, by which a curve may leave the outline. */
const CURVE_ERROR = 0.3;

/**
 * Turns a closed outline of many points into path data: straight lines, smooth curves, and corners where the
 * outline has them. Coordinates have one decimal.
 * @param ring without the first point again at the end
 * @param limits what is outside of the image is moved to its border
 */
export function outlinePath(ring: readonly Point[], limits: Grid): string {
  const even = evenly(ring);
  if (even.length < 6) return '';
  const corners = cornersOf(even);
  const points = sharpened(smoothed(smoothed(even, corners), corners), corners);
  const lines = linesOf(points, corners);
  const path = new PathWriter(limits);
  const stops = [
    ...new Set([...corners, ...lines.flatMap(([from, to]) => [from, to % points.length])]),
  ];
  // A round outline is two curves at least.
  if (stops.length === 0) stops.push(0, points.length >> 1);
  stops.sort((a, b) => a - b);
  const isCorner = new Set(corners);
  const lineFrom = new Map(lines);
  const lineTo = new Map(lines.map(([from, to]) => [to % points.length, from]));
  const at = (index: number): Point =>
    points[((index % points.length) + points.length) % points.length]!;
  const first = stops[0] ?? 0;
  path.move(at(first));
  const spans = stops.map((stop, k) => [stop, stops[k + 1] ?? first + points.length] as const);
  for (const [from, to] of spans) {
    if (lineFrom.get(from) === to) {
      path.line(at(to));
      continue;
    }
    const span = Array.from({ length: to - from + 1 }, (_, k) => at(from + k));
    const end = to % points.length;
    const start = lineTo.get(from);
    const next = lineFrom.get(end);
    const left =
      start !== undefined && !isCorner.has(from)
        ? direction(at(start), at(from))
        : isCorner.has(from)
          ? direction(span[0]!, span[Math.min(2, span.length - 1)]!)
          : direction(at(from - 2), at(from + 2));
    const right =
      next !== undefined && !isCorner.has(end)
        ? direction(at(next), at(end))
        : isCorner.has(end)
          ? direction(span.at(-1)!, span[Math.max(0, span.length - 3)]!)
          : direction(at(to + 2), at(to - 2));
    for (const [, one, other, last] of fitCubic<Point>(span, left, right, CURVE_ERROR)) {
      path.curve(one, other, last);
    }
  }
  return path.end();
}

/** Points a pixel apart, all as far from the next one. */
function evenly(ring: readonly Point[]): Point[] {
  const closed = [...ring, ring[0]!];
  const lengths = closed.slice(1).map((point, index) => between(closed[index]!, point));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const step = whole / Math.max(1, Math.round(whole));
  const points: Point[] = [];
  let wanted = 0;
  let passed = 0;
  for (const [index, length] of lengths.entries()) {
    const [from, to] = [closed[index]!, closed[index + 1]!];
    for (; wanted < passed + length && wanted < whole - step / 2; wanted += step) {
      const share = (wanted - passed) / length;
      points.push([from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]);
    }
    passed += length;
  }
  return points;
}

function between(one: Point, other: Point): number {
  return Math.hypot(other[0] - one[0], other[1] - one[1]);
}

/** Points on each side of a corner that are rounded, and where the side is measured beyond them. */
const [ROUNDED, BEYOND] = [3, 7];
/** A corner is moved outwards by so many pixels at most. */
const SHARPENED = 2.5;

/** Pixels round a corner: moves it to where the two sides meet. */
function sharpened(points: readonly Point[], corners: readonly number[]): Point[] {
  const sharp = points.map((point): Point => [...point]);
  const count = points.length;
  const at = (index: number) => points[(index + count) % count]!;
  for (const corner of corners) {
    const [near, far] = [at(corner - ROUNDED), at(corner - BEYOND)];
    const [next, beyond] = [at(corner + ROUNDED), at(corner + BEYOND)];
    const [ux, uy] = direction(far, near);
    const [vx, vy] = direction(beyond, next);
    const cross = ux * vy - uy * vx;
    if (Math.abs(cross) < 0.2) continue;
    const along = ((next[0] - near[0]) * vy - (next[1] - near[1]) * vx) / cross;
    const tip: Point = [near[0] + along * ux, near[1] + along * uy];
    if (along < 0 || between(tip, at(corner)) > SHARPENED) continue;
    sharp[corner] = tip;
    for (const side of [-1, 1]) {
      const end = at(corner + side * ROUNDED);
      for (let step = 1; step < ROUNDED; step++) {
        const share = step / ROUNDED;
        sharp[(corner + side * step + count) % count] = [
          tip[0] + (end[0] - tip[0]) * share,
          tip[1] + (end[1] - tip[1]) * share,
        ];
      }
    }
  }
  return sharp;
}

/** Evens out the steps of pixels between the corners. */
function smoothed(points: readonly Point[], corners: readonly number[]): Point[] {
  const isCorner = new Set(corners);
  return points.map(([x, y], index) => {
    if (isCorner.has(index)) return [x, y];
    const [beforeX, beforeY] = points.at(index - 1)!;
    const [afterX, afterY] = points[(index + 1) % points.length]!;
    return [(beforeX + 2 * x + afterX) / 4, (beforeY + 2 * y + afterY) / 4];
  });
}

function cornersOf(points: readonly Point[]): number[] {
  const count = points.length;
  if (count < 16) return [];
  const turns = points.map((point, index) => {
    const before = points[(index - ANGLE_REACH + count) % count]!;
    const after = points[(index + ANGLE_REACH) % count]!;
    const one = Math.atan2(point[1] - before[1], point[0] - before[0]);
    const other = Math.atan2(after[1] - point[1], after[0] - point[0]);
    const turn = Math.abs(other - one);
    return Math.min(turn, 2 * Math.PI - turn);
  });
  const corners: number[] = [];
  for (const [index, turn] of turns.entries()) {
    if (turn < CORNER) continue;
    let isHighest = true;
    for (let step = 1; step <= ANGLE_REACH + 1; step++) {
      if (turns[(index + step) % count]! > turn || turns[(index - step + count) % count]! >= turn) {
        isHighest = false;
      }
    }
    if (isHighest) corners.push(index);
  }
  return corners;
}

/** The straight parts of an outline between its corners, as ranges of points; an end may be beyond the last one. */
function linesOf(
  points: readonly Point[],
  corners: readonly number[],
): [from: number, to: number][] {
  const count = points.length;
  const at = (index: number) => points[index % count]!;
  const lines: [number, number][] = [];
  const starts = corners.length > 0 ? corners : [0];
  for (const [k, start] of starts.entries()) {
    const end = starts[k + 1] ?? starts[0]! + count;
    let from = start;
    while (from < end) {
      let to = 0;
      // Any shorter line of a longer one is straight too: looked for from the longest down, by halves.
      const isAtCorner = from === start && corners.length > 0;
      let [low, high] = [from + LINE_LENGTH, end];
      if (isAtCorner && end - from < LINE_LENGTH && isStraight(at, from, end)) to = end;
      while (low <= high) {
        const middle = (low + high) >> 1;
        if (isStraight(at, from, middle)) {
          to = middle;
          low = middle + 1;
        } else high = middle - 1;
      }
      const ends = isAtCorner || (corners.length > 0 && to === end);
      if (to > 0 && (ends || to - from >= FREE_LINE_LENGTH)) {
        const lap = from >= count ? count : 0;
        lines.push([from - lap, to - lap]);
        from = to;
      } else from += 1;
    }
  }
  return lines;
}

function isStraight(at: (index: number) => Point, from: number, to: number): boolean {
  const [x, y] = at(from);
  const [endX, endY] = at(to);
  const length = Math.hypot(endX - x, endY - y);
  if (length < 1) return false;
  let sum = 0;
  for (let index = from + 1; index < to; index++) {
    const [px, py] = at(index);
    const off = ((endX - x) * (py - y) - (endY - y) * (px - x)) / length;
    if (Math.abs(off) > LINE_ERROR) return false;
    sum += off;
  }
  // An arc leaves its chord to one side.
  return Math.abs(sum) / Math.max(1, to - from - 1) <= LINE_BOW;
}

function direction(from: Point, to: Point): Point {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  return [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
}

/** Writes path data with relative coordinates of one decimal, without adding up what rounding takes. */
class PathWriter {
  private text = '';
  private last: Point = [0, 0];
  private command = '';
  /** The number before, of the same command. */
  private number: string | undefined;

  constructor(private readonly limits: Grid) {}

  move(point: Point): void {
    this.last = this.rounded(point);
    this.add('M', this.last);
  }

  line(to: Point): void {
    const [dx, dy] = this.relative(to);
    if (dx === 0 && dy === 0) return;
    if (dy === 0) this.add('h', [dx]);
    else if (dx === 0) this.add('v', [dy]);
    else this.add('l', [dx, dy]);
    this.last = this.rounded(to);
  }

  curve(one: Point, other: Point, to: Point): void {
    const values = [one, other, to].flatMap((point) => this.relative(point));
    this.add('c', values);
    this.last = this.rounded(to);
  }

  end(): string {
    return `${this.text}z`;
  }

  private relative(point: Point): Point {
    const [x, y] = this.rounded(point);
    return [tenth(x - this.last[0]), tenth(y - this.last[1])];
  }

  private rounded([x, y]: Point): Point {
    const { width, height } = this.limits;
    return [tenth(Math.max(0, Math.min(width, x))), tenth(Math.max(0, Math.min(height, y)))];
  }

  private add(command: string, values: readonly number[]): void {
    if (command !== this.command) {
      this.text += command;
      this.number = undefined;
    }
    for (const value of values) {
      const written = String(value).replace(/^(-?)0\./, '$1.');
      // A sign, or a second point, begins a number by itself.
      const isApart =
        written.startsWith('-') || (written.startsWith('.') && this.number?.includes('.'));
      this.text += this.number === undefined || isApart ? written : ` ${written}`;
      this.number = written;
    }
    this.command = command;
  }
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
