import type { LabImage } from './lab-image';
import { mapPlane, sample, type Plane } from './planes';

/** A rectangle in pixels; the ends are outside. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The rectangle around what is at least half opaque; undefined where nothing is. */
export function boxOf({ width, height, opacity }: LabImage): Box | undefined {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (opacity[y * width + x]! < 0.5) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  return right > left ? { left, top, right, bottom } : undefined;
}

/** The image with each pixel taken from another place of it; transparent where that is outside. */
export function warp(
  image: LabImage,
  from: (x: number, y: number) => readonly [x: number, y: number],
): LabImage {
  const { width, height } = image;
  const size = width * height;
  const planes = [image.lightness, image.a, image.b, image.opacity].map((values): Plane => ({
    width,
    height,
    values,
  }));
  const outs = planes.map(() => new Float32Array(size));
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const [sx, sy] = from(x, y);
      for (const [index, plane] of planes.entries()) outs[index]![pixel] = sample(plane, sx, sy);
      if (sx < -0.5 || sy < -0.5 || sx > width - 0.5 || sy > height - 0.5) outs[3]![pixel] = 0;
    }
  }
  const [lightness, a, b, opacity] = outs as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  return { width, height, lightness, a, b, opacity };
}

/** The subject made smaller and centred where it is nearer than this to a side; else the same image. */
export function fitInside(image: LabImage, margin: number): LabImage {
  const box = boxOf(image);
  if (!box) return image;
  const { width, height } = image;
  const least = Math.min(box.left, box.top, width - box.right, height - box.bottom);
  if (least >= margin) return image;
  return placeInside(image, box, {
    left: margin,
    top: margin,
    right: Math.max(margin + 1, width - margin),
    bottom: Math.max(margin + 1, height - margin),
  });
}

/** A box of the image scaled, in its shape, into another box, centred in it; at most as large as it was. */
export function placeInside(image: LabImage, from: Box, to: Box, most = 1): LabImage {
  const scale = Math.min(
    most,
    (to.right - to.left) / (from.right - from.left),
    (to.bottom - to.top) / (from.bottom - from.top),
  );
  const middle = (box: Box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2] as const;
  const [fx, fy] = middle(from);
  const [tx, ty] = middle(to);
  const moved = warp(image, (x, y) => [
    (x + 0.5 - tx) / scale + fx - 0.5,
    (y + 0.5 - ty) / scale + fy - 0.5,
  ]);
  // What the frame cut off must not go on.
  return { ...moved, opacity: mapPlane(moved, (i) => moved.opacity[i]!).values };
}
