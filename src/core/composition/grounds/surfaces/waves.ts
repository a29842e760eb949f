import { mix } from '../../colours';
import type { FormOf } from '../../composition';
import { smoothAreaUnder, smoothLine, type Point } from '../drawing/curves';
import { createRelief } from '../drawing/relief';
import { layers } from '../drawing/surface-palette';
import { chosenForm, type SurfaceContext } from '../surface';
import { stopsOf } from './gradients';

const FORM_DRAWERS: Readonly<Record<FormOf<'waves'>, (context: SurfaceContext) => string>> = {
  layers: drawLayered,
  lines: drawFlow,
  rings: drawRings,
};

/** Layered waves from the bottom, or from the top too; fine lines that flow across; or rings around a point. */
export function drawWaves(context: SurfaceContext): string {
  const { canvas, palette } = context;
  const { base } = palette;
  canvas.fill(
    palette.asked || palette.accents.length > 0
      ? base
      : canvas.linear(stopsOf([base, mix(base, palette.flow[1]!, 0.6)], 3)),
  );
  return FORM_DRAWERS[chosenForm('waves', ['layers', 'layers', 'layers', 'lines'], context)](
    context,
  );
}

function drawLayered(context: SurfaceContext): string {
  const { height, palette, random, quiet } = context;
  const both = random.chance(0.3);
  const count = random.int(3, 5);
  const colours = layers(palette, count, quiet ? 0.6 : 0.85);
  const share = both || palette.asked ? 0.44 : 0.55;
  drawLayers(context, colours, height * (1 - share), height, 1);
  if (both) {
    const few = colours.slice(0, Math.max(2, count - 2));
    drawLayers(context, few, height * 0.24, 0, 2);
  }
  return mix(palette.base, colours[0]!, 0.4);
}

/** Rings around a point, paler outwards. */
function drawRings({
  canvas,
  width,
  height,
  unit,
  random,
  palette,
  quiet,
}: SurfaceContext): string {
  const [x, y] = [width * random.pick([0.5, 0.2, 0.8]), height * random.pick([0.5, 1])];
  const reach = Math.hypot(Math.max(x, width - x), Math.max(y, height - y));
  const step = Math.max(unit * 0.09, reach / 14);
  const count = Math.ceil(reach / step);
  const colours = layers(palette, 4, quiet ? 0.4 : 0.8);
  for (let ring = count; ring > 0; ring--) {
    const share = 1 - ring / (count + 1);
    canvas.circle(
      x,
      y,
      ring * step,
      colours[Math.min(3, Math.floor(share * 4))]!,
      'opacity="0.45"',
    );
  }
  return mix(palette.base, colours[0]!, 0.5);
}

function drawLayers(
  { canvas, width, height, unit, random }: SurfaceContext,
  colours: readonly string[],
  from: number,
  edge: number,
  row: number,
): void {
  const relief = createRelief(random);
  const length = Math.max(unit * 0.9, width / 4);
  const steps = Math.min(24, Math.max(5, Math.ceil((width / length) * 5)));
  for (const [index, colour] of colours.entries()) {
    const y = from + (edge - from) * (index / colours.length) * 0.92;
    const rise = Math.min(height * 0.14, unit * 0.2) * (1 - index / (colours.length * 2));
    const points: Point[] = [];
    for (let step = -1; step <= steps + 1; step++) {
      const x = (step / steps) * width;
      points.push({ x, y: y + relief(x / length, index * 0.25 + row * 5) * rise });
    }
    canvas.path(smoothAreaUnder(points, edge === 0 ? -1 : height + 1), colour);
  }
}

/** Fine lines in a sheaf, wider apart and closer together. */
function drawFlow({ canvas, width, height, unit, random, palette, quiet }: SurfaceContext): string {
  const relief = createRelief(random);
  const count = random.int(14, 22);
  const length = Math.max(unit, width / 3);
  const steps = Math.min(16, Math.max(6, Math.ceil((width / length) * 4)));
  const colours = layers(palette, 4, quiet ? 0.5 : 0.95);
  const spread = Math.min(height * 0.5, unit * 0.6);
  for (let line = 0; line < count; line++) {
    const share = line / (count - 1);
    const points: Point[] = [];
    for (let step = -1; step <= steps + 1; step++) {
      const x = (step / steps) * width;
      const middle = height * 0.55 + relief(x / length, 1) * spread * 0.45;
      const open = 0.55 + 0.45 * relief(x / length, 2);
      points.push({
        x,
        y:
          middle +
          (share - 0.5) * spread * open +
          relief(x / length, 3 + share * 0.08) * spread * 0.2,
      });
    }
    const colour = colours[Math.min(3, Math.floor(share * 4))]!;
    canvas.line(smoothLine(points), colour, Math.max(0.6, unit * 0.0035), 'stroke-linecap="round"');
  }
  return mix(palette.base, palette.marks[0]!, 0.2);
}
