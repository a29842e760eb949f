import { mix, onRamp, tint } from '../../colours';
import { num } from '../drawing/canvas';
import type { Placement, SceneContext } from '../scene';
import { eased, stopsOf } from '../surfaces/gradients';

export function drawSkyScene(context: SceneContext): Placement {
  const { height, light } = context;
  drawSky(context, height, {
    clouds: 1.5,
    sunAt: light.time === 'sunset' || light.time === 'dawn' ? 0.72 : undefined,
  });
  return { behind: onRamp(light.sky, 0.5) };
}

export interface SkyOptions {
  /** How many clouds, as a share of the usual. */
  readonly clouds?: number;
  /** Where the sun or moon stands, as a share of the height of the sky. */
  readonly sunAt?: number | undefined;
}

/** The sky above a horizon (in pixels): its colours, the sun or the moon with stars, and clouds. */
export function drawSky(
  context: SceneContext,
  horizon: number,
  { clouds = 0.5, sunAt }: SkyOptions = {},
): void {
  const { canvas, width, light, random, unit } = context;
  canvas.fill(canvas.linear(stopsOf(light.sky, 7), [0, 0], [0, horizon]));
  const x = width * (random.chance(0.5) ? random.range(0.14, 0.34) : random.range(0.66, 0.86));
  const size = Math.min(unit, horizon * 1.4);
  switch (light.time) {
    case 'day':
      drawSun(context, x, horizon * (sunAt ?? random.range(0.2, 0.34)), size * 0.07, 0.5);
      break;
    case 'dawn':
      drawSun(context, x, horizon * (sunAt ?? random.range(0.7, 0.82)), size * 0.075, 0.85);
      break;
    case 'sunset':
      drawSun(
        context,
        width * random.range(0.3, 0.7),
        horizon * (sunAt ?? random.range(0.74, 0.86)),
        size * 0.13,
        1,
      );
      break;
    case 'night':
      drawStars(context, horizon);
      // Dark clouds would cut the moon.
      drawClouds(context, horizon, clouds * 0.5);
      drawMoon(context, x, horizon * (sunAt ?? random.range(0.2, 0.34)), size * 0.075);
      break;
    case 'overcast':
      break;
  }
  if (light.time === 'overcast') drawCover(context, horizon);
  else if (light.time !== 'night') drawClouds(context, horizon, clouds);
}

function drawSun(
  { canvas, light, width, height }: SceneContext,
  x: number,
  y: number,
  radius: number,
  strength: number,
): void {
  const glow = Math.max(radius * 5, Math.min(width, height) * 0.55);
  canvas.fill(canvas.radial(eased(light.glow, 0.8 * strength), x, y, glow));
  canvas.circle(x, y, radius * 2.2, canvas.radial(eased(light.sun, 0.6), x, y, radius * 2.2));
  canvas.circle(x, y, radius, light.sun);
}

function drawMoon(
  { canvas, light, random }: SceneContext,
  x: number,
  y: number,
  radius: number,
): void {
  canvas.fill(canvas.radial(eased(light.glow, 0.55), x, y, radius * 7));
  if (random.chance(0.5)) {
    canvas.circle(x, y, radius, light.sun);
    const crater = mix(light.sun, light.sky[1]!, 0.16);
    for (const [dx, dy, size] of [
      [-0.35, -0.25, 0.22],
      [0.3, 0.1, 0.28],
      [-0.15, 0.45, 0.16],
    ] as const) {
      canvas.circle(x + dx * radius, y + dy * radius, size * radius, crater);
    }
  } else {
    const r = num(radius, 2);
    const inner = num(radius * 0.82, 2);
    canvas.path(
      `M${num(x + radius * 0.3)} ${num(y - radius * 0.95)}a${r} ${r} 0 1 0 ${num(radius * 0.65)} ${num(radius * 1.25)}a${inner} ${inner} 0 1 1 ${num(-radius * 0.65)} ${num(-radius * 1.25)}z`,
      light.sun,
    );
  }
}

function drawStars({ canvas, width, random, unit }: SceneContext, horizon: number): void {
  const many = Math.min(150, Math.round(40 + 50 * Math.min(2, width / Math.max(horizon, 1))));
  for (const [share, size, opacity] of [
    [0.6, 0.0028, 0.55],
    [0.3, 0.0045, 0.8],
    [0.1, 0.007, 1],
  ] as const) {
    let d = '';
    for (let star = 0; star < many * share; star++) {
      // Fewer near the horizon, where the air is thick.
      d += `M${num(random.next() * width)} ${num(random.next() ** 1.4 * horizon * 0.92)}h0`;
    }
    canvas.line(
      d,
      '#ffffff',
      Math.max(0.7, unit * size),
      `stroke-linecap="round" opacity="${opacity}"`,
    );
  }
}

/** Clouds with flat feet: large ones high in the sky, small and pale ones near the horizon. */
function drawClouds(context: SceneContext, horizon: number, share: number): void {
  const { width, random, unit, light } = context;
  const count = Math.round(Math.min(8, 2.4 + (width / Math.max(unit, 1)) * 1.1) * share);
  const clouds = Array.from({ length: count }, (_, index) => {
    const near = index === 0 ? random.range(0.75, 0.9) : random.range(0.12, 0.85);
    return { x: ((index + random.range(0.1, 0.9)) / count) * width, near };
  });
  // Far ones first. Which of them is the large one does not depend on where it is.
  const places = random.shuffle(clouds.map((cloud) => cloud.x));
  for (const [index, { near }] of [...clouds].sort((a, b) => a.near - b.near).entries()) {
    const size = Math.min(unit, horizon * 1.6) * (0.08 + near ** 1.4 * 0.42);
    const y = horizon * (0.86 - near * 0.68);
    drawCloud(context, places[index]!, y, size, light.cloud, 0.55 + near * 0.4);
  }
}

/** @param size its width in pixels */
function drawCloud(
  { canvas, random }: SceneContext,
  x: number,
  y: number,
  size: number,
  colour: string,
  opacity = 0.9,
): void {
  // A flat foot with round ends, a large puff off the middle, and smaller ones beside it.
  const foot = size * 0.085;
  const main = size * random.range(0.17, 0.21);
  const off = random.range(-0.1, 0.1);
  const lean = random.sign();
  const puffs = [
    [off, -main * 0.62, main],
    [off + lean * 0.22, -foot * 0.7, main * random.range(0.58, 0.72)],
    [off - lean * 0.2, -foot * 0.9, main * random.range(0.68, 0.84)],
    ...(random.chance(0.6) ? [[off - lean * 0.34, 0, main * 0.48] as const] : []),
  ] as const;
  const half = size * 0.5;
  let d = `M${num(x - half + foot)} ${num(y + foot)}a${num(foot)} ${num(foot)} 0 0 1 0 ${num(-foot * 2)}h${num(size - foot * 2)}a${num(foot)} ${num(foot)} 0 0 1 0 ${num(foot * 2)}z`;
  for (const [dx, dy, radius] of puffs) {
    const r = num(radius);
    d += circleAt(x + dx * size, Math.min(y + dy, y + foot - radius), r, radius);
  }
  canvas.path(
    d,
    canvas.inBox([
      [0, colour, 1],
      [0.55, colour, 0.85],
      [1, colour, 0.3],
    ]),
    opacity < 0.995 ? `opacity="${num(opacity, 2)}"` : '',
  );
}

function circleAt(x: number, y: number, r: string, radius: number): string {
  return `M${num(x - radius)} ${num(y)}a${r} ${r} 0 0 1 ${num(radius * 2)} 0a${r} ${r} 0 0 1 ${num(-radius * 2)} 0z`;
}

/** A closed sky: soft patches of light and dark, and large flat clouds over each other. */
function drawCover(context: SceneContext, horizon: number): void {
  const { canvas, width, random, unit, light } = context;
  const patch = Math.min(Math.max(unit, width / 3), horizon * 2);
  for (let index = 0; index < 5; index++) {
    const colour = index % 2 === 0 ? tint(light.cloud, 0.5) : light.sky[0]!;
    const [x, y] = [width * ((index + random.next()) / 5), horizon * random.range(0, 0.6)];
    canvas.fill(canvas.radial(eased(colour, 0.4), x, y, patch * random.range(0.4, 0.6)));
  }
  const count = Math.min(9, Math.round(4 + (width / unit) * 1.5));
  for (let index = 0; index < count; index++) {
    const near = 1 - index / count;
    const x = width * (((index * 0.382 + random.range(0, 0.12)) % 1) * 1.1 - 0.05);
    const size = Math.min(unit, horizon * 1.6) * (0.3 + near * 0.6);
    const colour = mix(tint(light.cloud, 0.45), light.sky[0]!, random.range(0, 0.3));
    drawCloud(context, x, horizon * (0.8 - near * 0.66), size, colour, 0.75);
  }
}
