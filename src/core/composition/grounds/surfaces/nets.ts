import { num } from '../drawing/canvas';
import { markColour } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { acrossEdges, cells } from './cells';

/** A net of equal triangles, for drawings in isometric view. */
export function drawIsometric(context: SurfaceContext): void {
  const { canvas, width, height, unit } = context;
  // Each diagonal falls half a step for each column; the upright lines are cos 30° of a step apart.
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.07, 600, true, 0.577);
  let d = '';
  for (let column = 0; column <= columns; column++)
    d += `M${num(column * stepX, 2)} 0v${num(height)}`;
  const fall = columns * stepY;
  for (let row = -columns - (columns % 2); row <= rows + columns; row += 2) {
    const y = row * stepY;
    d += `M0 ${num(y, 2)}l${num(width)} ${num(fall, 2)}M0 ${num(y, 2)}l${num(width)} ${num(-fall, 2)}`;
  }
  canvas.line(d, markColour(context, 0.18), Math.max(0.6, unit * 0.0024));
}

/** The eight ways from one node of a grid to the next, in turns of 45°. */
const WAYS = [
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
] as const;

/** Conductors between pads, as on a printed circuit: level, upright or at 45°, and never across each other. */
export function drawCircuit(context: SurfaceContext): void {
  const { canvas, width, height, unit, random, palette } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.055, 290);
  const used = new Set<string>();
  // In half steps, so that the middles between nodes are places too.
  const key = (x: number, y: number): string => {
    const wrap = (at: number, count: number): number =>
      ((at % (2 * count)) + 2 * count) % (2 * count);
    return `${wrap(x, columns)} ${wrap(y, rows)}`;
  };
  const side = Math.min(stepX, stepY);
  const radius = side * 0.17;
  let [lines, pads] = ['', ''];
  for (let node = 0; node < columns * rows; node++) {
    let [x, y] = [random.int(0, columns - 1), random.int(0, rows - 1)];
    if (used.has(key(2 * x, 2 * y))) continue;
    const path = [[x, y]];
    const taken = [key(2 * x, 2 * y)];
    let way = random.int(0, 3) * 2;
    const length = random.int(2, 7);
    for (let step = 0; step < length; step++) {
      if (random.chance(0.3)) way = (way + random.sign() + 8) % 8;
      const [dx, dy] = WAYS[way]!;
      const ahead = [key(2 * x + dx, 2 * y + dy), key(2 * x + 2 * dx, 2 * y + 2 * dy)];
      if (ahead.some((place) => used.has(place) || taken.includes(place))) break;
      taken.push(...ahead);
      [x, y] = [x + dx, y + dy];
      path.push([x, y]);
    }
    if (path.length < 3) continue;
    for (const place of taken) used.add(place);
    const points = path.map(([column, row]) => [(column! + 0.5) * stepX, (row! + 0.5) * stepY]);
    const [first, last] = [points[0]!, points.at(-1)!];
    const reach = length * Math.max(stepX, stepY) + radius;
    for (const at of acrossEdges(first[0]!, first[1]!, reach, context)) {
      const [dx, dy] = [at.x - first[0]!, at.y - first[1]!];
      lines += `M${points.map(([px, py]) => `${num(px! + dx)} ${num(py! + dy)}`).join('L')}`;
      for (const [px, py] of [first, last]) pads += disc(px! + dx, py! + dy, radius);
    }
  }
  const colour = markColour(context, 0.22);
  canvas.line(lines, colour, Math.max(0.7, side * 0.07), 'stroke-linejoin="round"');
  canvas.path(pads, palette.base, `stroke="${colour}" stroke-width="${num(side * 0.08, 2)}"`);
}

function disc(x: number, y: number, radius: number): string {
  const r = num(radius, 2);
  const across = num(radius * 2, 2);
  return `M${num(x - radius)} ${num(y)}a${r} ${r} 0 0 1 ${across} 0a${r} ${r} 0 0 1 -${across} 0z`;
}

/** Points joined to their neighbours, as in drawings of networks. */
export function drawNetwork(context: SurfaceContext): void {
  const { canvas, width, height, unit, random } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.13, 72);
  const points = Array.from({ length: columns * rows }, () => ({
    x: random.range(0.1, 0.9),
    y: random.range(0.1, 0.9),
    size: random.pick([0.035, 0.05, 0.05, 0.085]),
  }));
  const at = (column: number, row: number) => {
    const point = points[((row + rows) % rows) * columns + ((column + columns) % columns)]!;
    return { x: (column + point.x) * stepX, y: (row + point.y) * stepY, size: point.size };
  };
  const side = Math.min(stepX, stepY);
  let [near, far, dots] = ['', '', ''];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = at(column, row);
      for (const place of acrossEdges(from.x, from.y, side * 1.4, context)) {
        for (const [dx, dy] of WAYS.slice(0, 4)) {
          const to = at(column + dx, row + dy);
          const [x, y] = [to.x - from.x, to.y - from.y];
          const apart = Math.hypot(x, y) / side;
          const d = `M${num(place.x)} ${num(place.y)}l${num(x)} ${num(y)}`;
          if (apart < 0.95) near += d;
          else if (apart < 1.3) far += d;
        }
        dots += disc(place.x, place.y, from.size * side);
      }
    }
  }
  const thin = Math.max(0.6, unit * 0.0026);
  canvas.line(far, markColour(context, 0.14), thin);
  canvas.line(near, markColour(context, 0.22), thin);
  canvas.path(dots, markColour(context, 0.34));
}
