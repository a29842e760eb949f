import type { RgbaImage } from '../pixels';
import type { EffectOptions } from './effect';
import { labOfHex, over, paint, toLab, type Lab } from './lab-image';
import { boxOf, placeInside } from './place';
import { groundColour, saturate, shade, WHITE } from './palette';
import { mapPlane, type Plane } from './planes';
import { coverage, edgeDistance, findRegions, regionColour, unitOf } from './regions';

/** In units: the tile's inner margin, and its corners' radius. */
const MARGIN = 42;
const CORNER = 54;

/** A flat icon: the subject in a few even colours, with a long shadow, on a tile with round corners. */
export function flatIcon(
  image: RgbaImage,
  { seed, palette, background }: EffectOptions,
): RgbaImage {
  const unit = unitOf(image);
  const given = toLab(image);
  const box = boxOf(given);
  const { width, height } = image;
  const side = Math.min(width, height);
  const left = (width - side) / 2;
  const top = (height - side) / 2;
  const frame = {
    left: left + MARGIN * unit,
    top: top + MARGIN * unit,
    right: left + side - MARGIN * unit,
    bottom: top + side - MARGIN * unit,
  };
  const source = box ? placeInside(given, box, frame, 1) : given;
  const regions = findRegions(source, { count: 8, apart: 0.09, smooth: 1.3 });
  const edge = edgeDistance(source, 2.4);
  const tileColour = groundColour(regions.colours, palette, seed);
  const inside = mapPlane(image, (i) => coverage(edge.values[i]!));
  const shadow = longShadow(inside);
  const ground = background === undefined ? WHITE : labOfHex(background);
  const flat = regions.colours.map((colour): Lab => saturate(colour, 1.08));
  return paint(image, (i, x, y) => {
    const tile = coverage(
      roundedBox(x + 0.5 - width / 2, y + 0.5 - height / 2, side / 2, CORNER * unit),
    );
    const below = shade(tileColour, -0.13 * shadow.values[i]!);
    const [colour] = over(
      regionColour({ ...regions, colours: flat }, i),
      inside.values[i]!,
      below,
      1,
    );
    return over(colour, tile, ground, background === undefined ? 0 : 1);
  });
}

/** Pixels from the edge of a square with round corners, positive inside. */
function roundedBox(x: number, y: number, half: number, radius: number): number {
  const qx = Math.abs(x) - half + radius;
  const qy = Math.abs(y) - half + radius;
  return radius - Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) - Math.min(Math.max(qx, qy), 0);
}

/** The area that the subject covers when it is drawn down to the right without end. */
function longShadow({ width, height, values }: Plane): Plane {
  const shadow = values.slice();
  for (let y = 1; y < height; y++) {
    for (let x = 1; x < width; x++) {
      const i = y * width + x;
      shadow[i] = Math.max(shadow[i]!, shadow[i - width - 1]!);
    }
  }
  return { width, height, values: shadow };
}
