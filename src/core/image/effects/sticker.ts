import type { RgbaImage } from '../pixels';
import { distanceTo } from './distance';
import type { EffectOptions } from './effect';
import { labOfHex, over, paint, toLab, type Lab } from './lab-image';
import { saturate, WHITE } from './palette';
import { blur, clamp01, mapPlane, smoothStep, type Plane } from './planes';
import { edgeDistance, findRegions, regionColour, unitOf, coverage } from './regions';
import { fitInside } from './place';

/** In units: the white outline, and what is kept free around the subject for it and the shadow. */
const OUTLINE = 8;
const MARGIN = 17;
const RIM: Lab = [0.8, 0, 0];
const SHADOW: Lab = [0.2, 0, -0.02];

/** A sticker: flat bold colours, a thick white outline with a thin grey rim, and a soft shadow. */
export function sticker(image: RgbaImage, { background }: EffectOptions): RgbaImage {
  const unit = unitOf(image);
  const source = fitInside(toLab(image), MARGIN * unit);
  const edge = edgeDistance(source, 1.4);
  const regions = findRegions(source, { count: 8, apart: 0.06, smooth: 1.4 });
  const outside = smoothed(distanceTo(mapPlane(image, (i) => coverage(edge.values[i]!))), unit);
  const paper = mapPlane(image, (i) => coverage(OUTLINE * unit - outside.values[i]!));
  const soft = blur(paper, 3.5 * unit);
  const drop = Math.round(3.5 * unit);
  const { width } = image;
  const ground = background === undefined ? undefined : labOfHex(background);
  return paint(image, (i, x, y) => {
    const above = y >= drop ? soft.values[(y - drop) * width + Math.max(0, x - (drop >> 1))]! : 0;
    const rim = clamp01(
      1.2 * Math.max(1, unit) - Math.abs(outside.values[i]! - OUTLINE * unit) + 0.5,
    );
    let drawn = over(SHADOW, above * 0.34, ground ?? SHADOW, ground ? 1 : 0);
    drawn = over(WHITE, paper.values[i]!, ...drawn);
    drawn = over(RIM, rim * paper.values[i]! * 0.9, ...drawn);
    return over(
      gloss(regionColour(regions, i), y / image.height),
      coverage(edge.values[i]!),
      ...drawn,
    );
  });
}

/** Bold, and a little lighter above than below. */
function gloss(colour: Lab, down: number): Lab {
  const [lightness, a, b] = saturate(colour, 1.12);
  return [clamp01(lightness + 0.05 * (1 - smoothStep(0.15, 0.75, down)) - 0.02), a, b];
}

/** Distances with the corners of the outline rounded. */
function smoothed(distance: Plane, unit: number): Plane {
  const limited = mapPlane(distance, (i) => Math.min(distance.values[i]!, 40 * unit));
  return blur(limited, 2 * unit);
}
