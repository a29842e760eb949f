import { mix } from '../../colours';
import { areaUnder, polygon, smoothAreaUnder, type Point } from '../drawing/curves';
import { createPeak, hillLine, ridgeLine, type Peak } from '../drawing/ridges';
import type { Placement, SceneContext } from '../scene';
import { drawSky } from './sky';
import { conifer, heightAt, place } from './trees';

const ROCK = ['#5d6f8f', '#6a6f88', '#5f7a86', '#7a6f7f'];
const MEADOW = ['#5f9263', '#6c9a58', '#4f8a6c', '#7b9a55'];

/** Far ridges in the haze, a range of peaks with snow, and hills with trees in front. */
export function drawMountains(context: SceneContext): Placement {
  const { canvas, width, height, unit, random, light, asked } = context;
  const rock = asked[0] ?? random.pick(ROCK);
  const meadow =
    asked[1] ?? (asked[0] === undefined ? random.pick(MEADOW) : mix(asked[0], '#2f4a3a', 0.35));
  const horizon = height * 0.72;
  drawSky(context, horizon, { clouds: 0.5 });
  const length = unit * 0.62;
  for (const [far, base, rise] of [
    [0.78, 0.62, 0.24],
    [0.6, 0.68, 0.24],
  ] as const) {
    const line = ridgeLine(random, width, height * base, unit * rise, length);
    canvas.path(areaUnder(line, height), light.paint(rock, far));
  }
  drawRange(context, rock, horizon);
  const mist = light.paint(meadow, 0.62);
  canvas.path(
    smoothAreaUnder(hillLine(random, width, height * 0.75, unit * 0.09, unit * 0.8), height),
    mist,
  );
  const slope = hillLine(random, width, height * 0.83, unit * 0.1, unit * 0.9);
  canvas.path(smoothAreaUnder(slope, height), light.paint(meadow, 0.34));
  drawTrees(context, slope, light.paint(mix(meadow, '#16382f', 0.6), 0.3), 0.06);
  const front = hillLine(random, width, height * 0.92, unit * 0.07, unit * 1.1);
  canvas.path(
    smoothAreaUnder(front, height),
    canvas.inBox([
      [0, light.paint(meadow, 0.08)],
      [1, light.paint(mix(meadow, '#16382f', 0.4), 0)],
    ]),
  );
  return { floor: 0.93, horizon: 0.72, behind: light.paint(rock, 0.45) };
}

/** Peaks beside each other, the far ones first, each with a shaded side and snow. */
export function drawRange(
  { canvas, width, unit, random, light }: SceneContext,
  rock: string,
  foot: number,
): void {
  const step = unit * random.range(0.42, 0.55);
  const count = Math.max(3, Math.min(9, Math.round(width / step) + 1));
  const peaks: (Peak & { far: number })[] = [];
  for (let index = 0; index < count; index++) {
    const x = ((index + random.range(0.15, 0.85)) / count) * (width * 1.16) - width * 0.08;
    const rise = unit * random.range(0.28, 0.5);
    peaks.push({
      ...createPeak(
        random,
        x,
        foot + unit * 0.1,
        rise + unit * 0.1,
        rise * random.range(0.95, 1.25),
      ),
      far: random.range(0.18, 0.4),
    });
  }
  peaks.sort((a, b) => b.far - a.far);
  const snow = '#f4f8fc';
  for (const peak of peaks) {
    const sun = light.paint(rock, peak.far);
    const dark = light.paint(mix(rock, '#1c2a4a', 0.42), peak.far);
    canvas.path(polygon(peak.outline), sun);
    const middle = peak.outline.findIndex((point) => point.x === peak.x && point.y === peak.y);
    const right = peak.outline.slice(middle);
    canvas.path(polygon([...peak.spine, ...[...right].reverse()]), dark);
    const left = peak.outline.slice(0, middle + 1);
    const cap = (peak.outline[0]!.y - peak.y) * 0.3;
    const [capLeft, capRight, capMiddle] = [
      cutAt(left.slice().reverse(), peak.y + cap),
      cutAt(right, peak.y + cap * 0.92),
      cutAt(peak.spine, peak.y + cap * 0.8),
    ];
    const zigzag = (from: Point, to: Point, teeth: number): Point[] =>
      Array.from({ length: teeth }, (_, index) => {
        const share = (index + 0.5) / teeth;
        return {
          x: from.x + (to.x - from.x) * share,
          y: from.y + (to.y - from.y) * share + cap * (index % 2 === 0 ? 0.32 : -0.14),
        };
      });
    canvas.path(
      polygon([
        ...capLeft.reverse(),
        ...capMiddle.slice(1),
        ...zigzag(capMiddle.at(-1)!, capLeft[0]!, 4),
      ]),
      light.paint(snow, peak.far * 0.5),
    );
    canvas.path(
      polygon([
        ...capMiddle,
        ...zigzag(capMiddle.at(-1)!, capRight.at(-1)!, 3),
        ...capRight.reverse(),
      ]),
      light.paint(mix(snow, '#8fa6cc', 0.5), peak.far * 0.6),
    );
  }
}

/** The part of a line from its top down to a height. */
function cutAt(points: readonly Point[], y: number): Point[] {
  const result: Point[] = [];
  for (const [index, point] of points.entries()) {
    if (point.y < y || index === 0) {
      result.push(point);
      continue;
    }
    const before = points[index - 1]!;
    const share = (y - before.y) / Math.max(0.001, point.y - before.y);
    result.push({ x: before.x + (point.x - before.x) * share, y });
    break;
  }
  return result;
}

function drawTrees(
  context: SceneContext,
  line: readonly Point[],
  colour: string,
  size: number,
): void {
  const { width, unit, random } = context;
  const tree = conifer(context, colour, colour);
  const count = Math.min(22, Math.round((width / unit) * 8));
  for (let index = 0; index < count; index++) {
    // In groups, and not in the middle, where a thing may stand.
    const share = random.chance(0.5) ? random.range(0, 0.36) : random.range(0.64, 1);
    const x = share * width;
    place(context, tree, x, heightAt(line, x) + unit * 0.015, unit * size * random.range(0.7, 1.3));
  }
}
