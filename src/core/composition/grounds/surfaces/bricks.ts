import { isDark, mix } from '../../colours';
import { num } from '../drawing/canvas';
import { markColour } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { cells } from './cells';
import { createPatches, Groups, tones } from './tones';

/** Of the joints between tiles: lighter than dark tiles, and darker or white between light ones. */
export function jointColour({ palette, quiet }: SurfaceContext): string {
  const { base } = palette;
  return mix(
    base,
    isDark(base) ? '#f2ede6' : '#ffffff',
    (isDark(base) ? 0.32 : 0.7) * (quiet ? 0.5 : 1),
  );
}

/** A wall of bricks, each row half a brick further. */
export function drawBricks(context: SurfaceContext): void {
  const { canvas, width, height, unit } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.15, 220, true, 0.42);
  const groups = new Groups();
  const tone = createPatches(context, tones(context, 5));
  let joints = '';
  for (let row = 0; row < rows; row++) {
    const shift = row % 2 === 0 ? 0 : 0.5;
    const y = num(row * stepY, 2);
    joints += `M0 ${y}h${num(width)}`;
    for (let column = 0; column < columns; column++) {
      const colour = tone(column / columns, row / rows);
      const x = (column + shift) * stepX;
      // The last brick of a shifted row goes on at the left edge.
      for (const left of x + stepX > width + 1 ? [x, x - width] : [x]) {
        groups.add(
          colour,
          `M${num(left, 2)} ${y}h${num(stepX, 2)}v${num(stepY, 2)}h${num(-stepX, 2)}z`,
        );
        joints += `M${num(left, 2)} ${y}v${num(stepY, 2)}`;
      }
    }
  }
  groups.draw(context);
  canvas.line(
    `${joints}M0 ${num(height)}h${num(width)}`,
    jointColour(context),
    Math.max(0.7, stepY * 0.08),
  );
}

/** Boards of one by two, level and upright by turns, as in parquet. */
export function drawHerringbone(context: SurfaceContext): void {
  const { canvas, width, height, unit } = context;
  const grid = cells(width / 4, height / 4, unit * 0.07, 30);
  const [columns, rows] = [grid.columns * 4, grid.rows * 4];
  const [stepX, stepY] = [width / columns, height / rows];
  const groups = new Groups();
  const tone = createPatches(context, tones(context, 5));
  let edges = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      // Along each row two cells of a level board are followed by those of two upright ones.
      const place = (((column - row) % 4) + 4) % 4;
      if (place !== 0 && place !== 3) continue;
      const [wide, tall] = place === 0 ? [2, 1] : [1, 2];
      const colour = tone(column / columns, row / rows);
      const across = column + wide > columns ? [0, -columns] : [0];
      const down = row + tall > rows ? [0, -rows] : [0];
      for (const dx of across) {
        for (const dy of down) {
          const d = `M${num((column + dx) * stepX, 2)} ${num((row + dy) * stepY, 2)}h${num(stepX * wide, 2)}v${num(stepY * tall, 2)}h${num(-stepX * wide, 2)}z`;
          groups.add(colour, d);
          edges += d;
        }
      }
    }
  }
  groups.draw(context);
  canvas.line(edges, jointColour(context), Math.max(0.7, Math.min(stepX, stepY) * 0.09));
}

/** Broken checks of woven cloth: a full square, an empty one, and two with slanting bands. */
export function drawHoundstooth(context: SurfaceContext): void {
  const { canvas, width, height, unit } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.1, 130);
  const [w, h] = [stepX / 2, stepY / 2];
  const band = (x: number, y: number): string =>
    `M${num(x, 2)} ${num(y, 2)}h${num(w / 2, 2)}l${num(-w / 2, 2)} ${num(h / 2, 2)}z` +
    `M${num(x + w, 2)} ${num(y, 2)}v${num(h / 2, 2)}l${num(-w / 2, 2)} ${num(h / 2, 2)}h${num(-w / 2, 2)}z`;
  let d = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [column * stepX, row * stepY];
      d += `M${num(x, 2)} ${num(y, 2)}h${num(w, 2)}v${num(h, 2)}h${num(-w, 2)}z`;
      d += band(x + w, y) + band(x, y + h);
    }
  }
  canvas.path(d, markColour(context, 0.3));
}
