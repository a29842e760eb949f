import { mix, onRamp, tint } from '../../colours';
import { num } from '../drawing/canvas';
import type { Placement, SceneContext } from '../scene';
import { eased, stopsOf } from '../surfaces/gradients';

export function drawSkyScene(context: SceneContext): Placement {
  const { height, light } = context;
  drawSky(context, height, {
    clouds: 1,
    sunAt: light.time === 'sunset' || light.time === 'dawn' ? 0.72 : undefined,
  });
  return { behind: onRamp(light.sky, 0.5) };
}

export interface SkyOptions {
  /** How many clouds, as a share of the usual. */
  readonly clouds?: number;
  /** Where the sun or moon stands, as a share of the height of the sky. */
  readonly sunAt?: number;
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
      drawMoon(context, x, horizon * (sunAt ?? random.range(0.2, 0.34)), size * 0.075);
      break;
    case 'overcast':
      break;
  }
  if (light.time === 'overcast') drawCover(context, horizon);
  else drawClouds(context, horizon, light.time === 'night' ? clouds * 0.5 : clouds);
}

function drawSun(
  { canvas, light, width, height }: SceneContext,
  x: number,
  y: number,
  radius: number,
  strength: number,
): void {
  const glow = Math.max(radius * 9, Math.min(width, height) * 0.5);
  canvas.fill(canvas.radial(eased(light.glow, 0.85 * strength), x, y, glow));
  canvas.circle(x, y, radius * 1.7, light.sun, 'opacity="0.25"');
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

/** Clouds with flat feet, larger near the top and flatter near the horizon. */
function drawClouds(context: SceneContext, horizon: number, share: number): void {
  const { width, random, unit, light } = context;
  const count = Math.round(Math.min(9, 3 + (width / Math.max(unit, 1)) * 1.6) * share);
  for (let cloud = 0; cloud < count; cloud++) {
    const place = (cloud + random.range(0.2, 0.8)) / count;
    const y = horizon * random.range(0.16, 0.78);
    const near = 1 - y / horizon;
    drawCloud(
      context,
      place * width,
      y,
      Math.min(unit, horizon * 1.5) * (0.12 + near * 0.2) * random.range(0.8, 1.2),
      light.cloud,
      0.5 + near * 0.45,
    );
  }
}

/** @param size its width in pixels */
export function drawCloud(
  { canvas, random }: SceneContext,
  x: number,
  y: number,
  size: number,
  colour: string,
  opacity = 0.9,
): void {
  const bumps = random.int(3, 5);
  const widths = Array.from({ length: bumps }, (_, index) => {
    const middle = 1 - Math.abs(index / (bumps - 1) - random.range(0.4, 0.6));
    return 0.5 + middle * random.range(0.5, 0.8);
  });
  const sum = widths.reduce((a, b) => a + b, 0);
  let d = '';
  let rise = 0;
  const tall = size * 0.2;
  for (const [index, part] of widths.entries()) {
    const w = (part / sum) * size;
    const next =
      index === bumps - 1
        ? 0
        : tall * Math.sin((Math.PI * (index + 1)) / bumps) * random.range(0.5, 0.9);
    const r = Math.hypot(w, next - rise) * 0.52;
    d += `a${num(r)} ${num(r)} 0 0 1 ${num(w)} ${num(rise - next)}`;
    rise = next;
  }
  const foot = size * 0.05;
  canvas.path(
    `M${num(x - size / 2)} ${num(y)}${d}q${num(foot * 2)} ${num(foot)} 0 ${num(foot * 1.6)}h${num(-size)}q${num(-foot * 2)} ${num(-foot * 0.6)} 0 ${num(-foot * 1.6)}z`,
    canvas.inBox([
      [0, colour, 1],
      [1, colour, 0.35],
    ]),
    `opacity="${num(opacity, 2)}"`,
  );
}

/** A closed sky: banks of cloud behind each other. */
function drawCover(context: SceneContext, horizon: number): void {
  const { canvas, width, random, unit, light } = context;
  for (let bank = 0; bank < 3; bank++) {
    const y = horizon * (0.14 + bank * 0.24);
    const size = Math.max(unit * 0.34, width / 7) * (1 - bank * 0.22);
    const colour = mix(tint(light.cloud, 0.4), light.sky[0]!, bank * 0.18);
    let d = `M${num(-size)} ${num(y)}`;
    for (let x = -size; x < width + size;) {
      const w = size * random.range(0.5, 1);
      d += `a${num(w * 0.55)} ${num(w * 0.42)} 0 0 1 ${num(w)} 0`;
      x += w;
    }
    canvas.path(
      `${d}V${num(y + size * 0.7)}H${num(-size)}z`,
      canvas.inBox([
        [0, colour, 0.85],
        [0.35, colour, 0.5],
        [1, colour, 0],
      ]),
    );
  }
}
