import { change, lightness, meanColour, mix } from '../../colours';
import { num } from '../drawing/canvas';
import { smoothLine, type Point } from '../drawing/curves';
import { createRelief } from '../drawing/relief';
import { markColour } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';
import { cells } from './cells';
import { eased } from './gradients';

/** Boards with their grain: lines that swing around a knot here and there. */
export function drawWood(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette } = context;
  const { base } = palette;
  const { rows, stepY } = cells(width, height, unit * 0.16, 16);
  const l = lightness(base);
  const boards = [0, -0.025, 0.02, -0.04].map((more) => change(base, { l: l + more }));
  const [grain, edge] = [markColour(context, 0.07), markColour(context, 0.2)];
  const relief = createRelief(random);
  const thin = Math.max(0.5, unit * 0.0022);
  const steps = Math.min(24, Math.max(6, Math.ceil((width / unit) * 9)));
  let [lines, edges] = ['', ''];
  for (let row = 0; row < rows; row++) {
    const top = row * stepY;
    canvas.rect(0, top, width, stepY + 0.5, boards[(row * 3 + random.int(0, 1)) % 4]!);
    for (let line = 0; line < 4; line++) {
      const points: Point[] = [];
      for (let step = -1; step <= steps + 1; step++) {
        const x = (step / steps) * width;
        const swing = relief(x / (unit * 0.7), row * 9 + line * 0.3) * stepY * 0.1;
        points.push({ x, y: top + stepY * ((line + 0.8) / 4.6) + swing });
      }
      lines += smoothLine(points);
    }
    edges += `M0 ${num(top)}h${num(width)}`;
    for (let x = width * random.range(0.1, 0.5); x < width; x += unit * random.range(0.7, 1.3))
      edges += `M${num(x)} ${num(top)}v${num(stepY)}`;
  }
  canvas.line(lines, grain, thin);
  canvas.line(edges, edge, thin * 1.6);
  return base;
}

/** Clouds of a second tone with veins that run slantwise through them. */
export function drawMarble(context: SurfaceContext): string {
  const { canvas, width, height, unit, random, palette } = context;
  const { base } = palette;
  canvas.fill(base);
  const vein = markColour(context, 0.34);
  const cloud = mix(base, vein, 0.2);
  for (let patch = 0; patch < 7; patch++) {
    const [x, y] = [width * random.next(), height * random.next()];
    canvas.fill(canvas.radial(eased(cloud, 0.8), x, y, unit * random.range(0.2, 0.5)));
  }
  const relief = createRelief(random);
  const long = Math.hypot(width, height);
  const angle = random.sign() * random.range(0.5, 0.8);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const count = Math.min(14, Math.max(7, Math.round((long / unit) * 7)));
  for (let line = 0; line < count; line++) {
    const off = ((line + random.range(0.1, 0.9)) / count - 0.5) * long;
    const points: Point[] = [];
    const steps = 20;
    for (let step = 0; step <= steps; step++) {
      const along = (step / steps - 0.5) * long * 1.1;
      const swing =
        relief(along / (unit * 0.5), line) * unit * 0.09 +
        relief(along / (unit * 0.12), line + 50) * unit * 0.022;
      const [u, w] = [along, off + swing];
      points.push({ x: width / 2 + u * c - w * s, y: height / 2 + u * s + w * c });
    }
    const strength = random.pick([0.4, 0.6, 0.9]);
    const wide = Math.max(0.5, unit * random.pick([0.002, 0.004, 0.008]));
    canvas.line(smoothLine(points), vein, wide * 4, `opacity="${num(strength * 0.18, 2)}"`);
    canvas.line(smoothLine(points), vein, wide, `opacity="${strength}" stroke-linecap="round"`);
  }
  return meanColour([base, mix(base, vein, 0.1)]);
}
