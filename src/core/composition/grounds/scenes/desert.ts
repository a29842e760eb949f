import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import type { Placement, SceneContext } from '../scene';
import { drawSky } from './sky';
import { place } from './trees';

const SAND = ['#e3ab6b', '#e6b87c', '#d9965f', '#dca679'];

/** Dunes with a lit and a shaded side, table mountains far away, and cacti at the sides. */
export function drawDesert(context: SceneContext): Placement {
  const { canvas, width, height, unit, random, light, asked } = context;
  const sand = asked[0] ?? random.pick(SAND);
  const horizon = height * 0.58;
  drawSky(context, horizon, { clouds: 0.3 });
  drawMesas(context, mix(sand, '#9a5a48', 0.5), horizon);
  canvas.rect(0, horizon, width, height - horizon + 1, light.paint(mix(sand, '#ffffff', 0.1), 0.4));
  const rows = 4;
  for (let row = 0; row < rows; row++) {
    const share = row / (rows - 1);
    drawDunes(
      context,
      sand,
      height * (0.635 + share * 0.3),
      unit * (0.07 + share * 0.09),
      unit * (0.6 + share * 0.5),
      0.42 * (1 - share),
    );
  }
  const cactus = defineCactus(context);
  const count = Math.max(2, Math.min(7, Math.round((width / unit) * 2.4)));
  for (let index = 0; index < count; index++) {
    const share = index % 2 === 0 ? random.range(0.04, 0.3) : random.range(0.7, 0.96);
    const near = random.next();
    const y = height * (0.7 + near * 0.22);
    const size = unit * (0.1 + near * 0.14);
    canvas.ellipse(
      share * width + size * 0.12,
      y,
      size * 0.24,
      size * 0.025,
      light.paint('#7a4a30', 0),
      'opacity="0.28"',
    );
    place(context, cactus, share * width, y, size, random.sign());
  }
  return { floor: 0.9, horizon: 0.58, behind: mix(light.paint(sand, 0.3), light.haze, 0.4) };
}

/** A row of dunes that overlap: each with a lit side, and a shaded one beyond the crest that winds down. */
function drawDunes(
  { canvas, width, height, random, light }: SceneContext,
  sand: string,
  foot: number,
  rise: number,
  length: number,
  far: number,
): void {
  const bottom = height + 1;
  const sun = canvas.linear(
    [
      [0, light.paint(mix(sand, '#fff3da', 0.32), far)],
      [1, light.paint(mix(sand, '#c07a45', 0.16), far)],
    ],
    [0, foot - rise],
    [0, foot + rise],
  );
  const shade = canvas.linear(
    [
      [0, light.paint(mix(sand, '#8a4a34', 0.42), far)],
      [1, light.paint(mix(sand, '#b3683f', 0.2), far)],
    ],
    [0, foot - rise],
    [0, foot + rise * 0.8],
  );
  const count = Math.max(2, Math.min(8, Math.round(width / length) + 1));
  const shift = random.range(-0.5, 0);
  let plain = `M-1 ${num(foot)}H${num(width + 1)}V${num(bottom)}H-1z`;
  let dark = '';
  for (let index = 0; index < count; index++) {
    const x = ((index + 0.5 + shift + random.range(-0.2, 0.2)) / (count - 0.5)) * width;
    const half = length * random.range(0.7, 1);
    const tall = rise * random.range(0.55, 1);
    const top = foot - tall;
    // The wind side rises slowly; beyond the crest the sand falls steeper.
    const slope = `C${num(x - half * 0.5)} ${num(foot)} ${num(x - half * 0.28)} ${num(top + tall * 0.1)} ${num(x)} ${num(top)}`;
    const fall = `C${num(x + half * 0.16)} ${num(top + tall * 0.32)} ${num(x + half * 0.36)} ${num(foot - tall * 0.05)} ${num(x + half * 0.8)} ${num(foot)}`;
    plain += `M${num(x - half)} ${num(foot + 1)}${slope}${fall}V${num(foot + 1)}z`;
    dark += `M${num(x)} ${num(top)}${fall}C${num(x + half * 0.5)} ${num(foot + tall * 0.24)} ${num(x + half * 0.2)} ${num(foot + tall * 0.42)} ${num(x - half * 0.16)} ${num(foot + tall * 0.5)}C${num(x + half * 0.16)} ${num(foot + tall * 0.12)} ${num(x - half * 0.12)} ${num(top + tall * 0.6)} ${num(x)} ${num(top)}z`;
  }
  canvas.path(plain, sun);
  canvas.path(dark, shade);
}

function drawMesas(
  { canvas, width, unit, random, light }: SceneContext,
  colour: string,
  horizon: number,
): void {
  const count = Math.max(2, Math.min(6, Math.round((width / unit) * 1.8)));
  for (let index = 0; index < count; index++) {
    const x = ((index + random.range(0.2, 0.8)) / count) * width;
    const half = unit * random.range(0.08, 0.22);
    const tall = unit * random.range(0.05, 0.13);
    const slope = tall * 0.5;
    canvas.path(
      `M${num(x - half - slope)} ${num(horizon + 1)}l${num(slope * 0.7)} ${num(-tall * 0.45)} ${num(slope * 0.3)} ${num(-tall * 0.55)}h${num(half * 2)}l${num(slope * 0.3)} ${num(tall * 0.55)} ${num(slope * 0.7)} ${num(tall * 0.45)}z`,
      light.paint(colour, random.range(0.55, 0.68)),
    );
  }
}

function defineCactus({ canvas, light }: SceneContext): string {
  const [body, line] = [light.paint('#4c8a5a', 0.02), light.paint('#3a6f4a', 0.02)];
  return canvas.define(
    `<g id="ID" fill="none" stroke-linecap="round"><path d="M0-2V-92M-3-38H-14a8 8 0 0 1-8-8V-66M3-28H13a9 9 0 0 0 9-9V-58" stroke="${body}" stroke-width="13"/><path d="M-2-4V-92M4-6V-90M-22-50V-66M22-42V-58" stroke="${line}" stroke-width="1.5"/></g>`,
  );
}
