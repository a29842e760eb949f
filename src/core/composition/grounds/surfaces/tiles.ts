import { oklch, change, lightness, meanColour, mix } from '../../colours';
import { num } from '../drawing/canvas';
import { layers, quiet } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { cells, type Cells } from './cells';

const KINDS = {
  triangles: drawTriangles,
  hexagons: drawHexagons,
  truchet: drawTruchet,
  scales: drawScales,
  chevrons: drawChevrons,
  quarters: drawQuarters,
  cubes: drawCubes,
} as const;

/** A pattern of geometric tiles, which one by chance. Copies of the image join without a seam. */
export function drawTiles(context: SurfaceContext): string {
  const { palette, canvas, random } = context;
  canvas.fill(palette.base);
  KINDS[random.pick(Object.keys(KINDS) as (keyof typeof KINDS)[])](context);
  return meanColour([palette.base, palette.base, palette.marks[0]!]);
}

/** Neighbouring tones around the base, the base among them. */
function tones({ palette }: SurfaceContext, count: number): string[] {
  const { base, accents } = palette;
  if (!palette.asked && accents.length === 0)
    // On a colourful base other hues are far: only hints of them.
    return [base, ...layers(palette, count - 1, oklch(base).c > 0.08 ? 0.38 : 0.75)];
  const l = lightness(base);
  const near = Array.from({ length: count }, (_, index) =>
    change(base, { l: Math.min(0.99, Math.max(0.05, l + (index / (count - 1) - 0.5) * 0.09)) }),
  );
  return near;
}

/**
 * Chooses a tone for each place so that tones gather in patches, not as a camouflage of chance. The patches
 * repeat with the image.
 */
function createPatches(
  { random, palette }: SurfaceContext,
  colours: readonly string[],
): (u: number, v: number) => string {
  const [across, down] = [random.int(1, 2), random.int(1, 2)];
  const [first, second] = [random.next(), random.next()];
  const wave = (turns: number): number => Math.sin(turns * 2 * Math.PI);
  return (u, v) => {
    const patch = wave(u * across + first + 0.25 * wave(v)) + wave(v * down + second);
    const place = 0.5 + patch * 0.23 + random.range(-0.28, 0.28);
    if (palette.accents.length > 0 && random.chance(0.16)) return random.pick(palette.accents);
    return colours[Math.min(colours.length - 1, Math.max(0, Math.floor(place * colours.length)))]!;
  };
}

/** Collects paths by colour: one element for each. */
class Groups {
  private readonly paths = new Map<string, string>();
  add(colour: string, d: string): void {
    this.paths.set(colour, (this.paths.get(colour) ?? '') + d);
  }
  /** Each in its own colour, with a hair of stroke so that no gap shows between neighbours. */
  draw({ canvas, palette }: SurfaceContext): void {
    for (const [colour, d] of this.paths) {
      if (colour !== palette.base) canvas.path(d, colour, `stroke="${colour}" stroke-width="0.6"`);
    }
  }
}

function drawTriangles(context: SurfaceContext): void {
  const { width, height, unit } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.12, 150, true);
  const colours = tones(context, 5);
  const groups = new Groups();
  const tone = createPatches(context, colours);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [column * stepX, row * stepY];
      const place = [column / columns, row / rows] as const;
      const [w, h] = [num(stepX), num(stepY)];
      const at = `M${num(x)} ${num(y)}`;
      const falling = (row + column) % 2 === 0;
      groups.add(tone(...place), falling ? `${at}h${w}v${h}z` : `${at}h${w}l-${w} ${h}z`);
      groups.add(
        tone(...place),
        falling ? `${at}v${h}h${w}z` : `M${num(x + stepX)} ${num(y)}v${h}h-${w}z`,
      );
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
  groups.draw(context);
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
  const { canvas, width, height, unit, random, palette } = context;
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
  canvas.line(d, quiet(palette, 0.16), Math.min(rx, ry) * random.pick([0.16, 0.34, 0.6]));
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

function drawChevrons(context: SurfaceContext): void {
  const { canvas, width, height, unit, random, palette } = context;
  const { columns, rows, stepX, stepY } = cells(
    width,
    height,
    unit * random.pick([0.09, 0.13]),
    130,
  );
  const rise = Math.min(stepY, stepX * 0.5);
  for (let row = -2; row < rows + 1; row++) {
    const y = row * stepY;
    let d = `M0 ${num(y + rise)}`;
    for (let column = 0; column < columns; column++)
      d += `l${num(stepX / 2, 2)}-${num(rise)} ${num(stepX / 2, 2)} ${num(rise)}`;
    d += `v${num(stepY * 0.5)}`;
    for (let column = 0; column < columns; column++)
      d += `l-${num(stepX / 2, 2)}-${num(rise)} -${num(stepX / 2, 2)} ${num(rise)}`;
    canvas.path(`${d}z`, quiet(palette, 0.1));
  }
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
  const [own, far] = layers(palette, 2, 0.6) as [string, string];
  const [middle, deep] = [own, palette.accents.length > 0 ? mix(own, far, 0.4) : far];
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
