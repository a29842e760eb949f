import { num } from '../drawing/canvas';
import { markColour } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { cells } from './cells';

/** Squares of two colours by turns. */
export function drawCheckerboard(context: SurfaceContext): void {
  const { canvas, width, height, unit } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.1, 300, true);
  let d = '';
  for (let row = 0; row < rows; row++) {
    for (let column = row % 2; column < columns; column += 2)
      d += `M${num(column * stepX, 2)} ${num(row * stepY, 2)}h${num(stepX, 2)}v${num(stepY, 2)}h${num(-stepX, 2)}z`;
  }
  canvas.path(d, markColour(context, 0.24));
}

/** Bands across and down that are darker where they cross, as in woven cloth. */
export function drawGingham(context: SurfaceContext): void {
  const { width, height, unit } = context;
  const grid = cells(width, height, unit * 0.1, 400);
  drawBands(context, grid, [[0, 0.5, markColour(context, 0.26), 0.5]]);
}

/** Bands of several widths and colours across and down. */
export function drawPlaid(context: SurfaceContext): void {
  const { width, height, unit, palette } = context;
  const grid = cells(width, height, unit * 0.26, 120);
  const [first, second, third] = [
    markColour(context, 0.24),
    palette.accents[1] ?? markColour(context, 0.34),
    palette.accents[2] ?? markColour(context, 0.45),
  ];
  drawBands(context, grid, [
    [0, 0.36, first, 0.5],
    [0.42, 0.06, second, 0.55],
    [0.64, 0.2, second, 0.3],
    [0.91, 0.035, third, 0.6],
  ]);
}

/** Bands in each cell, as shares of it: where one begins, its width, its colour and its opacity. */
function drawBands(
  { canvas, width, height }: SurfaceContext,
  { columns, rows, stepX, stepY }: ReturnType<typeof cells>,
  bands: readonly (readonly [number, number, string, number])[],
): void {
  for (const [from, wide, colour, opacity] of bands) {
    let [across, down] = ['', ''];
    for (let column = 0; column < columns; column++)
      down += `M${num((column + from) * stepX, 2)} 0h${num(stepX * wide, 2)}v${num(height)}h${num(-stepX * wide, 2)}z`;
    for (let row = 0; row < rows; row++)
      across += `M0 ${num((row + from) * stepY, 2)}h${num(width)}v${num(stepY * wide, 2)}h${num(-width)}z`;
    canvas.path(down, colour, `opacity="${opacity}"`);
    canvas.path(across, colour, `opacity="${opacity}"`);
  }
}

/** Diamonds in columns, with thin dashed lines through their middles. */
export function drawArgyle(context: SurfaceContext): void {
  const { canvas, width, height, unit, palette } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.14, 120, true, 1.4);
  const [w, h] = [num(stepX, 2), num(stepY / 2, 2)];
  let [diamonds, lines] = ['', ''];
  for (let column = -1; column <= columns; column++) {
    const isFilled = column % 2 === 0;
    for (let row = -1; row <= rows; row++) {
      const [x, y] = [column * stepX, (row + (isFilled ? 0 : 0.5)) * stepY];
      if (isFilled)
        diamonds += `M${num(x, 2)} ${num(y - stepY / 2, 2)}l${w} ${h}-${w} ${h}-${w}-${h}z`;
      lines += `M${num(x, 2)} ${num(y, 2)}l${w} ${h}M${num(x, 2)} ${num(y, 2)}l${w}-${h}`;
    }
  }
  canvas.path(diamonds, markColour(context, 0.2));
  const dash = num(stepX * 0.08, 2);
  canvas.line(
    lines,
    palette.accents[1] ?? markColour(context, 0.34),
    Math.max(0.6, unit * 0.0035),
    `stroke-dasharray="${dash} ${dash}"`,
  );
}
