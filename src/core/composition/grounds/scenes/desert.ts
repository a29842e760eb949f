import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import { areaUnder, polygon, type Point } from '../drawing/curves';
import { createRelief } from '../drawing/relief';
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
  for (let dune = 0; dune < 4; dune++) {
    const share = dune / 3;
    drawDune(
      context,
      sand,
      height * (0.61 + share * 0.27),
      unit * (0.07 + share * 0.07),
      unit * (0.75 + share * 0.4),
      0.4 * (1 - share),
      dune,
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

function drawDune(
  { canvas, width, height, random, light }: SceneContext,
  sand: string,
  base: number,
  rise: number,
  length: number,
  far: number,
  row: number,
): void {
  const relief = createRelief(random);
  const steps = Math.min(64, Math.max(16, Math.ceil((width / length) * 14)));
  const crest: Point[] = Array.from({ length: steps + 3 }, (_, index) => {
    const x = ((index - 1) / steps) * width;
    // Sharp crests: the wind side rises slowly, the other side falls.
    const wave = relief(x / length, row);
    return { x, y: base - rise * (1 - Math.abs(wave) ** 0.85) };
  });
  canvas.path(
    areaUnder(crest, height + 1),
    canvas.linear(
      [
        [0, light.paint(mix(sand, '#fff1d6', 0.22), far)],
        [1, light.paint(mix(sand, '#b06a3c', 0.2), far)],
      ],
      [0, base - rise],
      [0, base + rise * 1.6],
    ),
  );
  // The shaded side hangs below the falling parts of the crest.
  let shade: Point[] = [];
  const dark = light.paint(mix(sand, '#7a3f30', 0.4), far);
  const flush = (): void => {
    if (shade.length > 2) {
      const last = shade.at(-1)!;
      const first = shade[0]!;
      canvas.path(
        polygon([
          ...shade,
          { x: first.x + (last.x - first.x) * 0.45, y: last.y + (last.y - first.y) * 0.35 },
          { x: first.x + (last.x - first.x) * 0.12, y: first.y + (last.y - first.y) * 0.8 },
        ]),
        dark,
        'opacity="0.75"',
      );
    }
    shade = [];
  };
  for (const [index, point] of crest.entries()) {
    const before = crest[index - 1];
    if (before !== undefined && point.y > before.y + rise * 0.004) {
      if (shade.length === 0) shade.push(before);
      shade.push(point);
    } else flush();
  }
  flush();
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
