import { meanColour, mix } from '../../colours';
import type { FormOf } from '../../composition';
import { num } from '../drawing/canvas';
import { layers, markColour } from '../drawing/surface-palette';
import { chosenForm, type SurfaceContext } from '../surface';
import { drawBricks, drawHerringbone, drawHoundstooth, jointColour } from './bricks';
import { cells, type Cells } from './cells';
import { createPatches, Groups, tones } from './tones';

const FORM_DRAWERS: Readonly<Record<FormOf<'tiles'>, (context: SurfaceContext) => void>> = {
  triangles: (it) => drawTriangles(it, 0),
  'low-poly': (it) => drawTriangles(it, 0.34),
  hexagons: drawHexagons,
  cubes: drawCubes,
  diamonds: drawDiamonds,
  mosaic: drawMosaic,
  scales: drawScales,
  arcs: drawTruchet,
  quarters: drawQuarters,
  bricks: drawBricks,
  herringbone: drawHerringbone,
  houndstooth: drawHoundstooth,
};

/** A pattern of geometric tiles. Copies of the image join without a seam. */
export function drawTiles(context: SurfaceContext): string {
  const { palette, canvas } = context;
  canvas.fill(palette.base);
  FORM_DRAWERS[
    chosenForm(
      'tiles',
      ['triangles', 'low-poly', 'hexagons', 'arcs', 'scales', 'quarters', 'cubes', 'diamonds'],
      context,
    )
  ](context);
  return meanColour([palette.base, palette.base, palette.marks[0]!]);
}

/** @param uneven how far the corners are from those of equal triangles, as a share of a side */
function drawTriangles(context: SurfaceContext, uneven: number): void {
  const { width, height, unit, random } = context;
  const { columns, rows, stepX, stepY } = cells(
    width,
    height,
    unit * 0.12,
    uneven > 0 ? 100 : 140,
    true,
  );
  const colours = tones(context, uneven > 0 ? 7 : 5);
  const groups = new Groups();
  const tone = createPatches(context, colours);
  const moved = Array.from({ length: columns * rows }, () => [
    random.range(-uneven, uneven),
    random.range(-uneven, uneven),
  ]);
  const corner = (column: number, row: number): string => {
    const [dx, dy] = moved[((row + rows) % rows) * columns + ((column + columns) % columns)]!;
    return `${num((column + dx!) * stepX)} ${num((row + dy!) * stepY)}`;
  };
  const chosen = Array.from({ length: columns * rows * 2 }, (_, index) => {
    const cell = index >> 1;
    return tone((cell % columns) / columns, Math.floor(cell / columns) / rows);
  });
  const border = uneven > 0 ? 1 : 0;
  for (let row = -border; row < rows + border; row++) {
    for (let column = -border; column < columns + border; column++) {
      const cell = ((row + rows) % rows) * columns + ((column + columns) % columns);
      const [a, b] = [corner(column, row), corner(column + 1, row)];
      const [c, d] = [corner(column + 1, row + 1), corner(column, row + 1)];
      const falling = (row + column + 2) % 2 === 0;
      groups.add(chosen[cell * 2]!, falling ? `M${a}L${b}L${c}z` : `M${a}L${b}L${d}z`);
      groups.add(chosen[cell * 2 + 1]!, falling ? `M${a}L${d}L${c}z` : `M${b}L${c}L${d}z`);
    }
  }
  groups.draw(context);
}

function drawHexagons(context: SurfaceContext): void {
  const { width, height, unit } = context;
  // Columns overlap by a quarter, every second one is half a step down.
  const grid = cells(width, height, unit * 0.11, 130, true);
  const colours = tones(context, 5);
  const groups = new Groups();
  const tone = createPatches(context, colours);
  const chosen = Array.from({ length: grid.columns * grid.rows }, (_, index) =>
    tone((index % grid.columns) / grid.columns, Math.floor(index / grid.columns) / grid.rows),
  );
  eachWithBorder(grid, (column, row, wrappedColumn, wrappedRow) => {
    const shifted = wrappedColumn % 2 === 1;
    if (row === grid.rows || (row === -1 && !shifted)) return;
    const [w, h] = [grid.stepX, grid.stepY];
    const x = column * w;
    const y = (row + (shifted ? 0.5 : 0)) * h;
    const [third, half] = [num(w / 3), num(h / 2)];
    const top = num((w * 2) / 3);
    groups.add(
      chosen[wrappedRow * grid.columns + wrappedColumn]!,
      `M${num(x + w / 3)} ${num(y)}h${top}l${third} ${half}-${third} ${half}h-${top}l-${third}-${half}z`,
    );
  });
  groups.draw(context, [jointColour(context), Math.max(0.5, unit * 0.003)]);
}

/** Cells and those just outside, with the place inside that each repeats. */
function eachWithBorder(
  { columns, rows }: Cells,
  draw: (column: number, row: number, wrappedColumn: number, wrappedRow: number) => void,
): void {
  for (let row = -1; row <= rows; row++) {
    for (let column = -1; column <= columns; column++) {
      draw(column, row, (column + columns) % columns, (row + rows) % rows);
    }
  }
}

function drawTruchet(context: SurfaceContext): void {
  const { canvas, width, height, unit, random } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.09, 150);
  const [rx, ry] = [stepX / 2, stepY / 2];
  let d = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [column * stepX, row * stepY];
      const arc = `a${num(rx)} ${num(ry)} 0 0`;
      d += random.chance(0.5)
        ? `M${num(x + rx)} ${num(y)}${arc} 1 ${num(-rx)} ${num(ry)}M${num(x + stepX)} ${num(y + ry)}${arc} 0 ${num(-rx)} ${num(ry)}`
        : `M${num(x + rx)} ${num(y)}${arc} 0 ${num(rx)} ${num(ry)}M${num(x)} ${num(y + ry)}${arc} 1 ${num(rx)} ${num(ry)}`;
    }
  }
  const share = random.pick([0.16, 0.34, 0.5]);
  canvas.line(d, markColour(context, share > 0.3 ? 0.15 : 0.24), Math.min(rx, ry) * share);
}

function drawScales(context: SurfaceContext): void {
  const { canvas, width, height, unit, palette } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.14, 110, true, 0.25);
  const ring = layers(palette, 3, 0.6);
  const shell = canvas.define(
    `<g id="ID">${[1, 0.78, 0.56, 0.34]
      .map((share, index) => {
        const fill = index % 2 === 0 ? ring[index === 0 ? 1 : 2]! : palette.base;
        return `<ellipse rx="${num(stepX * 0.5 * share, 2)}" ry="${num(stepY * 2 * share, 2)}" fill="${fill}"/>`;
      })
      .join('')}</g>`,
  );
  for (let row = -1; row <= rows + 2; row++) {
    for (let column = -1; column <= columns; column++) {
      const x = (column + (((row % 2) + 2) % 2 === 0 ? 0.5 : 1)) * stepX;
      const y = row * stepY;
      canvas.add(`<use href="#${shell}" x="${num(x)}" y="${num(y)}"/>`);
    }
  }
}

/** Rhombs beside each other. */
function drawDiamonds(context: SurfaceContext): void {
  const { width, height, unit } = context;
  const grid = cells(width, height, unit * 0.09, 130, true, 0.8);
  const groups = new Groups();
  const tone = createPatches(context, tones(context, 5));
  const chosen = Array.from({ length: grid.columns * grid.rows }, (_, index) =>
    tone((index % grid.columns) / grid.columns, Math.floor(index / grid.columns) / grid.rows),
  );
  const [w, h] = [num(grid.stepX, 2), num(grid.stepY, 2)];
  eachWithBorder(grid, (column, row, wrappedColumn, wrappedRow) => {
    // Corners meet: every second place has a rhomb that reaches over its neighbours.
    if ((wrappedColumn + wrappedRow) % 2 === 1) return;
    groups.add(
      chosen[wrappedRow * grid.columns + wrappedColumn]!,
      `M${num(column * grid.stepX, 2)} ${num((row - 1) * grid.stepY, 2)}l${w} ${h}-${w} ${h}-${w}-${h}z`,
    );
  });
  groups.draw(context, [jointColour(context), Math.max(0.5, unit * 0.003)]);
}

/** Small squares with joints between them. */
function drawMosaic(context: SurfaceContext): void {
  const { canvas, width, height, unit } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.07, 240);
  const groups = new Groups();
  const tone = createPatches(context, tones(context, 5));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      groups.add(
        tone(column / columns, row / rows),
        `M${num(column * stepX, 2)} ${num(row * stepY, 2)}h${num(stepX, 2)}v${num(stepY, 2)}h${num(-stepX, 2)}z`,
      );
  }
  groups.draw(context);
  let joints = '';
  for (let column = 0; column <= columns; column++)
    joints += `M${num(column * stepX, 2)} 0v${num(height)}`;
  for (let row = 0; row <= rows; row++) joints += `M0 ${num(row * stepY, 2)}h${num(width)}`;
  canvas.line(joints, jointColour(context), Math.max(0.6, Math.min(stepX, stepY) * 0.06));
}

/** Quarters of circles in squares, as in posters of the fifties. */
function drawQuarters(context: SurfaceContext): void {
  const { width, height, unit, random, palette } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.14, 150);
  const colours = tones(context, 5).filter((colour) => colour !== palette.base);
  const groups = new Groups();
  const [w, h] = [num(stepX), num(stepY)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [num(column * stepX), num(row * stepY)];
      const [right, bottom] = [num((column + 1) * stepX), num((row + 1) * stepY)];
      const arc = `a${w} ${h} 0 0 1`;
      groups.add(
        random.pick(colours),
        random.pick([
          `M${x} ${y}h${w}${arc}-${w} ${h}z`,
          `M${right} ${y}v${h}${arc}-${w}-${h}z`,
          `M${right} ${bottom}h-${w}${arc} ${w}-${h}z`,
          `M${x} ${bottom}v-${h}${arc} ${w} ${h}z`,
          '',
        ]),
      );
    }
  }
  groups.draw(context);
}

function drawCubes(context: SurfaceContext): void {
  const { canvas, width, height, unit, palette } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.12, 110, true, 0.866);
  const light = palette.base;
  const deep = markColour(context, 0.24);
  const middle = mix(light, deep, 0.45);
  const [half, quarter] = [num(stepX / 2, 2), num(stepY / 3, 2)];
  const tall = num((stepY * 2) / 3, 2);
  const cube = canvas.define(
    `<g id="ID"><path d="M0 0l${half} ${quarter} -${half} ${quarter} -${half}-${quarter}z" fill="${light}"/>` +
      `<path d="M-${half} ${quarter}l${half} ${quarter}v${tall}l-${half}-${quarter}z" fill="${middle}"/>` +
      `<path d="M${half} ${quarter}l-${half} ${quarter}v${tall}l${half}-${quarter}z" fill="${deep}"/></g>`,
  );
  for (let row = -1; row <= rows; row++) {
    for (let column = -1; column <= columns; column++) {
      const x = (column + (((row % 2) + 2) % 2 === 0 ? 0 : 0.5)) * stepX;
      canvas.add(`<use href="#${cube}" x="${num(x, 2)}" y="${num(row * stepY, 2)}"/>`);
    }
  }
}
