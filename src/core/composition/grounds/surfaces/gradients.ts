import { change, lightness, meanColour, onRamp, ramp } from '../../colours';
import type { Stop } from '../drawing/canvas';
import type { SurfaceContext } from '../surface';

/** One colour, with a very soft light in it where no colour was asked for exactly. */
export function drawPlain({ canvas, width, height, palette, random }: SurfaceContext): string {
  const { base } = palette;
  canvas.fill(base);
  if (!palette.asked) {
    const l = lightness(base);
    const light = change(base, { l: Math.min(0.99, l + 0.025) });
    const x = width * random.range(0.3, 0.7);
    canvas.fill(
      canvas.radial(
        eased(light).map(([place, colour, opacity]) => [place, colour, (opacity ?? 1) * 0.9]),
        x,
        height * random.range(0.05, 0.35),
        Math.hypot(width, height) * 0.75,
      ),
    );
  }
  return base;
}

export function drawLinearGradient({
  canvas,
  width,
  height,
  palette,
  random,
}: SurfaceContext): string {
  const flow = random.chance(0.5) || palette.asked ? palette.flow : [...palette.flow].reverse();
  // From a corner, as pages have it, or a little off; across the whole of the image at any shape.
  const angle = random.pick([0, 35, 45, 55, 90, 125, 135, 145, 180]) + random.range(-8, 8);
  const [dx, dy] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const reach = (Math.abs(dx) * width + Math.abs(dy) * height) / 2;
  const [x, y] = [width / 2, height / 2];
  canvas.fill(
    canvas.linear(
      stopsOf(flow),
      [x - dx * reach, y - dy * reach],
      [x + dx * reach, y + dy * reach],
    ),
  );
  return onRamp(flow, 0.5);
}

export function drawRadialGradient({
  canvas,
  width,
  height,
  palette,
  random,
}: SurfaceContext): string {
  const light = [...palette.flow].sort((a, b) => lightness(b) - lightness(a));
  const only = palette.asked && palette.accents.length === 0;
  const flow = only ? [light[0]!, palette.base, palette.base, light.at(-1)!] : light;
  const place = random.pick([
    [0.5, 0.5],
    [0.5, 0.42],
    [0.5, 1.02],
    [0.5, -0.05],
    [0.12, 0.1],
    [0.88, 0.1],
    [0.85, 0.9],
  ] as const);
  const [x, y] = [width * place[0], height * place[1]];
  const reach = Math.hypot(Math.max(x, width - x), Math.max(y, height - y));
  canvas.fill(canvas.radial(stopsOf(flow), x, y, reach * 1.02));
  const middle = Math.hypot(x - width / 2, y - height / 2) / reach;
  return onRamp(flow, middle);
}

/** Soft lights of neighbouring colours that melt into each other. */
export function drawMeshGradient({
  canvas,
  width,
  height,
  palette,
  random,
}: SurfaceContext): string {
  const colours = palette.asked
    ? [palette.base, ...palette.flow, palette.base]
    : [...palette.flow, ...ramp(palette.flow, 5).slice(1, 4)];
  const base = palette.asked ? palette.base : colours[1]!;
  canvas.fill(base);
  const reach = Math.max(width, height);
  const corners = random.shuffle([
    [0.05, 0.05],
    [0.95, 0.1],
    [0.08, 0.95],
    [0.92, 0.92],
    [0.5, 0.0],
    [0.45, 1.0],
  ] as const);
  const drawn: string[] = [base, base];
  for (const [index, corner] of corners.entries()) {
    const colour = change(colours[index % colours.length]!, { h: random.range(-8, 8) });
    drawn.push(colour);
    canvas.fill(
      canvas.radial(
        eased(colour),
        width * (corner[0] + random.range(-0.12, 0.12)),
        height * (corner[1] + random.range(-0.12, 0.12)),
        Math.max(reach * random.range(0.42, 0.62), Math.min(width, height) * 0.7),
      ),
    );
  }
  return meanColour(drawn);
}

/** Many stops along colours in OKLCH, because SVG mixes in sRGB, which is grey between far hues. */
export function stopsOf(colours: readonly string[], count = 9): Stop[] {
  return ramp(colours, count).map((colour, index) => [index / (count - 1), colour]);
}

/** A light that fades out without an edge. */
export function eased(colour: string, strength = 1): Stop[] {
  return [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1].map((place) => [
    place,
    colour,
    strength * (0.5 + 0.5 * Math.cos(Math.PI * place)),
  ]);
}
