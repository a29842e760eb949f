import { mix } from '../../colours';
import { createFractal } from '../drawing/relief';
import { contours } from '../drawing/contours';
import { layers } from '../drawing/surface-palette';
import { simplified, smoothLine, smoothLoop } from '../drawing/curves';
import type { SurfaceContext } from '../surface';
import { stopsOf } from './gradients';

/** Paper with fibres, a gradient with film grain, or the height lines of a map. */
export function drawNoise(context: SurfaceContext): string {
  const { canvas, width, height, palette, random } = context;
  const kind = random.pick(['paper', 'grain', 'contours', 'contours']);
  if (kind === 'grain' && !palette.asked) {
    canvas.fill(canvas.linear(stopsOf(palette.flow), [0, 0], [width, height]));
    drawGrain(context, 0.8, 0.16);
    return palette.flow[1]!;
  }
  canvas.fill(palette.base);
  if (kind === 'contours') drawContours(context);
  else drawGrain(context, kind === 'paper' ? 0.35 : 0.8, 0.12);
  return palette.base;
}

/** Grey noise over everything, lighter and darker alike, in a tile that repeats. */
function drawGrain(
  { canvas, random, unit }: SurfaceContext,
  frequency: number,
  strength: number,
): void {
  const scale = Math.max(1, unit / 900);
  const size = 256;
  const filter = canvas.define(
    `<filter id="ID" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="2" seed="${random.int(1, 999)}" stitchTiles="stitch"/><feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1.8 0 0 0 -0.6"/></filter>`,
  );
  const pattern = canvas.define(
    `<pattern id="ID" width="${size}" height="${size}" patternUnits="userSpaceOnUse"${scale > 1.5 ? ` patternTransform="scale(${Math.round(scale)})"` : ''}><rect width="${size}" height="${size}" filter="url(#${filter})"/></pattern>`,
  );
  canvas.fill(`url(#${pattern})`, `opacity="${strength}"`);
}

function drawContours({ canvas, width, height, unit, random, palette }: SurfaceContext): void {
  const noise = createFractal(random, 2, 0.35);
  const columns = Math.min(64, Math.max(12, Math.round((width / unit) * 30)));
  const rows = Math.min(64, Math.max(12, Math.round((height / unit) * 30)));
  const [stepX, stepY] = [width / columns, height / rows];
  const scale = 1 / (unit * 0.5);
  const value = (column: number, row: number): number =>
    noise(column * stepX * scale, row * stepY * scale);
  const levels = [-0.6, -0.4, -0.2, 0, 0.2, 0.4, 0.6];
  const [soft, strong] = layers(palette, 2, 0.75);
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
      index % 3 === 0 ? strong! : mix(soft!, strong!, 0.3),
      Math.max(0.6, unit * (index % 3 === 0 ? 0.0032 : 0.002)),
      'stroke-linejoin="round"',
    );
  }
}
