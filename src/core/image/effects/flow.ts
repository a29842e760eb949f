import { planesOf, type LabImage } from './lab-image';
import { noisePlane } from './noise';
import { blur, mapPlane, resizePlane, type Plane } from './planes';
import { atMost, unitOf } from './regions';

/**
 * The direction along the edges at each pixel, from the smoothed structure tensor (Kyprianidis and Döllner,
 * Image abstraction by structure adaptive filtering, 2008). Where nothing has an edge, it wanders by the seed.
 */
export function flowOf(
  image: LabImage,
  seed: number,
): { readonly cos: Plane; readonly sin: Plane } {
  const small = atMost(image, 192);
  const scale = unitOf(small);
  const { width, height } = small;
  const { lightness, a, b } = planesOf(small);
  const sums = [0, 1, 2].map(() => new Float32Array(width * height));
  for (const plane of [lightness, a, b]) {
    const { values } = blur(plane, 1.5 * scale);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const dx = values[i + (x < width - 1 ? 1 : 0)]! - values[i - (x > 0 ? 1 : 0)]!;
        const dy = values[i + (y < height - 1 ? width : 0)]! - values[i - (y > 0 ? width : 0)]!;
        sums[0]![i]! += dx * dx;
        sums[1]![i]! += dx * dy;
        sums[2]![i]! += dy * dy;
      }
    }
  }
  // Far and near means together: edges far away lead where nothing is near.
  const [xx, xy, yy] = sums.map((values) => {
    const near = blur({ width, height, values }, 3 * scale).values;
    const far = blur({ width, height, values }, 22 * scale).values;
    return mapPlane(small, (i) => near[i]! + far[i]! * 0.25);
  }) as [Plane, Plane, Plane];
  const wander = noisePlane(small, { seed: seed + 71, cell: 60 * scale, octaves: 2 }).values;
  // The double angle has no jump where a direction turns around.
  const angle = (i: number) => {
    const strength = Math.hypot(xx.values[i]! - yy.values[i]!, 2 * xy.values[i]!);
    const along = Math.atan2(2 * xy.values[i]!, xx.values[i]! - yy.values[i]!) + Math.PI;
    const free = 1.6 + wander[i]! * 2.4;
    const share = strength / (strength + 3e-6);
    return [
      Math.cos(along) * share + Math.cos(free) * (1 - share),
      Math.sin(along) * share + Math.sin(free) * (1 - share),
    ] as const;
  };
  const cosines = resizePlane(
    mapPlane(small, (i) => angle(i)[0]),
    image.width,
    image.height,
  );
  const sines = resizePlane(
    mapPlane(small, (i) => angle(i)[1]),
    image.width,
    image.height,
  );
  const half = mapPlane(image, (i) => Math.atan2(sines.values[i]!, cosines.values[i]!) / 2);
  return {
    cos: mapPlane(image, (i) => Math.cos(half.values[i]!)),
    sin: mapPlane(image, (i) => Math.sin(half.values[i]!)),
  };
}
