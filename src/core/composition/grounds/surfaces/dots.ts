import { meanColour, mix } from '../../colours';
import { num } from '../drawing/canvas';
import { layers, quiet } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { cells } from './cells';

/** Dots in a grid or in shifted rows, halftone that grows to one side, or scattered confetti. */
export function drawDots(context: SurfaceContext): string {
  const { canvas, palette, random } = context;
  canvas.fill(palette.base);
  const kind = random.pick(['grid', 'shifted', 'halftone', 'scattered']);
  if (kind === 'halftone') drawHalftone(context);
  else if (kind === 'scattered') drawScattered(context);
  else drawRows(context, kind === 'shifted');
  return kind === 'scattered'
    ? meanColour([palette.base, palette.base, palette.marks[0]!])
    : palette.base;
}

/** Rows as dashed lines with round ends: a dash of no length is a dot. */
function drawRows(
  { canvas, width, height, unit, random, palette }: SurfaceContext,
  shifted: boolean,
): void {
  const { columns, rows, stepX, stepY } = cells(
    width,
    height,
    unit * random.pick([0.045, 0.06, 0.08]),
    900,
    shifted,
  );
  const size = Math.min(stepX, stepY) * random.pick([0.24, 0.32, 0.44]);
  const colour = quiet(palette, random.pick([0.12, 0.2]));
  const dots = [0, 1].map((odd) => {
    let d = '';
    for (let row = odd; row < rows; row += 2) {
      // From outside to outside, so that a dot on the edge is there on both sides.
      const start = -stepX * (shifted && odd === 1 ? 1 : 0.5);
      d += `M${num(start, 2)} ${num((row + 0.5) * stepY, 2)}h${num(stepX * (columns + 1.01), 2)}`;
    }
    return d;
  });
  canvas.line(
    dots.join(''),
    colour,
    size,
    `stroke-linecap="round" stroke-dasharray="0 ${num(stepX, 3)}"`,
  );
}

function drawHalftone({ canvas, width, height, unit, random, palette }: SurfaceContext): void {
  const fromBottom = random.chance(0.6);
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.05, 1400);
  const [first, second] = layers(palette, 2, 0.8);
  const lines = fromBottom ? rows : columns;
  const mirrored = random.chance(0.3);
  for (let line = 0; line < lines; line++) {
    const place = (line + 0.5) / lines;
    const grow = Math.max(0, (mirrored ? 1 - place : place) - 0.3) / 0.7;
    const size = Math.min(stepX, stepY) * grow * 0.92;
    if (size < 0.25) continue;
    const odd = line % 2 === 1 ? 0.5 : 0;
    const [x, y] = [(line + 0.5) * stepX, (line + 0.5) * stepY];
    canvas.line(
      fromBottom
        ? `M${num(-stepX * odd, 2)} ${num(y, 2)}H${num(width + stepX)}`
        : `M${num(x, 2)} ${num(-stepY * odd, 2)}V${num(height + stepY)}`,
      mix(first!, second!, grow),
      size,
      `stroke-linecap="round" stroke-dasharray="0 ${num(fromBottom ? stepX : stepY, 3)}"`,
    );
  }
}

/** Dots of several sizes, each in a cell of its own, repeated over the edges. */
function drawScattered({ canvas, width, height, unit, random, palette }: SurfaceContext): void {
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.13, 160);
  const colours = layers(palette, 4, 0.95);
  const groups = new Map<string, string>();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const size = Math.min(stepX, stepY) * random.pick([0.12, 0.18, 0.3, 0.46]);
      const x = (column + random.range(0.2, 0.8)) * stepX;
      const y = (row + random.range(0.2, 0.8)) * stepY;
      const key = `${num(size, 2)} ${random.pick(colours)}`;
      // What crosses an edge comes in again on the other side.
      const across = [0, ...(x < size ? [width] : []), ...(x > width - size ? [-width] : [])];
      const down = [0, ...(y < size ? [height] : []), ...(y > height - size ? [-height] : [])];
      for (const dx of across) {
        for (const dy of down) {
          groups.set(key, `${groups.get(key) ?? ''}M${num(x + dx)} ${num(y + dy)}h0`);
        }
      }
    }
  }
  for (const [key, d] of groups) {
    const [size, colour] = key.split(' ');
    canvas.line(d, colour!, Number(size), 'stroke-linecap="round"');
  }
}
