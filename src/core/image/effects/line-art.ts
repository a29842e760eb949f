import type { RgbaImage } from '../pixels';
import type { EffectOptions } from './effect';
import { labOfHex, over, paint, toLab, type Lab, type LabImage } from './lab-image';
import { WHITE } from './palette';
import { blur, clamp01, mapPlane, smoothStep, type Plane } from './planes';
import { coverage, edgeDistance, findRegions, isScene, unitOf } from './regions';
import { withFullTones } from './tones';

const INK: Lab = [0, 0, 0];
/** Half the width of lines, in units. */
const OUTER = 2;
const INNER = 1.25;
/** A change of colour, in OKLab over one unit, that makes no line, and one that makes a whole one. */
const SOFT = 0.012;
const SHARP = 0.03;

/** Line art: black lines around the subject and between its colours, white inside. */
export function lineArt(image: RgbaImage, { background }: EffectOptions): RgbaImage {
  const { outer, inner, inside } = findLines(image);
  const behind = background === undefined ? 0 : 1;
  const ground = background === undefined ? WHITE : labOfHex(background);
  return paint(image, (i) => {
    const [colour, opacity] = over(WHITE, inside.values[i]!, ground, behind);
    return over(INK, Math.max(outer.values[i]!, inner.values[i]!), colour, opacity);
  });
}

export interface Lines {
  /** Around the subject; 0 to 1. */
  readonly outer: Plane;
  /** Between its colours; 0 to 1. */
  readonly inner: Plane;
  /** The subject's smooth area; 0 to 1. */
  readonly inside: Plane;
}

/** Finds the lines that a pen would draw. */
export function findLines(image: RgbaImage, weight = 1): Lines {
  const given = toLab(image);
  // Dark scenes have small steps between their colours.
  const source = isScene(given) ? withFullTones(given) : given;
  const unit = unitOf(image);
  const edge = edgeDistance(source, 2);
  const regions = findRegions(source, { count: 9, apart: 0.07, smooth: 1.6 });
  const change = colourChange(source, unit);
  const line = (distance: number, half: number) =>
    half <= 0 ? 0 : clamp01(half - Math.abs(distance) + 0.5) * clamp01(half * 2);
  return {
    outer: mapPlane(image, (i) => line(edge.values[i]!, Math.max(0.5, OUTER * unit * weight))),
    inner: mapPlane(image, (i) => {
      if (regions.distance[i]! > regions.reach * 0.9) return 0;
      const half = INNER * unit * weight * smoothStep(SOFT, SHARP, change.values[i]!);
      return line(regions.distance[i]!, half) * coverage(edge.values[i]!);
    }),
    inside: mapPlane(image, (i) => coverage(edge.values[i]!)),
  };
}

/** How much the colour changes around each pixel, in OKLab over one unit. */
function colourChange(source: LabImage, unit: number): Plane {
  const { width, height } = source;
  const planes = [source.lightness, source.a, source.b].map((values) =>
    blur({ width, height, values }, 1.2 * unit),
  );
  const step = Math.max(1, Math.round(unit));
  const change = mapPlane(source, (i) => {
    const x = i % width;
    const y = (i - x) / width;
    const left = y * width + Math.max(0, x - step);
    const right = y * width + Math.min(width - 1, x + step);
    const up = Math.max(0, y - step) * width + x;
    const down = Math.min(height - 1, y + step) * width + x;
    let sum = 0;
    for (const { values } of planes) {
      sum += (values[right]! - values[left]!) ** 2 + (values[down]! - values[up]!) ** 2;
    }
    return Math.sqrt(sum) / 2;
  });
  return blur(change, 1.5 * unit);
}
