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

/** Areas are found at this shorter side; their edges are then drawn at any size. */
const WORK_SIDE = 288;

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

/** The image with flat areas and sharp edges, at most `WORK_SIDE` on its shorter side. */
export function flattened(image: LabImage): LabImage {
  const small = atMost(image, WORK_SIDE);
  const unit = unitOf(small);
  const spread = spreadColours(small, 4 * unit);
  const reach = Math.max(1, Math.round(2.5 * unit));
  return kuwahara(kuwahara(spread, reach), reach);
}

/** Parts an image into areas of one colour. */
export function findRegions(image: LabImage, options: RegionOptions): Regions {
  const { width, height } = image;
  const flat = flattened(image);
  const found = clusterColours(flat, options.count, options.apart);
  const colours: readonly Lab[] = found.length > 0 ? found : [[1, 0, 0]];
  const labels = Uint8Array.from(flat.opacity, (_, i) => nearest(colours, colourAt(flat, i)));
  const sigma = Math.max(0.6, options.smooth * unitOf(flat));
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
 * 1.5 · smooth. The edge becomes smooth.
 * @param smooth in 256ths of the shorter side
 */
export function edgeDistance(image: LabImage, smooth: number): Plane {
  const small = atMost(image, WORK_SIDE);
  const sigma = Math.max(0.6, smooth * unitOf(small));
  const soft = blur(
    mapPlane(small, (i) => clamp01((small.opacity[i]! - 0.25) * 2)),
    sigma,
  );
  const full = resizePlane(soft, image.width, image.height);
  const scale = (image.width / small.width) * sigma * Math.sqrt(2 * Math.PI);
  return mapPlane(full, (i) => (full.values[i]! - 0.5) * scale);
}

/** How much of a pixel is inside, where an edge is this far away, positive inside. */
export function coverage(distance: number): number {
  return clamp01(distance + 0.5);
}
