import type { RgbaImage } from '../pixels';
import type { EffectOptions } from './effect';
import { labOfHex, paint, toLab, type Lab } from './lab-image';
import { findLines } from './line-art';
import { noisePlane } from './noise';
import { blur, clamp01, mapPlane, sample, smoothStep, type Plane } from './planes';
import { flattened, isScene, unitOf } from './regions';
import { withFullTones } from './tones';
import { resizePlane } from './planes';

const GRAPHITE: Lab = [0.3, 0, -0.004];
/** Layers of parallel strokes: each adds where the subject is darker than its tone. */
const LAYERS = [
  { angle: 0.86, below: 0.93, period: 4.2 },
  { angle: 2.3, below: 0.68, period: 4.6 },
  { angle: 0.15, below: 0.46, period: 3.8 },
  { angle: 1.55, below: 0.3, period: 3.6 },
] as const;

/** Pencil: soft grey lines drawn twice, strokes crossed more often where it is darker, on grained paper. */
export function pencil(image: RgbaImage, { seed, background }: EffectOptions): RgbaImage {
  const unit = unitOf(image);
  const given = toLab(image);
  const source = isScene(given) ? withFullTones(given) : given;
  const lines = findLines(image, 0.62);
  const flat = flattened(source);
  const tone = resizePlane(
    blur({ ...flat, values: flat.lightness }, unitOf(flat)),
    image.width,
    image.height,
  );
  const grain = noisePlane(image, {
    seed: seed + 3,
    cell: Math.max(1, 1.1 * unit),
    octaves: 1,
  }).values;
  const tooth = noisePlane(image, {
    seed: seed + 5,
    cell: Math.max(1, 2.6 * unit),
    octaves: 2,
  }).values;
  const hatching = LAYERS.map((layer, index) =>
    strokes(image, { ...layer, seed: seed + index * 31, unit }),
  );
  const wander = [17, 19].map(
    (offset) => noisePlane(image, { seed: seed + offset, cell: 30 * unit, octaves: 2 }).values,
  );
  const ground = background === undefined ? undefined : labOfHex(background);
  const { width } = image;
  return paint(image, (i, x, y) => {
    const inside = lines.inside.values[i]!;
    const dx = wander[0]![i]! * 2.2 * unit;
    const dy = wander[1]![i]! * 2.2 * unit;
    const twice = (plane: Plane) =>
      Math.max(
        sample(plane, x + dx, y + dy) * 0.95,
        sample(plane, x - dy * 0.9 + unit * 0.8, y + dx * 0.9 - unit * 0.6) * 0.6,
      );
    const contour = Math.max(twice(lines.outer), twice(lines.inner) * 0.85);
    const light = tone.values[y * width + x]!;
    let shaded = 0.1 * smoothStep(0.98, 0.4, light) + 0.32 * smoothStep(0.45, 0.1, light);
    for (const [index, { below }] of LAYERS.entries()) {
      const need = smoothStep(below, below - 0.3, light);
      shaded = Math.max(shaded, 1 - (1 - shaded) * (1 - hatching[index]!.values[i]! * need * 0.62));
    }
    const rough = 0.8 + grain[i]! * 0.34 + tooth[i]! * 0.22;
    const graphite = clamp01(Math.max(contour * 0.9, shaded * inside * 0.95) * rough);
    const paper: Lab = ground
      ? [ground[0] * (0.975 + grain[i]! * 0.012), ground[1], ground[2] + 0.004]
      : [0.975 + grain[i]! * 0.012, 0, 0.004];
    const covered = ground ? 1 : Math.max(inside, graphite);
    return [
      [
        paper[0] + (GRAPHITE[0] - paper[0]) * graphite,
        paper[1] * (1 - graphite),
        paper[2] * (1 - graphite),
      ],
      covered,
    ];
  });
}

interface Strokes {
  readonly angle: number;
  readonly period: number;
  readonly seed: number;
  readonly unit: number;
}

/** Parallel pencil strokes: lines that wander a little, and are pressed more and less along their length. */
function strokes(size: RgbaImage, { angle, period, seed, unit }: Strokes): Plane {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const wander = noisePlane(size, { seed, cell: 34 * unit, octaves: 2 }).values;
  const press = noisePlane(size, { seed: seed + 1, cell: 22 * unit, octaves: 2 }).values;
  const { width } = size;
  const spacing = Math.max(2, period * unit);
  return mapPlane(size, (i) => {
    const x = i % width;
    const y = (i - x) / width;
    const across = (x * sin - y * cos) / spacing + wander[i]! * 0.9;
    const off = Math.abs(across - Math.round(across)) * 2;
    const pressed = 0.75 + press[i]! * 0.5;
    return smoothStep(0.85, 0.15, off) * clamp01(pressed);
  });
}
