import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import { areaUnder, smoothAreaUnder, smoothLine, type Point } from '../drawing/curves';
import { createRelief } from '../drawing/relief';
import { ridgeLine } from '../drawing/ridges';
import type { Placement, SceneContext } from '../scene';
import { eased } from '../surfaces/gradients';
import { drawSky } from './sky';
import { drawPalm } from './palm';

const WATER = ['#2f86b8', '#2a93a8', '#3a78b5', '#1f8f9f'];
const SAND = ['#ecd3a2', '#f0dcb4', '#e8c892', '#f2dfc0'];

export function drawSea(context: SceneContext): Placement {
  const { canvas, height, unit, random, light, asked } = context;
  const water = asked[0] ?? random.pick(WATER);
  const horizon = height * random.range(0.5, 0.56);
  drawSky(context, horizon, { clouds: 0.8 });
  if (random.chance(0.8)) drawIsland(context, horizon);
  drawWater(context, water, horizon, height);
  const count = 4;
  for (let wave = 0; wave < count; wave++) {
    const share = (wave + 1) / count;
    const y = horizon + (height - horizon) * (0.2 + 0.62 * share ** 1.2);
    const line = waveLine(
      context,
      y,
      unit * (0.008 + 0.02 * share),
      unit * (0.22 + 0.3 * share),
      wave,
    );
    const colour = light.paint(mix(water, '#0d3a5c', share * 0.4), 0.2 * (1 - share));
    canvas.path(smoothAreaUnder(line, height + 1), colour, 'opacity="0.55"');
    canvas.line(
      smoothLine(line),
      light.paint('#ffffff', 0),
      Math.max(0.5, unit * 0.0022),
      `opacity="${num(0.12 + share * 0.14, 2)}"`,
    );
  }
  return {
    floor: 0.78,
    horizon: horizon / height,
    water: true,
    behind: mix(light.paint(water, 0.2), light.haze, 0.45),
  };
}

/** Water from the horizon down: haze far away, the light of the sky on it, and glitter. */
function drawWater(context: SceneContext, water: string, horizon: number, bottom: number): void {
  const { canvas, width, random, light, unit } = context;
  const depth = bottom - horizon;
  canvas.rect(
    0,
    horizon,
    width,
    depth + 1,
    canvas.linear(
      [
        [0, light.paint(water, 0.55)],
        [0.18, light.paint(water, 0.26)],
        [1, light.paint(mix(water, '#0f4a70', 0.35), 0)],
      ],
      [0, horizon],
      [0, bottom],
    ),
  );
  if (light.time === 'overcast') return;
  const x = width * 0.5;
  canvas.rect(
    0,
    horizon,
    width,
    depth,
    canvas.radial(
      eased(light.glow, light.time === 'day' ? 0.22 : 0.4),
      x,
      horizon,
      Math.max(depth, width * 0.35),
    ),
  );
  let d = '';
  for (let line = 0; line < 46; line++) {
    const share = random.next() ** 1.5;
    const y = horizon + depth * (0.02 + share * 0.9);
    const half = width * (0.06 + share * 0.2);
    const length = unit * (0.012 + share * 0.06) * random.range(0.5, 1.3);
    d += `M${num(x + random.range(-1, 1) * half)} ${num(y)}h${num(length)}`;
  }
  canvas.line(d, light.sun, Math.max(0.6, unit * 0.004), 'stroke-linecap="round" opacity="0.5"');
}

function waveLine(
  { width, random }: SceneContext,
  y: number,
  rise: number,
  length: number,
  row: number,
): Point[] {
  const relief = createRelief(random);
  const steps = Math.min(30, Math.max(6, Math.ceil((width / length) * 3)));
  return Array.from({ length: steps + 3 }, (_, index) => {
    const x = ((index - 1) / steps) * width;
    return { x, y: y + rise * relief(x / length, row) };
  });
}

function drawIsland({ canvas, width, unit, random, light }: SceneContext, horizon: number): void {
  const half = unit * random.range(0.16, 0.3);
  const x = random.chance(0.5) ? width * 0.1 : width * 0.9;
  const line = ridgeLine(random, half * 2, horizon, unit * 0.09, half);
  const shaped = line.map((point) => {
    const side = Math.max(0, 1 - ((point.x - half) / half) ** 2);
    return { x: x - half + point.x, y: horizon - (horizon - point.y) * side };
  });
  canvas.path(areaUnder(shaped, horizon + 1), light.paint('#5a7f86', 0.6));
}

/** Sea, foam and sand, with a palm at one side. */
export function drawBeach(context: SceneContext): Placement {
  const { canvas, width, height, unit, random, light, asked } = context;
  const sand = asked[0] ?? random.pick(SAND);
  const water = asked[1] ?? random.pick(['#2fa5b8', '#39a9c4', '#2f9fd0', '#3fb5ae']);
  const horizon = height * 0.45;
  const shore = height * 0.64;
  drawSky(context, horizon, { clouds: 0.8 });
  if (random.chance(0.5)) drawIsland(context, horizon);
  drawWater(context, water, horizon, shore + unit * 0.06);
  const lean = random.sign();
  const line = (offset: number, row: number): Point[] =>
    waveLine(context, 0, unit * 0.022, unit * 0.7, row).map((point) => ({
      x: point.x,
      y:
        point.y +
        shore +
        offset * unit +
        lean * (point.x / width - 0.5) * Math.min(unit * 0.1, height * 0.06),
    }));
  const edge = line(0, 1);
  const moved = (by: number): Point[] =>
    edge.map((point) => ({ x: point.x, y: point.y + by * unit }));
  canvas.path(
    smoothAreaUnder(moved(-0.035), height + 1),
    light.paint(mix(water, '#d8f4ee', 0.45), 0.1),
  );
  canvas.path(
    smoothAreaUnder(moved(-0.012), height + 1),
    light.paint('#ffffff', 0),
    'opacity="0.9"',
  );
  canvas.path(
    smoothAreaUnder(moved(0.002), height + 1),
    light.paint(mix(sand, '#8a6a48', 0.34), 0),
  );
  canvas.path(
    smoothAreaUnder(moved(0.03), height + 1),
    canvas.linear(
      [
        [0, light.paint(mix(sand, '#ffffff', 0.12), 0.06)],
        [1, light.paint(mix(sand, '#b98a58', 0.22), 0)],
      ],
      [0, shore],
      [0, height],
    ),
  );
  drawGrains(context, sand, shore + unit * 0.09);
  const side = random.sign();
  const foot = { x: width * 0.5 + side * width * 0.42, y: height * 0.86 };
  drawPalm(context, foot, Math.min(unit * 0.6, height * 0.62), -side);
  return {
    floor: 0.9,
    horizon: horizon / height,
    behind: mix(light.paint(water, 0.15), light.paint(sand, 0.05), 0.4),
  };
}

function drawGrains(
  { canvas, width, height, unit, random, light }: SceneContext,
  sand: string,
  from: number,
): void {
  let d = '';
  for (let grain = 0; grain < 60; grain++) {
    d += `M${num(random.next() * width)} ${num(from + random.next() * (height - from))}h0`;
  }
  canvas.line(
    d,
    light.paint(mix(sand, '#7a5a38', 0.5), 0),
    Math.max(0.7, unit * 0.004),
    'stroke-linecap="round" opacity="0.4"',
  );
}
