import { meanColour } from '../../colours';
import type { FormOf } from '../../composition';
import { num } from '../drawing/canvas';
import { markColour } from '../drawing/surface-palette';
import { chosenForm, type SurfaceContext } from '../surface';
import { cells } from './cells';

const FORM_DRAWERS: Readonly<Record<FormOf<'stripes'>, (context: SurfaceContext) => string>> = {
  diagonal: drawDiagonal,
  horizontal: (it) => drawStraight(it, false, it.palette.asked ? 0.42 : 0.5),
  vertical: (it) => drawStraight(it, true, it.palette.asked ? 0.42 : 0.5),
  awning: drawAwning,
  pinstripe: (it) => drawStraight(it, true, 0.07),
  chevron: drawChevron,
  rays: drawRays,
};

/** Stripes in a direction, of one width or several, in a zigzag, or as rays from a point. */
export function drawStripes(context: SurfaceContext): string {
  const { canvas, palette } = context;
  canvas.fill(palette.base);
  return FORM_DRAWERS[
    chosenForm(
      'stripes',
      ['diagonal', 'diagonal', 'vertical', 'horizontal', 'awning', 'chevron'],
      context,
    )
  ](context);
}

/** The wished width of a stripe with the space after it. */
function stripeOf({ unit, random }: SurfaceContext): number {
  return unit * random.pick([0.05, 0.08, 0.12]);
}

function drawDiagonal(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette } = context;
  const colour = markColour(context, 0.15);
  const { columns, stepX, stepY } = cells(
    width,
    height,
    unit * random.pick([0.07, 0.1, 0.14]),
    4000,
  );
  // As far across as down in whole periods: the corners meet.
  const lean = random.sign();
  const run = height * (stepX / stepY);
  let d = '';
  const share = palette.asked ? 0.42 : random.pick([0.5, 0.5, 0.34]);
  const extra = Math.ceil(run / stepX);
  for (let column = -extra; column < columns + extra; column++) {
    const x = column * stepX;
    if (lean > 0 ? x > width : x + run < 0) continue;
    const [top, bottom] = lean > 0 ? [x + run, x] : [x, x + run];
    d += `M${num(top, 2)} 0h${num(stepX * share, 2)}L${num(bottom + stepX * share, 2)} ${num(height)}h${num(-stepX * share, 2)}z`;
  }
  canvas.path(d, colour);
  return meanColour([palette.base, colour], [1 - share, share]);
}

/** Upright or level stripes, each a share of the space that it has. */
function drawStraight(context: SurfaceContext, upright: boolean, share: number): string {
  const { canvas, width, height, palette } = context;
  const colour = markColour(context, share < 0.2 ? 0.26 : 0.15);
  const { columns, rows, stepX, stepY } = cells(width, height, stripeOf(context) * 1.25, 4000);
  let d = '';
  for (let line = 0; line < (upright ? columns : rows); line++) {
    d += upright
      ? `M${num((line + 0.25) * stepX, 2)} 0h${num(stepX * share, 2)}v${num(height)}h${num(-stepX * share, 2)}z`
      : `M0 ${num((line + 0.25) * stepY, 2)}h${num(width)}v${num(stepY * share, 2)}h${num(-width)}z`;
  }
  canvas.path(d, colour);
  return meanColour([palette.base, colour], [1 - share, share]);
}

/** Upright stripes, a broad one and a thin one by turns. */
function drawAwning(context: SurfaceContext): string {
  const { canvas, width, height, palette } = context;
  const [colour, strong] = [
    markColour(context, 0.16),
    palette.accents[1] ?? markColour(context, 0.26),
  ];
  const { columns, stepX } = cells(width, height, stripeOf(context) * 3, 400);
  let [thick, thin] = ['', ''];
  for (let column = 0; column < columns; column++) {
    const x = column * stepX;
    thick += `M${num(x, 2)} 0h${num(stepX * 0.3, 2)}v${num(height)}h${num(-stepX * 0.3, 2)}z`;
    thin += `M${num(x + stepX * 0.62, 2)} 0h${num(stepX * 0.06, 2)}v${num(height)}h${num(-stepX * 0.06, 2)}z`;
  }
  canvas.path(thick, colour);
  canvas.path(thin, strong);
  return meanColour([palette.base, colour], [0.7, 0.3]);
}

function drawChevron(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette } = context;
  const colour = markColour(context, 0.15);
  const { columns, rows, stepX, stepY } = cells(
    width,
    height,
    unit * random.pick([0.11, 0.15]),
    130,
  );
  const rise = Math.min(stepY, stepX * 0.5);
  const share = palette.asked ? 0.44 : 0.5;
  for (let row = -2; row < rows + 1; row++) {
    let d = `M0 ${num(row * stepY + rise, 2)}`;
    for (let column = 0; column < columns; column++)
      d += `l${num(stepX / 2, 2)}-${num(rise, 2)} ${num(stepX / 2, 2)} ${num(rise, 2)}`;
    d += `v${num(stepY * share, 2)}`;
    for (let column = 0; column < columns; column++)
      d += `l-${num(stepX / 2, 2)}-${num(rise, 2)} -${num(stepX / 2, 2)} ${num(rise, 2)}`;
    canvas.path(`${d}z`, colour);
  }
  return meanColour([palette.base, colour], [1 - share, share]);
}

/** Rays from the middle or from the foot, each as wide as the space after it. */
function drawRays(context: SurfaceContext): string {
  const { canvas, width, height, random, palette } = context;
  const colour = markColour(context, 0.14);
  const place = random.pick([
    [0.5, 0.5],
    [0.5, 1],
    [0.5, 0.62],
  ] as const);
  const [x, y] = [width * place[0], height * place[1]];
  const reach = Math.hypot(width, height) * 1.1;
  const count = random.pick([12, 16, 20]) * (place[1] === 1 ? 2 : 1);
  let d = '';
  for (let ray = 0; ray < count; ray++) {
    const at = (share: number): string => {
      const angle = ((ray + share) / count) * 2 * Math.PI;
      return `${num(x + Math.cos(angle) * reach)} ${num(y + Math.sin(angle) * reach)}`;
    };
    d += `M${num(x)} ${num(y)}L${at(0.02)}L${at(0.48)}z`;
  }
  canvas.path(d, colour);
  return meanColour([palette.base, colour]);
}
