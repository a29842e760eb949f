import { change, lightness, meanColour, onRamp, ramp } from '../../colours';
import { FORMS, type FormOf } from '../../composition';
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
  form,
}: SurfaceContext): string {
  const flow = random.chance(0.5) || palette.asked ? palette.flow : [...palette.flow].reverse();
  // From a corner, as pages have it, or a little off; across the whole of the image at any shape.
  const byChance = random.pick([0, 35, 45, 55, 90, 125, 135, 145, 180]) + random.range(-8, 8);
  const asked = FORMS['linear-gradient'].find((one) => one === form);
  const angle = asked === undefined ? byChance : ANGLES[asked];
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

/** The degrees of a gradient's forms: from left to right, downwards, or from the top left corner. */
const ANGLES: Readonly<Record<FormOf<'linear-gradient'>, number>> = {
  horizontal: 0,
  vertical: 90,
  diagonal: 45,
};

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
  // Neighbouring lights have neighbouring colours: mixes of far hues would be grey.
  const asked = palette.asked && palette.accents.length === 0;
  const colours = ramp(asked ? [...palette.flow, palette.base] : palette.flow, LIGHTS.length);
  const base = asked ? palette.base : onRamp(palette.flow, 0.4);
  canvas.fill(base);
  const reach = Math.max(width, height);
  const [dx, dy] = random.pick([
    [1, 0.6],
    [1, -0.6],
    [0.4, 1],
    [-1, 0.6],
    [-1, -0.5],
  ] as const);
  const places = LIGHTS.map(
    ([x, y]) => [x + random.range(-0.12, 0.12), y + random.range(-0.12, 0.12)] as const,
  ).sort((a, b) => a[0] * dx + a[1] * dy - (b[0] * dx + b[1] * dy));
  const lights = places.map(([x, y], index) => ({ x, y, colour: colours[index]! }));
  for (const { x, y, colour } of random.shuffle(lights)) {
    const wide = Math.max(reach * random.range(0.42, 0.62), Math.min(width, height) * 0.7);
    canvas.fill(canvas.radial(eased(colour), width * x, height * y, wide));
  }
  return meanColour([base, ...colours]);
}

/** Where the lights of a mesh are, as shares of the sides. */
const LIGHTS = [
  [0.05, 0.05],
  [0.95, 0.1],
  [0.08, 0.95],
  [0.92, 0.92],
  [0.5, 0.0],
  [0.45, 1.0],
  [0.5, 0.5],
] as const;

/** How far a gradient's colour is mixed with those before and after it, so that no stop shows as an edge. */
const SOFT = 0.09;

/** Many stops along colours in OKLCH, because SVG mixes in sRGB, which is grey between far hues. */
export function stopsOf(colours: readonly string[], count = 13): Stop[] {
  return Array.from({ length: count }, (_, index) => {
    const place = index / (count - 1);
    if (colours.length < 3) return [place, onRamp(colours, place)];
    const near = [-1, -0.5, 0, 0.5, 1].map((step) => onRamp(colours, place + step * SOFT));
    return [place, meanColour(near)];
  });
}

/** A light that fades out without an edge. */
export function eased(colour: string, strength = 1): Stop[] {
  return [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1].map((place) => [
    place,
    colour,
    strength * (0.5 + 0.5 * Math.cos(Math.PI * place)),
  ]);
}
