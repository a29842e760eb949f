import type { Point } from './curves';

export interface Contour {
  /** In columns and rows. */
  readonly points: Point[];
  readonly closed: boolean;
}

/**
 * The lines on which a field of heights has a level (marching squares).
 * @param value the height at each crossing of a grid of `columns` by `rows` cells
 */
export function contours(
  columns: number,
  rows: number,
  value: (column: number, row: number) => number,
  level: number,
): Contour[] {
  const heights = Array.from({ length: (columns + 1) * (rows + 1) }, (_, index) => {
    const height = value(index % (columns + 1), Math.floor(index / (columns + 1))) - level;
    return height === 0 ? 1e-9 : height;
  });
  const at = (column: number, row: number): number => heights[row * (columns + 1) + column]!;
  // Each crossing lies on an edge of the grid; its name is the edge's.
  const places = new Map<string, Point>();
  const next = new Map<string, string[]>();
  const level0 = (c1: number, r1: number, c2: number, r2: number): string => {
    const name = `${c1} ${r1} ${c2} ${r2}`;
    const [a, b] = [at(c1, r1), at(c2, r2)];
    const share = a / (a - b);
    places.set(name, { x: c1 + (c2 - c1) * share, y: r1 + (r2 - r1) * share });
    return name;
  };
  const join = (a: string, b: string): void => {
    next.set(a, [...(next.get(a) ?? []), b]);
    next.set(b, [...(next.get(b) ?? []), a]);
  };
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [a, b, c, d] = [
        at(column, row),
        at(column + 1, row),
        at(column + 1, row + 1),
        at(column, row + 1),
      ];
      const crossed: string[] = [];
      if (a > 0 !== b > 0) crossed.push(level0(column, row, column + 1, row));
      if (b > 0 !== c > 0) crossed.push(level0(column + 1, row, column + 1, row + 1));
      if (d > 0 !== c > 0) crossed.push(level0(column, row + 1, column + 1, row + 1));
      if (a > 0 !== d > 0) crossed.push(level0(column, row, column, row + 1));
      if (crossed.length === 2) join(crossed[0]!, crossed[1]!);
      else if (crossed.length === 4) {
        // A saddle: the corners of the sign that the middle has are joined.
        const middle = a + b + c + d > 0;
        const first = middle === a > 0 ? [0, 1, 2, 3] : [0, 3, 1, 2];
        join(crossed[first[0]!]!, crossed[first[1]!]!);
        join(crossed[first[2]!]!, crossed[first[3]!]!);
      }
    }
  }
  const done = new Set<string>();
  const result: Contour[] = [];
  const follow = (start: string): void => {
    const points: Point[] = [];
    let [from, here]: [string | undefined, string] = [undefined, start];
    for (;;) {
      points.push(places.get(here)!);
      done.add(here);
      const [a, b] = next.get(here)!;
      const step: string | undefined = a !== from ? a : b;
      if (step === undefined || (done.has(step) && step !== start)) break;
      if (step === start) {
        if (points.length > 2) result.push({ points, closed: true });
        return;
      }
      [from, here] = [here, step];
    }
    if (points.length > 1) result.push({ points, closed: false });
  };
  for (const [name, joined] of next) if (joined.length === 1 && !done.has(name)) follow(name);
  for (const name of next.keys()) if (!done.has(name)) follow(name);
  return result;
}
