// Areas of one colour with smooth edges: what flat icons, stickers and clean lines are made of.
import { clusterColours } from './clusters';
import { kuwahara } from './kuwahara';
import {
  colourAt,
  labDistance,
  resizeLab,
  spreadColours,
  type Lab,
  type LabImage,
} from './lab-image';
import { blur, clamp01, mapPlane, resizePlane, type Plane } from './planes';

export interface Regions {
  readonly width: number;
  readonly height: number;
  readonly colours: readonly Lab[];
  /** The area that each pixel belongs to, as an index of `colours`. */
  readonly first: Uint8Array;
  /** The area that is next to it. */
  readonly second: Uint8Array;
  /** Pixels from the edge between both, 0 or more; right up to about `reach`, too small beyond. */
  readonly distance: Float32Array;
  readonly reach: number;
}

export interface RegionOptions {
  /** At most so many colours. */
  readonly count: number;
  /** Colours nearer than this, in OKLab, become one. */
  readonly apart: number;
  /** How round edges become, in 256ths of the shorter side. */
  readonly smooth: number;
}

/**
 * Areas are found at this shorter side; their edges are then drawn at any size. Scenes have smaller and sharper
 * things than a single subject.
 */
const WORK_SIDE = { subject: 320, scene: 360 };
/** Edges of scenes are made round by this share of what a subject's are. */
const SCENE_SMOOTH = 0.55;

/** Whether all of an image is seen: a scene, not a subject that was cut out. */
export function isScene({ opacity }: LabImage): boolean {
  return opacity.every((value) => value > 0.99);
}

function workImage(image: LabImage): LabImage {
  return atMost(image, isScene(image) ? WORK_SIDE.scene : WORK_SIDE.subject);
}

/** The length that effects measure in: one 256th of the shorter side, in pixels. */
export function unitOf({ width, height }: { readonly width: number; readonly height: number }) {
  return Math.min(width, height) / 256;
}

/** The image made smaller, so that its shorter side is at most `side`; the same image where it is not larger. */
export function atMost(image: LabImage, side: number): LabImage {
  const scale = side / Math.min(image.width, image.height);
  if (scale >= 1) return image;
  const size = (length: number) => Math.max(1, Math.round(length * scale));
  return resizeLab(image, size(image.width), size(image.height));
}

/** The image with flat areas and sharp edges, at the size that areas are found at. */
export function flattened(image: LabImage): LabImage {
  const small = workImage(image);
  const unit = unitOf(small);
  const spread = spreadColours(small, 4 * unit);
  const reach = Math.max(1, Math.round((isScene(image) ? 1.2 : 2) * unit));
  return kuwahara(kuwahara(spread, reach), reach);
}

/** Parts an image into areas of one colour. */
export function findRegions(image: LabImage, options: RegionOptions): Regions {
  const { width, height } = image;
  const flat = flattened(image);
  const found = clusterColours(flat, options.count, options.apart);
  const colours: readonly Lab[] = found.length > 0 ? found : [[1, 0, 0]];
  const smooth = options.smooth * (isScene(image) ? SCENE_SMOOTH : 1) * unitOf(flat);
  const sigma = Math.max(0.6, smooth);
  const raw = Uint8Array.from(flat.opacity, (_, i) => nearest(colours, colourAt(flat, i)));
  // Twice: the strips of mixed colours between two areas go to these.
  const labels = settle(settle(raw, flat, colours.length, sigma), flat, colours.length, sigma);
  const size = width * height;
  const first = new Uint8Array(size);
  const second = new Uint8Array(size);
  const best = new Float32Array(size).fill(-1);
  const next = new Float32Array(size).fill(-1);
  for (const index of colours.keys()) {
    const mask = blur(
      mapPlane(flat, (i) => (labels[i] === index ? 1 : 0)),
      sigma,
    );
    const { values } = resizePlane(mask, width, height);
    for (let i = 0; i < size; i++) {
      const value = values[i]!;
      if (value > best[i]!) {
        second[i] = first[i]!;
        next[i] = best[i]!;
        first[i] = index;
        best[i] = value;
      } else if (value > next[i]!) {
        second[i] = index;
        next[i] = value;
      }
    }
  }
  // Across a straight edge the two blurred areas differ by about 2 · distance / (sigma · √(2π)).
  const scale = (width / flat.width) * sigma * Math.sqrt(2 * Math.PI) * 0.5;
  const distance = best.map((value, i) => (value - Math.max(0, next[i]!)) * scale);
  return { width, height, colours, first, second, distance, reach: scale };
}

/** Gives each pixel to the area that most of the pixels around it belong to. */
function settle(labels: Uint8Array, size: LabImage, count: number, sigma: number): Uint8Array {
  const settled = new Uint8Array(labels.length);
  const most = new Float32Array(labels.length);
  for (let index = 0; index < count; index++) {
    const mask = mapPlane(size, (i) => (labels[i] === index ? 1 : 0));
    const { values } = blur(mask, sigma * 1.15);
    for (let i = 0; i < values.length; i++) {
      if (values[i]! <= most[i]!) continue;
      most[i] = values[i]!;
      settled[i] = index;
    }
  }
  return settled;
}

function nearest(colours: readonly Lab[], colour: Lab): number {
  let best = 0;
  for (const [index, one] of colours.entries()) {
    if (labDistance(one, colour) < labDistance(colours[best]!, colour)) best = index;
  }
  return best;
}

/** An area's colour, mixed with its neighbour's where the edge crosses the pixel. */
export function regionColour({ colours, first, second, distance }: Regions, pixel: number): Lab {
  const own = colours[first[pixel]!]!;
  const near = distance[pixel]!;
  if (near >= 0.5) return own;
  const other = colours[second[pixel]!]!;
  const share = 0.5 - near;
  return [
    own[0] + (other[0] - own[0]) * share,
    own[1] + (other[1] - own[1]) * share,
    own[2] + (other[2] - own[2]) * share,
  ];
}

/**
 * Pixels from the edge of the subject, positive inside, from its opacity; right near the edge, up to about
 * 2 · smooth, and large enough beyond. The edge becomes smooth.
 * @param smooth in 256ths of the shorter side
 */
export function edgeDistance(image: LabImage, smooth: number): Plane {
  const small = workImage(image);
  const sigma = Math.max(0.6, smooth * unitOf(small));
  const soft = blur(
    mapPlane(small, (i) => clamp01((small.opacity[i]! - 0.25) * 2)),
    sigma,
  );
  const full = resizePlane(soft, image.width, image.height);
  // The logistic function is close to the Gaussian's integral, and is easily inverted.
  const scale = ((image.width / small.width) * sigma) / 1.702;
  return mapPlane(full, (i) => {
    const share = Math.max(1e-4, Math.min(1 - 1e-4, full.values[i]!));
    return Math.log(share / (1 - share)) * scale;
  });
}

/** How much of a pixel is inside, where an edge is this far away, positive inside. */
export function coverage(distance: number): number {
  return clamp01(distance + 0.5);
}
