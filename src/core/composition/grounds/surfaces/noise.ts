import type { FormOf } from '../../composition';
import { num } from '../drawing/canvas';
import { createFractal } from '../drawing/relief';
import { contours } from '../drawing/contours';
import { markColour } from '../drawing/surface-palette';
import { simplified, smoothLine, smoothLoop } from '../drawing/curves';
import { chosenForm, type SurfaceContext } from '../surface';
import { stopsOf } from './gradients';
import { drawMarble, drawWood } from './textures';

const FORM_DRAWERS: Readonly<Record<FormOf<'noise'>, (context: SurfaceContext) => string>> = {
  paper: drawPaper,
  grain: drawGrain,
  contours: drawContours,
  wood: drawWood,
  marble: drawMarble,
};

/** Rough paper, a gradient with film grain, the height lines of a map, boards of wood, or marble. */
export function drawNoise(context: SurfaceContext): string {
  return FORM_DRAWERS[chosenForm('noise', ['paper', 'grain', 'contours', 'contours'], context)](
    context,
  );
}

function drawPaper(context: SurfaceContext): string {
  const { canvas, palette } = context;
  canvas.fill(palette.base);
  drawTexture(context, PAPER, palette.dark ? 0.4 : 0.32);
  return palette.base;
}

function drawGrain(context: SurfaceContext): string {
  const { canvas, width, height, palette } = context;
  canvas.fill(
    palette.asked ? palette.base : canvas.linear(stopsOf(palette.flow), [0, 0], [width, height]),
  );
  drawTexture(context, GRAIN, 0.3);
  return palette.asked ? palette.base : palette.flow[1]!;
}

/** The side of the tile that repeats, in pixels. */
const TILE = 256;

/** What is darker than `middle` becomes black, what is lighter white, both the more the further away. */
function reliefOf(middle: number, gain: number): string {
  const level = num(middle * gain, 3);
  return (
    `<feColorMatrix in="n" result="d" values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -${gain} 0 0 0 ${level}"/>` +
    `<feColorMatrix in="n" values="0 0 0 0 1 0 0 0 0 1 0 0 0 0 1 ${gain} 0 0 0 -${level}"/>` +
    '<feMerge><feMergeNode/><feMergeNode in="d"/></feMerge>'
  );
}

const GREY = '<feColorMatrix result="n" values="1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 0 0 0 0 1"/>';
// Whole periods in the tile: 180 and 64 in 256 pixels.
const GRAIN = `${noiseTile(0.703125, 2)}${GREY}${reliefOf(0.5, 2.6)}`;
const PAPER = `${noiseTile(0.25, 3)}${GREY}${reliefOf(0.5, 1)}`;

function noiseTile(frequency: number, octaves: number): string {
  return `<feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="${octaves}" seed="SEED" stitchTiles="stitch" x="0" y="0" width="${TILE}" height="${TILE}"/>`;
}

/** A texture over everything, in a tile that repeats; its grains grow with very large images. */
function drawTexture(
  { canvas, random, unit }: SurfaceContext,
  steps: string,
  strength: number,
): void {
  const scale = Math.max(1, Math.round(unit / 1200));
  const area = `filterUnits="userSpaceOnUse" x="-8" y="-8" width="${TILE + 16}" height="${TILE + 16}"`;
  const filter = canvas.define(
    `<filter id="ID" ${area} color-interpolation-filters="sRGB">${steps.replace('SEED', random.int(1, 999).toString())}</filter>`,
  );
  const bigger = scale > 1 ? ` patternTransform="scale(${scale})"` : '';
  const pattern = canvas.define(
    `<pattern id="ID" width="${TILE}" height="${TILE}" patternUnits="userSpaceOnUse"${bigger}><rect width="${TILE}" height="${TILE}" filter="url(#${filter})"/></pattern>`,
  );
  canvas.fill(`url(#${pattern})`, `opacity="${strength}"`);
}

function drawContours(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette } = context;
  canvas.fill(palette.base);
  const noise = createFractal(random, 2, 0.35);
  // In long images the hills grow, or there would be too many lines.
  const size = Math.max(unit, Math.max(width, height) / 3);
  const columns = Math.min(64, Math.max(12, Math.round((width / size) * 30)));
  const rows = Math.min(64, Math.max(12, Math.round((height / size) * 30)));
  const [stepX, stepY] = [width / columns, height / rows];
  const scale = 1 / (size * 0.5);
  const value = (column: number, row: number): number =>
    noise(column * stepX * scale, row * stepY * scale);
  const levels = [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6];
  const [soft, strong] = [markColour(context, 0.18), markColour(context, 0.3)];
  for (const [index, level] of levels.entries()) {
    let d = '';
    for (const line of contours(columns, rows, value, level)) {
      const points = simplified(
        line.points.map(({ x, y }) => ({ x: x * stepX, y: y * stepY })),
        unit * 0.006,
      );
      if (points.length < 4) continue;
      d += line.closed ? smoothLoop(points) : smoothLine(points);
    }
    canvas.line(
      d,
      index % 3 === 0 ? strong : soft,
      Math.max(0.6, unit * (index % 3 === 0 ? 0.0032 : 0.002)),
      'stroke-linejoin="round"',
    );
  }
  return palette.base;
}
