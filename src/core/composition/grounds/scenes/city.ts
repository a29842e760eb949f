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
  drawSky(context, ground, { clouds: 0.5 });
  const dark = light.time === 'night' || light.time === 'sunset' || light.time === 'dawn';
  const rows = [
    { far: 0.7, low: 0.26, high: 0.56, wide: 0.1, windows: 0 },
    { far: 0.45, low: 0.2, high: 0.48, wide: 0.12, windows: 0.5 },
    { far: 0.16, low: 0.1, high: 0.34, wide: 0.15, windows: 1 },
  ];
  for (const [index, row] of rows.entries()) {
    const cell = Math.max(3, Math.round(unit * 0.018 * (1 + index * 0.15)));
    const glass = dark
      ? windowPattern(
          context,
          cell,
          light.shine('#ffd98a'),
          mix(light.paint(tower, row.far), '#000000', 0.14),
          light.time === 'night' ? 0.5 : 0.3,
        )
      : windowPattern(
          context,
          cell,
          light.paint('#dcecf7', row.far * 0.6),
          light.paint(mix(tower, '#20304f', 0.3), row.far),
          0.55,
        );
    const step = Math.max(unit * row.wide, width / 26);
    for (let x = -step * 0.5; x < width;) {
      const w = Math.max(cell * 3, Math.round((step * random.range(0.6, 1.25)) / cell) * cell);
      // Lower in the middle of the near row: there a thing may stand.
      const side = index === 2 ? Math.min(1, 0.45 + Math.abs((x + w / 2) / width - 0.5) * 1.6) : 1;
      const tall = Math.min(unit, height) * random.range(row.low, row.high) * 1.25 * side;
      const own = mix(
        tower,
        random.pick(['#8a6f7f', '#4a6a8f', '#7f8aa0', '#5a5f85']),
        asked.length > 0 ? 0.08 : 0.3,
      );
      drawBuilding(
        context,
        x,
        ground,
        w,
        tall,
        light.paint(own, row.far),
        light.paint(mix(own, '#16213f', 0.3), row.far),
        row.windows > 0 ? glass : undefined,
        cell,
        row.windows,
      );
      x += w + (random.chance(0.25) ? cell : 0);
    }
    // Haze between the rows, thicker near the ground.
    if (index < 2) {
      canvas.rect(
        0,
        ground - height * 0.4,
        width,
        height * 0.4,
        canvas.linear(
          [
            [0, light.haze, 0],
            [1, light.haze, 0.45],
          ],
          [0, ground - height * 0.4],
          [0, ground],
        ),
      );
    }
  }
  drawStreet(context, ground);
  return { floor: 0.95, horizon: 0.88, behind: mix(light.paint(tower, 0.45), light.haze, 0.25) };
}

/** A small tile of windows, some lit, as a fill. */
function windowPattern(
  { canvas, random }: SceneContext,
  cell: number,
  lit: string,
  unlit: string,
  share: number,
): string {
  const [columns, rows] = [5, 7];
  let [on, off] = ['', ''];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const d = `M${num(column * cell + cell * 0.25)} ${num(row * cell * 1.5 + cell * 0.4)}h${num(cell * 0.5)}v${num(cell * 0.75)}h${num(-cell * 0.5)}z`;
      if (random.chance(share)) on += d;
      else off += d;
    }
  }
  const id = canvas.define(
    `<pattern id="ID" width="${columns * cell}" height="${num(rows * cell * 1.5)}" patternUnits="userSpaceOnUse"><path d="${off}" fill="${unlit}"/><path d="${on}" fill="${lit}"/></pattern>`,
  );
  return `url(#${id})`;
}

function drawBuilding(
  { canvas, random }: SceneContext,
  x: number,
  ground: number,
  width: number,
  tall: number,
  front: string,
  side: string,
  glass: string | undefined,
  cell: number,
  strength: number,
): void {
  const top = ground - tall;
  canvas.path(
    `M${num(x)} ${num(ground)}V${num(top)}${roof(random, width, tall, cell)}V${num(ground)}z`,
    front,
  );
  canvas.rect(x + width * 0.72, top, width * 0.28, tall, side, 'opacity="0.45"');
  if (glass === undefined) return;
  const inset = Math.min(cell, width * 0.12);
  const floors = Math.floor((tall - cell * 2) / (cell * 1.5)) * cell * 1.5;
  if (floors <= 0) return;
  // The pattern starts at 0, 0 of the group, so that no window is cut.
  const columns = Math.floor((width - inset * 2) / cell) * cell;
  if (columns <= 0) return;
  canvas.add(
    `<rect width="${num(columns)}" height="${num(floors)}" fill="${glass}" transform="translate(${num(x + (width - columns) / 2)} ${num(top + cell)})" opacity="${num(0.35 + strength * 0.55, 2)}"/>`,
  );
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
  const step = unit * 0.16;
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
