import { mix } from '../../colours';
import type { FormOf } from '../../composition';
import { num } from '../drawing/canvas';
import { layers, markColour } from '../drawing/surface-palette';
import { chosenForm, type SurfaceContext } from '../surface';
import { cells } from './cells';
import { drawArgyle, drawCheckerboard, drawGingham, drawPlaid } from './checks';
import { drawCircuit, drawIsometric, drawNetwork } from './nets';
import { eased, stopsOf } from './gradients';

const FORM_DRAWERS: Readonly<Record<FormOf<'grid'>, (context: SurfaceContext) => void>> = {
  squares: (it) => drawLines(it, false),
  paper: (it) => drawLines(it, true),
  ruled: drawRuled,
  crosses: drawCrosses,
  perspective: drawPerspective,
  isometric: drawIsometric,
  checkerboard: drawCheckerboard,
  gingham: drawGingham,
  plaid: drawPlaid,
  argyle: drawArgyle,
  circuit: drawCircuit,
  network: drawNetwork,
};

/** Graph paper, squares, crosses, checks, or nets of lines. */
export function drawGrid(context: SurfaceContext): string {
  const { canvas, palette } = context;
  canvas.fill(palette.base);
  FORM_DRAWERS[
    chosenForm('grid', ['paper', 'squares', 'crosses', 'perspective', 'isometric'], context)
  ](context);
  return palette.base;
}

function drawLines(context: SurfaceContext, paper: boolean): void {
  const { canvas, width, height, unit, random } = context;
  const many = paper ? 5 : 1;
  const large = cells(width, height, unit * random.pick([0.09, 0.13]) * (paper ? 1.6 : 1), 900);
  const [fine, strong] = [markColour(context, 0.11), markColour(context, 0.24)];
  const lines = (step: (index: number) => boolean): string => {
    let d = '';
    for (let index = 0; index <= large.columns * many; index++) {
      if (step(index)) d += `M${num((index * large.stepX) / many, 2)} 0v${num(height)}`;
    }
    for (let index = 0; index <= large.rows * many; index++) {
      if (step(index)) d += `M0 ${num((index * large.stepY) / many, 2)}h${num(width)}`;
    }
    return d;
  };
  const thin = Math.max(0.6, unit * 0.0024);
  if (paper && Math.min(large.stepX, large.stepY) / many >= 3) {
    canvas.line(
      lines((index) => index % many !== 0),
      fine,
      thin,
    );
  }
  canvas.line(
    lines((index) => index % many === 0),
    strong,
    thin * 1.5,
  );
}

/** The lines of a notebook, with a margin. */
function drawRuled(context: SurfaceContext): void {
  const { canvas, width, height, unit, palette } = context;
  const { rows, stepY } = cells(width, height, unit * 0.075, 900);
  let d = '';
  for (let row = 0; row < rows; row++) d += `M0 ${num((row + 0.5) * stepY, 2)}h${num(width)}`;
  const thin = Math.max(0.6, unit * 0.0028);
  canvas.line(d, markColour(context, 0.2), thin);
  const margin = palette.accents[1] ?? (palette.asked ? markColour(context, 0.3) : '#e58a8a');
  canvas.line(`M${num(width * 0.1, 2)} 0v${num(height)}`, margin, thin * 1.3);
}

function drawCrosses(context: SurfaceContext): void {
  const { canvas, width, height, unit } = context;
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.09, 320);
  const arm = Math.min(stepX, stepY) * 0.16;
  let d = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [(column + 0.5) * stepX, (row + 0.5) * stepY];
      d += `M${num(x - arm)} ${num(y)}h${num(arm * 2)}m${num(-arm)} ${num(-arm)}v${num(arm * 2)}`;
    }
  }
  canvas.line(d, markColour(context, 0.26), Math.max(0.7, unit * 0.0055), 'stroke-linecap="round"');
}

function drawPerspective({
  canvas,
  width,
  height,
  unit,
  random,
  palette,
  quiet,
}: SurfaceContext): void {
  const horizon = height * random.range(0.46, 0.56);
  const [soft, strong] = layers(palette, 2, quiet ? 0.5 : 0.95);
  const centre = width / 2;
  const glow = Math.max(width * 0.5, height * 0.5);
  canvas.fill(canvas.radial(eased(soft!, 0.9), centre, horizon, glow));
  canvas.rect(
    0,
    horizon,
    width,
    height - horizon,
    canvas.linear(
      stopsOf([mix(palette.base, soft!, 0.4), palette.base], 3),
      [0, horizon],
      [0, height],
    ),
  );
  const depth = height - horizon;
  let d = '';
  for (let row = 1; row <= 14; row++) {
    const y = horizon + depth / row;
    d += `M0 ${num(y)}h${num(width)}`;
  }
  const step = Math.max(unit * 0.16, depth * 0.3);
  const count = Math.min(40, Math.ceil((width / step) * 4));
  for (let column = -count; column <= count; column++) {
    const end = centre + (column + 0.5) * step;
    d += `M${num(centre + (end - centre) * 0.07)} ${num(horizon + depth / 14)}L${num(end)} ${num(height)}`;
  }
  const fade = canvas.linear(
    [
      [0, strong!, 0],
      [0.35, strong!, 0.55],
      [1, strong!, 1],
    ],
    [0, horizon],
    [0, height],
  );
  canvas.line(d, fade, Math.max(0.7, unit * 0.003));
}
