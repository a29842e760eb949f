import { mix, ramp } from '../../colours';
import { num } from '../drawing/canvas';
import { polygon, smoothAreaUnder, type Point } from '../drawing/curves';
import { hillLine } from '../drawing/ridges';
import type { Placement, SceneContext } from '../scene';
import { drawSky } from './sky';
import { heightAt, place, roundTree } from './trees';

const GREENS = [
  ['#8fc07a', '#4f9a5b'],
  ['#a9c66c', '#5d9a4a'],
  ['#7fbf95', '#3f8f74'],
  ['#c4c873', '#7fa04c'],
];

/** Round hills behind each other, with trees on two of them. */
export function drawHills(context: SceneContext): Placement {
  const { canvas, width, height, unit, random, light, asked } = context;
  const [far, near] =
    asked.length > 0
      ? [mix(asked[0]!, '#ffffff', 0.2), asked[1] ?? asked[0]!]
      : random.pick(GREENS);
  drawSky(context, height * 0.66, { clouds: 0.8 });
  const count = 5;
  const colours = ramp([far!, near!], count);
  const tree = roundTree(
    context,
    light.paint(mix(near!, '#1d4a35', 0.45), 0.15),
    light.paint('#6b4a35', 0.2),
  );
  for (const [index, colour] of colours.entries()) {
    const share = index / (count - 1);
    const rise = unit * (0.12 + 0.05 * Math.sin(index * 2));
    const line = hillLine(
      random,
      width,
      height * (0.63 + share * 0.3),
      rise,
      unit * (0.7 + share * 0.6),
    );
    const haze = (1 - share) ** 1.3 * 0.62;
    canvas.path(
      smoothAreaUnder(line, height + 1),
      canvas.inBox([
        [0, light.paint(mix(colour, '#ffffff', 0.1), haze)],
        [0.6, light.paint(mix(colour, '#24543c', 0.18), haze)],
      ]),
    );
    if (index === 2 || index === 3) {
      for (let many = Math.min(10, Math.round((width / unit) * 3)); many > 0; many--) {
        const x =
          width * (random.chance(0.5) ? random.range(0.02, 0.34) : random.range(0.66, 0.98));
        place(
          context,
          tree,
          x,
          heightAt(line, x) + unit * 0.01,
          unit * (index === 2 ? 0.07 : 0.12) * random.range(0.75, 1.2),
        );
      }
    }
  }
  return { floor: 0.92, horizon: 0.6, behind: light.paint(colours[1]!, 0.5) };
}

const CROPS = [
  ['#8fb54e', '#6f9a3e', '#c9b45c'],
  ['#d9b451', '#c29a3f', '#93ad55'],
  ['#9a86c4', '#7f6bb0', '#8fa863'],
  ['#7fae5a', '#5f944a', '#d9c06a'],
];

/** Furrows that run to a point on the horizon, with far fields and a line of trees. */
export function drawFields(context: SceneContext): Placement {
  const { canvas, width, height, unit, random, light, asked } = context;
  const crops = random.pick(CROPS);
  const crop = asked[0] ?? crops[0]!;
  const second = asked[1] ?? (asked[0] === undefined ? crops[1]! : mix(asked[0], '#27422a', 0.22));
  const other = crops[2]!;
  const horizon = height * 0.56;
  drawSky(context, horizon, { clouds: 0.9 });
  canvas.path(
    smoothAreaUnder(
      hillLine(random, width, horizon + unit * 0.01, unit * 0.09, unit * 0.8),
      height,
    ),
    light.paint('#5f8a72', 0.66),
  );
  const far = hillLine(random, width, horizon + unit * 0.03, unit * 0.045, unit * 0.9);
  canvas.path(smoothAreaUnder(far, height), light.paint(mix(other, '#6f9460', 0.4), 0.45));
  const tree = roundTree(context, light.paint('#4a7a4c', 0.35), light.paint('#6b4a35', 0.4));
  for (let many = Math.min(16, Math.round((width / unit) * 6)); many > 0; many--) {
    const x = random.range(0, width);
    place(context, tree, x, heightAt(far, x) + unit * 0.012, unit * random.range(0.035, 0.065));
  }
  // Strips of another crop across, then the near field.
  const edge = horizon + (height - horizon) * 0.16;
  canvas.rect(0, horizon + (height - horizon) * 0.09, width, height, light.paint(other, 0.28));
  canvas.rect(0, edge, width, height - edge + 1, light.paint(crop, 0.06));
  const vanish: Point = { x: width * random.range(0.38, 0.62), y: horizon };
  const step = Math.max(unit * 0.2, (height - edge) * 0.26);
  const reach = (height - horizon) / (edge - horizon);
  const count = Math.min(34, Math.ceil((width * reach) / step / 2) + 1);
  let d = '';
  for (let furrow = -count; furrow <= count; furrow++) {
    const [a, b] = [vanish.x + (furrow - 0.25) * step, vanish.x + (furrow + 0.25) * step];
    const at = (x: number): number => vanish.x + (x - vanish.x) / reach;
    if (Math.max(a, at(a)) < -step * 3 && b < -width) continue;
    d += polygon([
      { x: at(a), y: edge },
      { x: at(b), y: edge },
      { x: b, y: height + 1 },
      { x: a, y: height + 1 },
    ]);
  }
  canvas.path(
    d,
    canvas.linear(
      [
        [0, light.paint(second, 0.3)],
        [1, light.paint(second, 0)],
      ],
      [0, edge],
      [0, height],
    ),
  );
  canvas.rect(
    0,
    edge,
    width,
    height - edge + 1,
    canvas.linear(
      [
        [0, light.haze, 0.35],
        [0.4, light.haze, 0.08],
        [1, light.paint('#24402a', 0), 0.28],
      ],
      [0, edge],
      [0, height],
    ),
  );
  return {
    floor: 0.9,
    horizon: Number(num(horizon / height, 3)),
    behind: mix(light.paint(crop, 0.1), light.haze, 0.4),
  };
}
