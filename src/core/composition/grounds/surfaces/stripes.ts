import { meanColour } from '../../colours';
import { num } from '../drawing/canvas';
import { quiet } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { cells } from './cells';

/** Stripes: diagonal, upright, level, or upright ones of several widths. */
export function drawStripes(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette } = context;
  const { base } = palette;
  canvas.fill(base);
  const kind = random.pick(['diagonal', 'diagonal', 'upright', 'level', 'awning']);
  const target = unit * random.pick([0.05, 0.08, 0.12]);
  const colour = quiet(palette, random.pick([0.06, 0.1, 0.16]));
  const strong = palette.accents[1] ?? quiet(palette, 0.24);
  const { columns, rows, stepX, stepY } = cells(width, height, target, 4000);
  if (kind === 'diagonal') {
    // As far across as down in whole periods: the corners meet.
    const lean = random.sign();
    const run = height * (stepX / stepY);
    let d = '';
    const share = palette.asked ? 0.4 : random.pick([0.5, 0.5, 0.28]);
    const extra = Math.ceil(run / stepX);
    for (let column = -extra; column < columns + extra; column++) {
      const x = column * stepX;
      if (lean > 0 ? x > width : x + run < 0) continue;
      const [top, bottom] = lean > 0 ? [x + run, x] : [x, x + run];
      d += `M${num(top, 2)} 0h${num(stepX * share, 2)}L${num(bottom + stepX * share, 2)} ${num(height)}h${num(-stepX * share, 2)}z`;
    }
    canvas.path(d, colour);
  } else if (kind === 'awning') {
    const wide = cells(width, height, target * 3, 400);
    let [thick, thin] = ['', ''];
    for (let column = 0; column < wide.columns; column++) {
      const x = column * wide.stepX;
      thick += `M${num(x, 2)} 0h${num(wide.stepX * 0.3, 2)}v${num(height)}h${num(-wide.stepX * 0.3, 2)}z`;
      thin += `M${num(x + wide.stepX * 0.62, 2)} 0h${num(wide.stepX * 0.06, 2)}v${num(height)}h${num(-wide.stepX * 0.06, 2)}z`;
    }
    canvas.path(thick, colour);
    canvas.path(thin, strong);
  } else {
    let d = '';
    const share = palette.asked ? 0.42 : 0.5;
    for (let line = 0; line < (kind === 'upright' ? columns : rows); line++) {
      d +=
        kind === 'upright'
          ? `M${num(line * stepX, 2)} 0h${num(stepX * share, 2)}v${num(height)}h${num(-stepX * share, 2)}z`
          : `M0 ${num(line * stepY, 2)}h${num(width)}v${num(stepY * share, 2)}h${num(-width)}z`;
    }
    canvas.path(d, colour);
  }
  return meanColour([base, base, colour]);
}
