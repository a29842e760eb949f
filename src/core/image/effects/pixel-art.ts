import type { RgbaImage } from '../pixels';
import { clusterColours } from './clusters';
import type { EffectOptions } from './effect';
import { kuwahara } from './kuwahara';
import {
  colourAt,
  labDistance,
  labOfHex,
  paint,
  resizeLab,
  spreadColours,
  toLab,
  type Lab,
  type LabImage,
} from './lab-image';
import { shade } from './palette';

/** Cells on the shorter side: as many as sprites have. */
const LEAST_CELLS = 32;
const MOST_CELLS = 56;
const WANTED_CELLS = 42;
/** Colours in all, the outline's dark one included. */
const MOST_COLOURS = 16;
const OUTLINE: Lab = [0.22, 0.01, -0.03];
/** A ramp has this many tones of lightness between a colour's darkest and its lightest. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map(
  (value) => value / 16 - 15 / 32,
);
/** How far a dithered colour may go from its own, in OKLab. */
const DITHER = 0.035;

/**
 * Pixel art: a coarse grid, few colours, nearest neighbour, light from the upper left and, where the subject is
 * on nothing, a dark outline around it.
 */
export function pixelArt(image: RgbaImage, { background }: EffectOptions): RgbaImage {
  const source = toLab(image);
  const cell = cellSize(Math.min(image.width, image.height));
  const columns = Math.ceil(image.width / cell);
  const rows = Math.ceil(image.height / cell);
  const isCutOut = source.opacity.some((value) => value < 0.5);
  const cells = toCells(source, columns, rows, isCutOut);
  const solid = cells.opacity.map((value) => (value >= 0.5 ? 1 : 0));
  const lit = isCutOut ? light(cells, solid) : cells;
  const palette = clusterColours({ ...lit, opacity: solid }, MOST_COLOURS - 1, 0.03);
  const behind = background === undefined ? undefined : labOfHex(background);
  const sprite = Array.from(solid, (inside, i): Lab | undefined => {
    if (inside) return nearest(palette, isCutOut ? colourAt(lit, i) : dithered(lit, i));
    return isCutOut && touches(solid, i, columns, rows) ? OUTLINE : undefined;
  });
  return paint(image, (_, x, y) => {
    const colour = sprite[Math.floor(y / cell) * columns + Math.floor(x / cell)];
    return [colour ?? behind ?? OUTLINE, colour || behind ? 1 : 0];
  });
}

/** Pixels of a cell's side: whole cells fill the shorter side where some number of them does. */
function cellSize(side: number): number {
  const choices = Array.from(
    { length: MOST_CELLS - LEAST_CELLS + 1 },
    (_, i) => i + LEAST_CELLS,
  ).filter((count) => side % count === 0);
  const [best] = choices.sort(
    (one, other) => Math.abs(one - WANTED_CELLS) - Math.abs(other - WANTED_CELLS),
  );
  return Math.max(1, best === undefined ? Math.round(side / WANTED_CELLS) : side / best);
}

/** One pixel for each cell, with the edges between colours kept sharp. */
function toCells(source: LabImage, columns: number, rows: number, isCutOut: boolean): LabImage {
  // Four pixels for each cell's side are enough to find its colour.
  const fine = resizeLab(source, columns * 4, rows * 4);
  const spread = isCutOut ? spreadColours(fine, 3) : fine;
  return resizeLab(kuwahara(kuwahara(spread, 2), 2), columns, rows);
}

/** Lighter cells at the upper left of the subject, darker ones at the lower right: it becomes round. */
function light(cells: LabImage, solid: Float32Array): LabImage {
  const { width, height } = cells;
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && solid[y * width + x] === 1;
  const lightness = cells.lightness.map((value, i) => {
    const x = i % width;
    const y = (i - x) / width;
    const dark = !inside(x + 1, y + 1) || !inside(x, y + 1) || !inside(x + 2, y + 2);
    const bright = !inside(x - 1, y - 1) || !inside(x, y - 1);
    if (dark) return value * 0.84;
    return bright ? value + (1 - value) * 0.3 : value;
  });
  return { ...cells, lightness };
}

/** Whether an empty cell lies beside a full one. */
function touches(solid: Float32Array, i: number, width: number, height: number): boolean {
  const x = i % width;
  const y = (i - x) / width;
  return (
    (x > 0 && solid[i - 1] === 1) ||
    (x < width - 1 && solid[i + 1] === 1) ||
    (y > 0 && solid[i - width] === 1) ||
    (y < height - 1 && solid[i + width] === 1)
  );
}

/** A colour moved by the ordered pattern of old screens, so that soft changes become dots. */
function dithered(cells: LabImage, i: number): Lab {
  const x = i % cells.width;
  const y = (i - x) / cells.width;
  return shade(colourAt(cells, i), BAYER[(y % 4) * 4 + (x % 4)]! * DITHER * 2);
}

function nearest(palette: readonly Lab[], colour: Lab): Lab {
  return palette.reduce((best, one) =>
    labDistance(one, colour) < labDistance(best, colour) ? one : best,
  );
}
