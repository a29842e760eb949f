import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import type { Random } from '../../random';
import type { Placement, SceneContext } from '../scene';
import { drawSky } from './sky';
import { place, roundTree } from './trees';

const TOWERS = ['#5f7396', '#6b7590', '#57809a', '#7d7590'];

/** Three rows of buildings with windows, and a street with trees in front. */
export function drawCity(context: SceneContext): Placement {
  const { canvas, width, height, unit, random, light, asked } = context;
  const tower = asked[0] ?? random.pick(TOWERS);
  const ground = height * 0.88;
  // Above the towers, or they would cut it.
  const high = light.time === 'night' || light.time === 'day' ? 0.13 : undefined;
  drawSky(context, ground, { clouds: 0.5, sunAt: high });
  const rows = [
    { far: 0.68, low: 0.34, high: 0.74, wide: 0.1, windows: 0 },
    { far: 0.42, low: 0.24, high: 0.6, wide: 0.12, windows: 0.6 },
    { far: 0.12, low: 0.12, high: 0.42, wide: 0.15, windows: 0.95 },
  ];
  for (const [index, row] of rows.entries()) {
    const cell = Math.max(3, Math.round(unit * 0.017 * (1 + index * 0.15)));
    drawRow(context, {
      ...row,
      tower,
      ground,
      cell,
      dip: index === 2,
      glass: glass(context, tower, row.far, cell),
    });
    // Haze between the rows, thicker near the ground.
    if (index < 2) {
      const from = ground - height * 0.45;
      canvas.rect(
        0,
        from,
        width,
        height * 0.45,
        canvas.linear(
          [
            [0, light.haze, 0],
            [1, light.haze, 0.42],
          ],
          [0, from],
          [0, ground],
        ),
      );
    }
  }
  drawStreet(context, ground);
  return { floor: 0.95, horizon: 0.88, behind: mix(light.paint(tower, 0.45), light.haze, 0.25) };
}

/** Windows as a fill: at night many are lit, by day they mirror the sky. */
function glass(context: SceneContext, tower: string, far: number, cell: number): string {
  const { light } = context;
  if (light.time === 'day' || light.time === 'overcast') {
    return windows(
      context,
      cell,
      light.paint('#dcecf7', far * 0.6),
      light.paint(mix(tower, '#20304f', 0.3), far),
      0.55,
    );
  }
  const unlit = mix(light.paint(tower, far), '#000000', 0.16);
  return windows(context, cell, light.shine('#ffd98a'), unlit, light.time === 'night' ? 0.5 : 0.3);
}

/** A tile of five by seven windows, some lit, that lies on whole cells of the image. */
function windows(
  { canvas, random }: SceneContext,
  cell: number,
  lit: string,
  unlit: string,
  share: number,
): string {
  let [on, off] = ['', ''];
  for (let row = 0; row < 7; row++) {
    for (let column = 0; column < 5; column++) {
      const d = `M${num(column * cell + cell * 0.25)} ${num(row * cell * 1.5 + cell * 0.4)}h${num(cell * 0.5)}v${num(cell * 0.75)}h${num(-cell * 0.5)}z`;
      if (random.chance(share)) on += d;
      else off += d;
    }
  }
  const size = `width="${cell * 5}" height="${num(cell * 10.5)}"`;
  const id = canvas.define(
    `<pattern id="ID" ${size} patternUnits="userSpaceOnUse"><path d="${off}" fill="${unlit}"/><path d="${on}" fill="${lit}"/></pattern>`,
  );
  return `url(#${id})`;
}

interface Row {
  readonly tower: string;
  readonly ground: number;
  readonly far: number;
  /** Heights as shares of the unit. */
  readonly low: number;
  readonly high: number;
  readonly wide: number;
  /** How strong the windows are; 0: none. */
  readonly windows: number;
  readonly glass: string;
  /** The width of a window with its frame, in pixels. Buildings are whole cells wide. */
  readonly cell: number;
  /** Lower in the middle, where a thing may stand. */
  readonly dip: boolean;
}

/** Buildings beside each other: one path for each tone, one for the shaded sides, one for all windows. */
function drawRow(
  { canvas, width, height, unit, random, light, asked }: SceneContext,
  row: Row,
): void {
  const { cell, ground } = row;
  const tones = ['#8a6f7f', '#4a6a8f', '#7f8aa0', '#5a5f85'].map((other) =>
    light.paint(mix(row.tower, other, asked.length > 0 ? 0.08 : 0.32), row.far),
  );
  const fronts = tones.map(() => '');
  let [sides, panes] = ['', ''];
  const step = Math.max(unit * row.wide, width / 18);
  for (let x = -cell * random.int(1, 3); x < width;) {
    const wide = Math.max(3, Math.round((step * random.range(0.6, 1.25)) / cell)) * cell;
    const middle = Math.abs((x + wide / 2) / width - 0.5);
    const dip = row.dip ? Math.min(1, 0.5 + middle * 1.5) : 1;
    const tall = Math.min(unit, height) * random.range(row.low, row.high) * dip;
    const top = Math.round((ground - tall) / (cell * 1.5)) * cell * 1.5;
    const tone = random.int(0, tones.length - 1);
    fronts[tone] =
      `${fronts[tone] ?? ''}M${num(x)} ${num(ground)}V${num(top)}${roof(random, wide, tall, cell)}V${num(ground)}z`;
    const side = Math.max(1, Math.round((wide / cell) * 0.28)) * cell;
    sides += `M${num(x + wide - side)} ${num(top)}h${num(side)}V${num(ground)}h${num(-side)}z`;
    const floors = Math.floor((ground - top - cell * 1.5) / (cell * 1.5)) * cell * 1.5;
    if (floors > 0 && wide > cell * 2) {
      const inset = wide > cell * 3 ? cell : 0;
      panes += `M${num(x + inset)} ${num(top + cell * 1.5)}h${num(wide - inset * 2)}v${num(floors)}h${num(inset * 2 - wide)}z`;
    }
    x += wide + (random.chance(0.25) ? cell : 0);
  }
  for (const [index, d] of fronts.entries()) canvas.path(d, tones[index]!);
  canvas.path(sides, light.paint(mix(row.tower, '#16213f', 0.4), row.far), 'opacity="0.35"');
  if (row.windows > 0) canvas.path(panes, row.glass, `opacity="${num(row.windows, 2)}"`);
}

/** The top edge of a building from left to right, relative to its top left corner. */
function roof(random: Random, width: number, tall: number, cell: number): string {
  const w = (share: number): string => num(width * share);
  const up = Math.min(tall * 0.14, width * 0.4);
  switch (random.pick(['flat', 'flat', 'step', 'mast', 'slant', 'gable', 'dome', 'box'])) {
    case 'step':
      return `h${w(0.2)}v${num(-up)}h${w(0.6)}v${num(up)}h${w(0.2)}`;
    case 'mast': {
      const mast = num(Math.max(0.8, cell * 0.14));
      return `h${w(0.3)}v${num(-up * 0.6)}h${w(0.2)}v${num(-up * 1.4)}h${mast}v${num(up * 1.4)}h${num(width * 0.2 - Number(mast))}v${num(up * 0.6)}h${w(0.3)}`;
    }
    case 'slant':
      return `l${w(1)} ${num(-up)}v${num(up)}`;
    case 'gable':
      return `l${w(0.5)} ${num(-up)} ${w(0.5)} ${num(up)}`;
    case 'dome':
      return `h${w(0.15)}c0 ${num(-up * 1.2)} ${w(0.7)} ${num(-up * 1.2)} ${w(0.7)} 0h${w(0.15)}`;
    case 'box':
      return `h${w(0.55)}v${num(-cell)}h${w(0.25)}v${num(cell)}h${w(0.2)}`;
    default:
      return `h${w(1)}`;
  }
}

function drawStreet(context: SceneContext, ground: number): void {
  const { canvas, width, height, unit, random, light } = context;
  const depth = height - ground;
  const tree = roundTree(context, light.paint('#5f9068', 0.08), light.paint('#5a4538', 0.08));
  const bush = light.paint('#4f8060', 0.06);
  const step = Math.max(unit * 0.16, width / 16);
  for (let x = step / 2; x < width; x += step * random.range(0.8, 1.5)) {
    if (Math.abs(x / width - 0.5) < 0.14) continue;
    place(context, tree, x, ground + depth * 0.1, unit * random.range(0.07, 0.1), random.sign());
  }
  canvas.rect(0, ground, width, depth + 1, light.paint('#8a94a3', 0.05));
  canvas.rect(0, ground, width, depth * 0.22, bush);
  canvas.rect(
    0,
    ground + depth * 0.34,
    width,
    depth * 0.66 + 1,
    canvas.inBox([
      [0, light.paint('#5d6675', 0.06)],
      [1, light.paint('#4a5263', 0)],
    ]),
  );
  const dash = Math.max(2, unit * 0.06);
  canvas.line(
    `M0 ${num(ground + depth * 0.7)}h${num(width)}`,
    light.paint('#f1ead2', 0),
    Math.max(0.7, depth * 0.045),
    `stroke-dasharray="${num(dash)} ${num(dash)}" opacity="0.8"`,
  );
}
