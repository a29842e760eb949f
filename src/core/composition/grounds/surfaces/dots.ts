import { meanColour, mix, tint } from '../../colours';
import type { FormOf } from '../../composition';
import { num } from '../drawing/canvas';
import { layers, markColour, vivid } from '../drawing/surface-palette';
import { chosenForm, type SurfaceContext } from '../surface';
import { acrossEdges, cells } from './cells';
import { eased } from './gradients';

const FORM_DRAWERS: Readonly<Record<FormOf<'dots'>, (context: SurfaceContext) => string>> = {
  rows: (it) => drawRows(it, false),
  polka: (it) => drawRows(it, true),
  halftone: drawHalftone,
  scattered: drawScattered,
  confetti: drawConfetti,
  bokeh: drawBokeh,
};

/** Dots in rows, halftone that grows to one side, scattered dots, confetti, or lights out of focus. */
export function drawDots(context: SurfaceContext): string {
  const { canvas, palette } = context;
  canvas.fill(palette.base);
  return FORM_DRAWERS[chosenForm('dots', ['rows', 'polka', 'halftone', 'scattered'], context)](
    context,
  );
}

/** Rows as dashed lines with round ends: a dash of no length is a dot. */
function drawRows(context: SurfaceContext, shifted: boolean): string {
  const { canvas, width, height, unit, random, palette } = context;
  const { columns, rows, stepX, stepY } = cells(
    width,
    height,
    unit * (shifted ? random.pick([0.07, 0.09]) : random.pick([0.045, 0.06, 0.08])),
    900,
    shifted,
  );
  // Shifted rows have half as many dots: they are larger.
  const size =
    Math.min(stepX, stepY) * (shifted ? random.pick([0.56, 0.72]) : random.pick([0.3, 0.4]));
  const colour = markColour(context, shifted ? 0.24 : 0.28);
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
  return palette.base;
}

function drawHalftone(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette } = context;
  const fromBottom = random.chance(0.6);
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.05, 1400);
  const [first, second] = [markColour(context, 0.16), markColour(context, 0.32)];
  const lines = fromBottom ? rows : columns;
  const mirrored = random.chance(0.3);
  for (let line = 0; line < lines; line++) {
    const place = (line + 0.5) / lines;
    const grow = Math.max(0, (mirrored ? 1 - place : place) - 0.18) / 0.82;
    const size = Math.min(stepX, stepY) * grow * 0.92;
    if (size < 0.25) continue;
    const odd = line % 2 === 1 ? 0.5 : 0;
    const [x, y] = [(line + 0.5) * stepX, (line + 0.5) * stepY];
    canvas.line(
      fromBottom
        ? `M${num(-stepX * odd, 2)} ${num(y, 2)}H${num(width + stepX)}`
        : `M${num(x, 2)} ${num(-stepY * odd, 2)}V${num(height + stepY)}`,
      mix(first, second, grow),
      size,
      `stroke-linecap="round" stroke-dasharray="0 ${num(fromBottom ? stepX : stepY, 3)}"`,
    );
  }
  return palette.base;
}

/** Dots of several sizes, each in a cell of its own, repeated over the edges. */
function drawScattered(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette, quiet } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.13, 160);
  const colours = layers(palette, 4, quiet ? 0.45 : 0.95);
  const groups = new Map<string, string>();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const size = Math.min(stepX, stepY) * random.pick([0.12, 0.18, 0.3, 0.46]);
      const x = (column + random.range(0.2, 0.8)) * stepX;
      const y = (row + random.range(0.2, 0.8)) * stepY;
      const key = `${num(size, 2)} ${random.pick(colours)}`;
      for (const at of acrossEdges(x, y, size, context)) {
        groups.set(key, `${groups.get(key) ?? ''}M${num(at.x)} ${num(at.y)}h0`);
      }
    }
  }
  for (const [key, d] of groups) {
    const [size, colour] = key.split(' ');
    canvas.line(d, colour!, Number(size), 'stroke-linecap="round"');
  }
  return meanColour([palette.base, palette.base, palette.marks[0]!]);
}

/** Small slips of paper, turned, with dots and streamers between them. */
function drawConfetti(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette, quiet } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.1, 170);
  const colours = quiet ? layers(palette, 4, 0.45) : vivid(palette, true);
  const shapes = { slip: new Map<string, string>(), line: new Map<string, string>() };
  const side = Math.min(stepX, stepY);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (column + random.range(0.15, 0.85)) * stepX;
      const y = (row + random.range(0.15, 0.85)) * stepY;
      const kind = random.pick(['slip', 'slip', 'slip', 'dot', 'streamer', 'none'] as const);
      const colour = random.pick(colours);
      const angle = random.range(0, Math.PI);
      const [c, s] = [Math.cos(angle) * side, Math.sin(angle) * side];
      for (const at of acrossEdges(x, y, side * 0.55, context)) {
        const add = (map: Map<string, string>, d: string): void => {
          map.set(colour, (map.get(colour) ?? '') + d);
        };
        const start = `M${num(at.x)} ${num(at.y)}`;
        if (kind === 'slip')
          add(
            shapes.slip,
            `${start}l${num(c * 0.42)} ${num(s * 0.42)} ${num(-s * 0.2)} ${num(c * 0.2)} ${num(-c * 0.42)} ${num(-s * 0.42)}z`,
          );
        else if (kind === 'dot') add(shapes.line, `${start}h0`);
        else if (kind === 'streamer')
          add(
            shapes.line,
            `${start}q${num(c * 0.12 - s * 0.14)} ${num(s * 0.12 + c * 0.14)} ${num(c * 0.2)} ${num(s * 0.2)}t${num(c * 0.2)} ${num(s * 0.2)}`,
          );
      }
    }
  }
  for (const [colour, d] of shapes.slip) canvas.path(d, colour);
  for (const [colour, d] of shapes.line)
    canvas.line(d, colour, side * 0.14, 'stroke-linecap="round"');
  return palette.base;
}

/** Lights out of focus: large pale discs, and small bright ones over them. */
function drawBokeh(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette, quiet } = context;
  const { base, dark } = palette;
  const colours = [...vivid(palette), tint(base, 0.7)];
  const [x, y] = [width * random.range(0.2, 0.8), height * random.range(0.2, 0.8)];
  canvas.fill(
    canvas.radial(eased(markColour(context, 0.1), 0.8), x, y, Math.max(width, height) * 0.7),
  );
  const many = Math.min(60, Math.round(26 * Math.max(1, (width * height) / (unit * unit * 1.2))));
  for (let disc = 0; disc < many; disc++) {
    const near = random.next() ** 1.6;
    const radius = unit * (0.025 + near * 0.13);
    const colour = tint(random.pick(colours), dark ? 0.15 : 0.45);
    const strength = (quiet ? 0.5 : 1) * (0.5 - near * 0.34);
    const at = [width * random.next(), height * random.next()] as const;
    // Brighter at the rim, as lenses draw it.
    const fill = canvas.inDisc([
      [0, colour, strength * 0.55],
      [0.86, colour, strength * 0.75],
      [0.94, colour, strength],
      [1, colour, 0],
    ]);
    canvas.circle(at[0], at[1], radius, fill);
  }
  return base;
}
