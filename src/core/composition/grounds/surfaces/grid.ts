import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import { layers, quiet } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { cells } from './cells';
import { eased, stopsOf } from './gradients';

/** Graph paper, plain squares, crosses, or a floor of squares in perspective. */
export function drawGrid(context: SurfaceContext): string {
  const { canvas, palette, random } = context;
  canvas.fill(palette.base);
  const kind = random.pick(['paper', 'squares', 'crosses', 'perspective']);
  if (kind === 'perspective') drawPerspective(context);
  else if (kind === 'crosses') drawCrosses(context);
  else drawLines(context, kind === 'paper');
  return palette.base;
}

function drawLines(
  { canvas, width, height, unit, random, palette }: SurfaceContext,
  paper: boolean,
): void {
  const many = paper ? 5 : 1;
  const large = cells(width, height, unit * random.pick([0.09, 0.13]) * (paper ? 1.6 : 1), 900);
  const [fine, strong] = [quiet(palette, 0.07), quiet(palette, 0.14)];
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
  const thin = Math.max(0.5, unit * 0.002);
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
    thin * 1.4,
  );
}

function drawCrosses({ canvas, width, height, unit, palette }: SurfaceContext): void {
  const { columns, rows, stepX, stepY } = cells(width, height, unit * 0.09, 320);
  const arm = Math.min(stepX, stepY) * 0.16;
  let d = '';
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [(column + 0.5) * stepX, (row + 0.5) * stepY];
      d += `M${num(x - arm)} ${num(y)}h${num(arm * 2)}m${num(-arm)} ${num(-arm)}v${num(arm * 2)}`;
    }
  }
  canvas.line(d, quiet(palette, 0.2), Math.max(0.7, unit * 0.0048), 'stroke-linecap="round"');
}

function drawPerspective({ canvas, width, height, unit, random, palette }: SurfaceContext): void {
  const horizon = height * random.range(0.46, 0.56);
  const [soft, strong] = layers(palette, 2, 0.95);
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
