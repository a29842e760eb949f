import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import { smoothAreaUnder } from '../drawing/curves';
import { hillLine } from '../drawing/ridges';
import type { Placement, SceneContext } from '../scene';
import { eased } from '../surfaces/gradients';
import { drawSky } from './sky';
import { conifer, heightAt, place, roundTree } from './trees';

const LEAVES = ['#3f7d5a', '#4a8a52', '#3a7a6a', '#5f8f4a'];

/** Rows of trees in the haze, light between them, taller ones at the sides. */
export function drawForest(context: SceneContext): Placement {
  const { canvas, width, height, unit, random, light, asked } = context;
  const leaf = asked[0] ?? random.pick(LEAVES);
  const dark = mix(leaf, '#12302c', 0.5);
  const mixed = random.chance(0.5);
  drawSky(context, height * 0.78, { clouds: 0.2 });
  canvas.fill(
    canvas.radial(
      eased(light.glow, light.time === 'night' ? 0.25 : 0.6),
      width * 0.5,
      height * 0.55,
      Math.max(width * 0.5, height * 0.5),
    ),
  );
  const rows = [
    { far: 0.74, base: 0.66, size: 0.24, gap: 0.055 },
    { far: 0.52, base: 0.72, size: 0.34, gap: 0.085 },
    { far: 0.3, base: 0.8, size: 0.46, gap: 0.14 },
  ];
  for (const [index, row] of rows.entries()) {
    const colour = light.paint(mix(leaf, dark, index * 0.3), row.far);
    const tree = conifer(
      context,
      colour,
      colour,
      light.paint(mix(leaf, dark, 0.4 + index * 0.3), row.far),
    );
    const round = roundTree(context, light.paint(mix(leaf, '#a8b85a', 0.3), row.far), colour);
    const line = hillLine(random, width, height * row.base, unit * 0.04, unit);
    const step = Math.max(unit * row.gap, width / 17);
    for (let x = -step / 2; x < width + step; x += step * random.range(0.7, 1.3)) {
      // The near row leaves the middle open.
      if (index === 2 && Math.abs(x / width - 0.5) < 0.2) continue;
      const size = unit * row.size * random.range(0.75, 1.2);
      place(
        context,
        mixed && index > 0 && random.chance(0.35) ? round : tree,
        x,
        heightAt(line, Math.max(0, x)) + unit * 0.02,
        size,
        random.sign(),
      );
    }
    canvas.path(
      smoothAreaUnder(line, height + 1),
      canvas.inBox([
        [0, light.paint(mix(leaf, '#8fae5e', 0.35), row.far * 0.92)],
        [1, light.paint(mix(leaf, dark, 0.3), row.far * 0.5)],
      ]),
    );
  }
  drawBeams(context);
  const floor = hillLine(random, width, height * 0.87, unit * 0.04, unit);
  canvas.path(
    smoothAreaUnder(floor, height + 1),
    canvas.inBox([
      [0, light.paint(mix(leaf, '#7fa055', 0.4), 0.06)],
      [1, light.paint(dark, 0)],
    ]),
  );
  const near = conifer(
    context,
    light.paint(dark, 0),
    light.paint('#3f2f2a', 0),
    light.paint(mix(dark, '#000000', 0.25), 0),
  );
  for (const side of [0, 1]) {
    for (const [offset, size] of [
      [0.02, 0.86],
      [0.12, 0.66],
    ] as const) {
      const x = side === 0 ? width * (offset - 0.02) : width * (1.02 - offset);
      place(
        context,
        near,
        x,
        height * 0.96,
        Math.min(unit, height) * size * random.range(0.9, 1.1),
        random.sign(),
      );
    }
  }
  return { floor: 0.92, horizon: 0.68, behind: mix(light.paint(leaf, 0.55), light.haze, 0.2) };
}

/** Slanting light between the trees. */
function drawBeams({ canvas, width, height, random, light, unit }: SceneContext): void {
  if (light.time === 'night' || light.time === 'overcast') return;
  const fade = canvas.linear(
    [
      [0, light.glow, 0.34],
      [1, light.glow, 0],
    ],
    [0, 0],
    [0, height * 0.85],
  );
  for (let beam = 0; beam < 4; beam++) {
    const x = width * (0.2 + beam * 0.17) + random.range(-0.04, 0.04) * width;
    const [thin, wide] = [unit * random.range(0.02, 0.05), unit * random.range(0.08, 0.16)];
    const lean = unit * 0.3;
    canvas.path(
      `M${num(x)} 0h${num(thin)}L${num(x + thin - lean + wide)} ${num(height * 0.85)}h${num(-wide)}z`,
      fade,
    );
  }
}
