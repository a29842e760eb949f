import type { RgbaImage } from '../pixels';
import type { EffectOptions } from './effect';
import { labOfHex, over, paint, toLab, type Lab, type LabImage } from './lab-image';
import { boxOf, warp, type Box } from './place';
import { groundColour, shade } from './palette';
import { blur, clamp01, mapPlane, type Plane } from './planes';
import { coverage, edgeDistance, findRegions, regionColour, unitOf } from './regions';

/** In units of a frame of 256: the tile's middle, half its width, and its thickness. */
const TILE = { down: 178, half: 112, thick: 20 };
/** Half as high as wide, as in isometric games. */
const SLOPE = 0.5;
/** How thick the upright subject is, in units. */
const DEPTH = 15;

/**
 * Isometric: the subject as an upright thick figure, seen from the corner, on a tile with its shadow.
 */
export function isometric(
  image: RgbaImage,
  { seed, palette, background }: EffectOptions,
): RgbaImage {
  const unit = unitOf(image);
  const { width, height } = image;
  const given = toLab(image);
  const centre = { x: width / 2, y: height / 2 + (TILE.down - 128) * unit };
  const source = stand(given, centre, unit);
  const regions = findRegions(source, { count: 8, apart: 0.06, smooth: 1.5 });
  const edge = edgeDistance(source, 1.5);
  const front = mapPlane(image, (i) => coverage(edge.values[i]!));
  const sides = extrude(front, Math.max(1, Math.round(DEPTH * unit)));
  const shadow = castShadow(front, centre, unit);
  const tile = groundColour(regions.colours, palette, seed);
  const ground = background === undefined ? undefined : labOfHex(background);
  return paint(image, (i, x, y) => {
    const dx = (x + 0.5 - centre.x) / unit;
    const dy = (y + 0.5 - centre.y) / unit;
    let drawn = tilePixel(dx, dy, unit, tile, shadow.values[i]!, ground);
    const from = sides.from[i]!;
    if (from >= 0)
      drawn = over(shade(regionColour(regions, from), -0.34), sides.cover[i]!, ...drawn);
    return over(regionColour(regions, i), front.values[i]!, ...drawn);
  });
}

/** The subject turned to face the lower left, with its foot on the tile's middle. */
function stand(
  image: LabImage,
  centre: { readonly x: number; readonly y: number },
  unit: number,
): LabImage {
  const box: Box = boxOf(image) ?? { left: 0, top: 0, right: image.width, bottom: image.height };
  const wide = box.right - box.left;
  const high = box.bottom - box.top;
  const scale = Math.min((134 * unit) / wide, (150 * unit) / high);
  const shrink = 0.9;
  const middle = (box.left + box.right) / 2;
  const depth = DEPTH * unit;
  return warp(image, (x, y) => {
    const along = (x + 0.5 - centre.x + depth / 2) / (scale * shrink);
    const foot = centre.y + depth * SLOPE * 0.5 + along * scale * shrink * SLOPE;
    return [middle + along - 0.5, box.bottom + (y + 0.5 - foot) / scale - 0.5];
  });
}

/** The thick side of the figure: the front drawn again and again, to the upper right. */
function extrude({ width, height, values }: Plane, depth: number) {
  const cover = new Float32Array(values.length);
  const from = new Int32Array(values.length).fill(-1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      for (let back = 1; back <= depth; back++) {
        const sx = x - back;
        const sy = y + Math.round(back * SLOPE);
        if (sx < 0 || sy >= height) break;
        const front = sy * width + sx;
        if (values[front]! <= cover[i]!) continue;
        cover[i] = values[front]!;
        from[i] = front;
        if (cover[i] >= 0.99) break;
      }
    }
  }
  return { cover, from };
}

/** The figure's shadow on the tile, to the right. */
function castShadow(
  front: Plane,
  centre: { readonly x: number; readonly y: number },
  unit: number,
): Plane {
  const { width, height } = front;
  const lying = mapPlane(front, (i) => {
    const x = i % width;
    const y = (i - x) / width;
    // Up the figure is to the right and a little up on the ground.
    const dx = x - centre.x;
    const dy = y - centre.y;
    const up = (dx * SLOPE - dy) / (0.62 * SLOPE + 0.1);
    const sx = Math.round(x - up * 0.62);
    const foot = centre.y + (sx - centre.x) * SLOPE;
    const sy = Math.round(foot - up * 0.8);
    return up >= 0 && sx >= 0 && sx < width && sy >= 0 && sy < height
      ? front.values[sy * width + sx]!
      : 0;
  });
  return blur(lying, 1.6 * unit);
}

/** The tile: a light top and two darker sides. */
function tilePixel(
  dx: number,
  dy: number,
  unit: number,
  tile: Lab,
  shadow: number,
  ground: Lab | undefined,
): readonly [Lab, number] {
  const behind = [ground ?? tile, ground ? 1 : 0] as const;
  const { half, thick } = TILE;
  const slant = Math.hypot(1, SLOPE);
  const top = coverage((((half - Math.abs(dx)) * SLOPE - Math.abs(dy)) / slant) * unit);
  const low = (half - Math.abs(dx)) * SLOPE;
  const side = Math.min(
    clamp01((low + thick - dy) * unit + 0.5),
    clamp01((half - Math.abs(dx)) * unit + 0.5),
  );
  const isBelow = dy > -1 ? side : 0;
  const face = shade(tile, dx < 0 ? -0.16 : -0.3);
  const edge = clamp01((dy - low + thick * 0.35) * 0 + 1);
  const drawn = over(face, isBelow * edge, ...behind);
  const inner = coverage((((half - 9 - Math.abs(dx)) * SLOPE - Math.abs(dy)) / slant) * unit);
  const surface = shade(shade(tile, 0.28 * (1 - inner)), -0.24 * shadow);
  return over(surface, top, ...drawn);
}
