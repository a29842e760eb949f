import type { RgbaImage } from '../pixels';
import type { EffectOptions } from './effect';
import { flowOf } from './flow';
import { labOfHex, spreadColours, toLab, paint, type Lab, type LabImage } from './lab-image';
import { noisePlane, randomNumbers } from './noise';
import { blur, clamp01, mapPlane, smoothStep, type Plane } from './planes';
import { edgeDistance, coverage, flattened, unitOf } from './regions';
import { fitInside } from './place';
import { resizeLab, planesOf } from './lab-image';

/** Brushes, in units: half their width, and the length of a stroke. Wide ones paint first. */
const BRUSHES = [
  { half: 9, length: 46, cover: 1.7 },
  { half: 5, length: 30, cover: 1.5 },
  { half: 2.6, length: 17, cover: 1.3 },
] as const;

/** The colour and the height of the paint. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly lightness: Float32Array;
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly relief: Float32Array;
}

/**
 * Oil painting: strokes of three brushes, wide ones first, along the edges of the subject (after Hertzmann,
 * Painterly rendering with curved brush strokes of multiple sizes, 1998), with bristles and light on the relief.
 */
export function oil(image: RgbaImage, { seed, background, fixed }: EffectOptions): RgbaImage {
  const unit = unitOf(image);
  const given = toLab(image);
  const isCutOut = given.opacity.some((value) => value < 0.5);
  const source = isCutOut && !fixed ? fitInside(given, 6 * unit) : given;
  const behind = background === undefined ? undefined : labOfHex(background);
  const subject = resizeLab(flattened(source), image.width, image.height);
  const scene = behind ? onGround(subject, behind) : spreadColours(subject, 6 * unit);
  const canvas: Canvas = {
    width: image.width,
    height: image.height,
    lightness: scene.lightness.slice(),
    a: scene.a.slice(),
    b: scene.b.slice(),
    relief: new Float32Array(image.width * image.height),
  };
  paintStrokes(canvas, scene, { seed, unit });
  const lit = lightOf(canvas, unit);
  const edge = behind ? undefined : raggedEdge(source, { seed, unit });
  return paint(image, (i) => {
    const colour: Lab = [
      clamp01(canvas.lightness[i]! + lit.values[i]!),
      canvas.a[i]!,
      canvas.b[i]!,
    ];
    return [colour, edge ? coverage(edge.values[i]!) : 1];
  });
}

/** The subject in front of a ground that is painted too: not of one tone. */
function onGround(subject: LabImage, [lightness, a, b]: Lab): LabImage {
  const { opacity } = subject;
  const mix = (values: Float32Array, ground: number) =>
    values.map((value, i) => ground + (value - ground) * opacity[i]!);
  return {
    ...subject,
    lightness: mix(subject.lightness, Math.min(0.965, lightness)),
    a: mix(subject.a, a),
    b: mix(subject.b, b + 0.012),
    opacity: opacity.map(() => 1),
  };
}

interface Making {
  readonly seed: number;
  readonly unit: number;
}

function paintStrokes(canvas: Canvas, scene: LabImage, { seed, unit }: Making): void {
  const random = randomNumbers(seed + 101);
  const { width, height } = canvas;
  const flow = flowOf(scene, seed);
  const detail = detailOf(scene, unit);
  for (const [layer, { half, length, cover }] of BRUSHES.entries()) {
    const reach = Math.max(0.7, half * unit);
    const long = Math.max(2, length * unit);
    const count = Math.ceil((width * height * cover) / (reach * 2 * long)) * (layer === 0 ? 2 : 1);
    for (let stroke = 0; stroke < count; stroke++) {
      const x = random() * width;
      const y = random() * height;
      const at = Math.floor(y) * width + Math.floor(x);
      const tint = [random(), random(), random()] as const;
      const [size, bristles] = [random(), random()];
      // Small brushes paint only where there is something small, and here and there besides.
      if (layer > 0 && detail.values[at]! < (layer === 1 ? 0.1 : 0.22) && size > 0.3 / layer)
        continue;
      const colour: Lab = [
        scene.lightness[at]! + (tint[0] - 0.5) * 0.085,
        scene.a[at]! * (0.9 + tint[1] * 0.25) + (tint[1] - 0.5) * 0.022,
        scene.b[at]! * (0.9 + tint[2] * 0.25) + (tint[2] - 0.5) * 0.022,
      ];
      drawStroke(canvas, scene, {
        x,
        y,
        colour,
        flow,
        reach: reach * (0.75 + size * 0.5),
        long: long * (0.7 + tint[0] * 0.6),
        bristles: Math.floor(bristles * 1e6),
      });
    }
  }
}

interface Stroke {
  readonly x: number;
  readonly y: number;
  readonly colour: Lab;
  readonly flow: { readonly cos: Plane; readonly sin: Plane };
  readonly reach: number;
  readonly long: number;
  readonly bristles: number;
}

/** How unlike its own colour the subject may become before a stroke ends, in OKLab. */
const STOP = 0.13;

/** Follows the flow from the middle of the stroke to both ends, then lays the paint down. */
function drawStroke(canvas: Canvas, scene: LabImage, stroke: Stroke): void {
  const { width, height } = canvas;
  const { reach, long, flow, colour } = stroke;
  const step = Math.max(0.7, reach * 0.35);
  const half = Math.max(1, Math.round(long / 2 / step));
  const follow = (sign: number) => {
    const points: [x: number, y: number][] = [];
    let [x, y, cos, sin] = [stroke.x, stroke.y, 0, 0];
    for (let i = 0; i < half; i++) {
      const at = Math.floor(y) * width + Math.floor(x);
      let [c, s] = [flow.cos.values[at]! * sign, flow.sin.values[at]! * sign];
      if (i > 0 && c * cos + s * sin < 0) [c, s] = [-c, -s];
      [cos, sin] = i === 0 ? [c, s] : [cos * 0.5 + c * 0.5, sin * 0.5 + s * 0.5];
      x += cos * step;
      y += sin * step;
      if (x < 0 || y < 0 || x >= width || y >= height) break;
      const here = Math.floor(y) * width + Math.floor(x);
      const unlike =
        Math.abs(scene.lightness[here]! - colour[0]) +
        Math.abs(scene.a[here]! - colour[1]) +
        Math.abs(scene.b[here]! - colour[2]);
      if (unlike > STOP) break;
      points.push([x, y]);
    }
    return points;
  };
  const points = [...follow(-1).reverse(), [stroke.x, stroke.y] as const, ...follow(1)];
  layPaint(canvas, points, stroke, step);
}

/** Paints the pixels around a line. Each bristle has its own height, which goes on along the whole stroke. */
function layPaint(
  canvas: Canvas,
  points: readonly (readonly [number, number])[],
  { reach, colour, bristles }: Stroke,
  step: number,
): void {
  const { width, height } = canvas;
  const last = points.length - 1;
  const hairs = randomNumbers(bristles);
  const heights = Float32Array.from({ length: 16 }, () => hairs());
  for (const [index, [px, py]] of points.entries()) {
    const [bx, by] = points[Math.max(0, index - 1)]!;
    const [ax, ay] = points[Math.min(last, index + 1)]!;
    const length = Math.hypot(ax - bx, ay - by) || 1;
    const [tx, ty] = last === 0 ? [1, 0] : [(ax - bx) / length, (ay - by) / length];
    // Rounded at its ends.
    const end = Math.min(index, last - index) * step;
    const wide =
      end >= reach ? reach : Math.sqrt(Math.max(0.15, 1 - (1 - end / reach) ** 2)) * reach;
    const x0 = Math.max(0, Math.floor(px - wide - 1));
    const x1 = Math.min(width - 1, Math.ceil(px + wide + 1));
    const y0 = Math.max(0, Math.floor(py - wide - 1));
    const y1 = Math.min(height - 1, Math.ceil(py + wide + 1));
    // Paint runs out towards the end.
    const load = 1 - (index / Math.max(1, last)) * 0.35;
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const along = (x - px) * tx + (y - py) * ty;
        if (Math.abs(along) > step * 0.75) continue;
        const across = (x - px) * -ty + (y - py) * tx;
        const rim = Math.abs(across) / wide;
        if (rim > 1 + 0.5 / wide) continue;
        const hair = heights[Math.min(15, Math.max(0, Math.floor((across / wide + 1) * 8)))]!;
        const opacity = clamp01((1 - rim) * wide + 0.5) * clamp01(load * 1.5 - hair * 0.55);
        const i = y * width + x;
        canvas.lightness[i]! += (colour[0] + (hair - 0.5) * 0.03 - canvas.lightness[i]!) * opacity;
        canvas.a[i]! += (colour[1] - canvas.a[i]!) * opacity;
        canvas.b[i]! += (colour[2] - canvas.b[i]!) * opacity;
        // A ridge of paint stands at both sides of a stroke.
        const height = hair * 0.7 + smoothStep(0.55, 0.95, rim) * 0.5;
        canvas.relief[i]! += (height * load - canvas.relief[i]!) * opacity;
      }
    }
  }
}

/** Light from the upper left on the paint, and the weave of the canvas below it. */
function lightOf({ width, height, relief }: Canvas, unit: number): Plane {
  const smooth = blur({ width, height, values: relief }, 0.45 * unit).values;
  const step = Math.max(1, Math.round(unit * 0.7));
  const thread = Math.max(2, 2.6 * unit);
  return mapPlane({ width, height }, (i) => {
    const x = i % width;
    const y = (i - x) / width;
    const before = Math.max(0, y - step) * width + Math.max(0, x - step);
    const after = Math.min(height - 1, y + step) * width + Math.min(width - 1, x + step);
    const slope = smooth[after]! - smooth[before]!;
    const weave = Math.sin((x / thread) * Math.PI) * Math.sin((y / thread) * Math.PI);
    return Math.max(-0.11, Math.min(0.11, slope * 0.16)) + weave * 0.006;
  });
}

/** Where the scene has small things: 0 in flat parts, about 1 at strong edges. */
function detailOf(scene: LabImage, unit: number): Plane {
  const { lightness, a, b } = planesOf(scene);
  const parts = [lightness, a, b].map(
    (plane) => [plane.values, blur(plane, 3 * unit).values] as const,
  );
  const raw = mapPlane(scene, (i) =>
    Math.min(1, parts.reduce((sum, [own, soft]) => sum + Math.abs(own[i]! - soft[i]!), 0) * 9),
  );
  return blur(raw, 2 * unit);
}

/** The subject's edge as a brush leaves it. */
function raggedEdge(source: LabImage, { seed, unit }: Making): Plane {
  const edge = edgeDistance(source, 2);
  const rough = noisePlane(source, { seed: seed + 7, cell: 5 * unit, octaves: 2 }).values;
  return mapPlane(source, (i) => edge.values[i]! + rough[i]! * 1.6 * unit);
}
