import { blob } from '../drawing/blob';
import { num } from '../drawing/canvas';
import { layers, vivid } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { acrossEdges, cells } from './cells';

/** Simple shapes in strong colours, as designs of the eighties have them: each in a cell of its own. */
export function drawMemphis(context: SurfaceContext): void {
  const { canvas, width, height, unit, random, palette, quiet } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.15, 64);
  const colours = quiet ? layers(palette, 4, 0.45) : vivid(palette, true);
  const side = Math.min(stepX, stepY);
  const thin = Math.max(0.8, side * 0.06);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column + random.range(0.25, 0.75)) * stepX;
      const y = (row + random.range(0.25, 0.75)) * stepY;
      const colour = random.pick(colours);
      const size = side * random.range(0.2, 0.32);
      const turn = random.int(0, 11) * 30;
      const shape = random.pick(SHAPES);
      const id = canvas.define(`<g id="ID">${shape(num(size, 1), colour, num(thin, 1))}</g>`);
      for (const at of acrossEdges(x, y, size * 2, context))
        canvas.add(
          `<use href="#${id}" transform="translate(${num(at.x)} ${num(at.y)})rotate(${turn})"/>`,
        );
    }
  }
}

type Shape = (size: string, colour: string, thin: string) => string;

/** About 0, 0; the size is a radius. */
const SHAPES: readonly Shape[] = [
  (r, colour) => `<circle r="${r}" fill="${colour}"/>`,
  (r, colour, thin) => `<circle r="${r}" fill="none" stroke="${colour}" stroke-width="${thin}"/>`,
  (r, colour) => `<path d="M-${r} 0a${r} ${r} 0 0 1 ${2 * Number(r)} 0z" fill="${colour}"/>`,
  (r, colour) => `<path d="M0-${r}L${r} ${r}H-${r}z" fill="${colour}"/>`,
  (r, colour, thin) =>
    `<path d="M0-${r}L${r} ${r}H-${r}z" fill="none" stroke="${colour}" stroke-width="${thin}"/>`,
  (r, colour, thin) => lines(zigzag(Number(r), 'l'), colour, thin),
  (r, colour, thin) => lines(zigzag(Number(r), 'q'), colour, thin),
  (r, colour, thin) => lines(`M0-${r}V${r}M-${r} 0H${r}`, colour, thin),
  (r, colour, thin) => {
    const [row, half] = [`h${2 * Number(r)}`, num(Number(r) * 0.7)];
    return `<path d="M-${r}-${half}${row}M-${r} 0${row}M-${r} ${half}${row}" stroke="${colour}" stroke-width="${thin}" stroke-linecap="round" stroke-dasharray="0 ${half}"/>`;
  },
];

function lines(d: string, colour: string, thin: string): string {
  return `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${thin}" stroke-linecap="round" stroke-linejoin="round"/>`;
}

/** Three ups and downs, straight or round. */
function zigzag(r: number, kind: 'l' | 'q'): string {
  const [step, up] = [num(r * 0.5), num(r * 0.6)];
  if (kind === 'l') return `M${num(-r * 1.5)} 0${`l${step}-${up} ${step} ${up}`.repeat(3)}`;
  const bow = num(r * 0.5);
  return `M${num(-r * 1.5)} 0q${num(r * 0.25)}-${up} ${bow} 0t${bow} 0 ${bow} 0 ${bow} 0 ${bow} 0 ${bow} 0`;
}

/** Chips of stone in a smooth ground. */
export function drawTerrazzo(context: SurfaceContext): void {
  const { canvas, width, height, unit, random, palette, quiet } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.085, 190);
  const colours = quiet ? layers(palette, 4, 0.45) : vivid(palette, true);
  const paths = new Map<string, string>();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column + random.range(0.25, 0.75)) * stepX;
      const y = (row + random.range(0.25, 0.75)) * stepY;
      const radius = Math.min(stepX, stepY) * random.pick([0.1, 0.18, 0.28, 0.42]);
      const corners = random.int(4, 6);
      const turn = random.next();
      const shape = Array.from({ length: corners }, (_, corner) => {
        const angle = ((corner + turn + random.range(-0.25, 0.25)) / corners) * 2 * Math.PI;
        const far = radius * random.range(0.75, 1.1);
        return [Math.cos(angle) * far, Math.sin(angle) * far * 0.8] as const;
      });
      const colour = random.pick(colours);
      for (const at of acrossEdges(x, y, radius * 1.1, context)) {
        const d = shape.map(([dx, dy]) => `${num(at.x + dx)} ${num(at.y + dy)}`).join('L');
        paths.set(colour, `${paths.get(colour) ?? ''}M${d}z`);
      }
    }
  }
  for (const [colour, d] of paths) canvas.path(d, colour);
}

/** Large patches over each other in a few near tones. */
export function drawCamouflage(context: SurfaceContext): void {
  const { canvas, width, height, unit, random, palette, quiet } = context;
  const colours = layers(palette, 3, quiet ? 0.5 : 0.9);
  for (const [index, colour] of colours.entries()) {
    const { columns, rows, stepX, stepY } = cells(width, height, unit * (0.26 - index * 0.02), 14);
    let d = '';
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const x = (column + random.range(0.1, 0.9)) * stepX;
        const y = (row + random.range(0.1, 0.9)) * stepY;
        const radius = Math.min(stepX, stepY) * random.range(0.24, 0.46);
        const shape = Array.from({ length: 8 }, () => random.range(0.55, 1.3));
        const turn = random.range(0, 6);
        for (const at of acrossEdges(x, y, radius * 1.9, context))
          d += blob(at.x, at.y, radius * 1.5, radius * 0.8, shape, turn);
      }
    }
    canvas.path(d, colour);
  }
}
