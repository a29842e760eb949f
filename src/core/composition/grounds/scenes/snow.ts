import { mix } from '../../colours';
import { num } from '../drawing/canvas';
import { areaUnder, smoothAreaUnder } from '../drawing/curves';
import { hillLine, ridgeLine } from '../drawing/ridges';
import type { Placement, SceneContext } from '../scene';
import { drawSky } from './sky';
import { drawRange } from './mountains';
import { conifer, heightAt, place } from './trees';

/** White hills with snowy pines below a range of mountains, and falling snow. */
export function drawSnow(context: SceneContext): Placement {
  const { canvas, width, height, unit, random, light, asked } = context;
  const snow = asked[0] ?? '#f2f7fc';
  const shadow = mix(snow, random.pick(['#8fb0d8', '#9aa8d6', '#86b8d0']), 0.5);
  const pine = asked[1] ?? '#3f6a66';
  drawSky(context, height * 0.64, { clouds: 0.5 });
  canvas.path(
    areaUnder(ridgeLine(random, width, height * 0.64, unit * 0.26, unit * 0.6), height),
    light.paint(mix(shadow, '#6f8ab5', 0.4), 0.6),
  );
  drawRange(context, mix(shadow, '#5f779c', 0.62), height * 0.66);
  for (let hill = 0; hill < 4; hill++) {
    const share = hill / 3;
    const far = 0.42 * (1 - share);
    const line = hillLine(
      random,
      width,
      height * (0.66 + share * 0.26),
      unit * 0.09,
      unit * (0.8 + share * 0.3),
    );
    if (hill < 3) {
      const tree = conifer(
        context,
        light.paint(mix(pine, snow, 0.12), far),
        light.paint('#5a4538', far),
        light.paint(mix(pine, snow, 0.62), far * 0.7),
      );
      const count = Math.min(9, Math.round((width / unit) * (5.5 - hill)));
      for (let index = 0; index < count; index++) {
        const x =
          width *
          (hill === 0
            ? random.next()
            : random.chance(0.5)
              ? random.range(0, 0.32)
              : random.range(0.68, 1));
        place(
          context,
          tree,
          x,
          heightAt(line, x) + unit * 0.02,
          unit * (0.09 + hill * 0.07) * random.range(0.75, 1.25),
          random.sign(),
        );
      }
    }
    canvas.path(
      smoothAreaUnder(line, height + 1),
      canvas.inBox([
        [0, light.paint(snow, far * 0.6)],
        [1, light.paint(shadow, far)],
      ]),
    );
  }
  drawFlakes(context);
  return { floor: 0.92, horizon: 0.64, behind: light.paint(mix(snow, shadow, 0.5), 0.3) };
}

function drawFlakes({ canvas, width, height, unit, random }: SceneContext): void {
  const many = Math.min(44, Math.round(44 * Math.max(1, (width / unit) * 0.6)));
  for (const [share, size, opacity] of [
    [0.5, 0.006, 0.6],
    [0.35, 0.01, 0.75],
    [0.15, 0.016, 0.85],
  ] as const) {
    let d = '';
    for (let flake = 0; flake < many * share; flake++) {
      d += `M${num(random.next() * width)} ${num(random.next() * height * 0.95)}h0`;
    }
    canvas.line(
      d,
      '#ffffff',
      Math.max(0.8, unit * size),
      `stroke-linecap="round" opacity="${opacity}"`,
    );
  }
}
