import type { LabImage } from './lab-image';

/**
 * Kuwahara filter: each pixel becomes the mean of the most even of the four squares that it is a corner of.
 * Areas become flat while edges become sharp. Sums over all pixels before one make it as fast for any reach.
 * @param reach of a square, in pixels
 */
export function kuwahara(image: LabImage, reach: number): LabImage {
  const { width, height, lightness, a, b, opacity } = image;
  const stride = width + 1;
  const sums = Array.from({ length: 5 }, () => new Float64Array(stride * (height + 1)));
  for (let y = 0; y < height; y++) {
    const row = [0, 0, 0, 0, 0];
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const weight = opacity[i]! + 1e-3;
      const [l, ca, cb] = [lightness[i]!, a[i]!, b[i]!];
      row[0]! += weight;
      row[1]! += weight * l;
      row[2]! += weight * ca;
      row[3]! += weight * cb;
      row[4]! += weight * (l * l + ca * ca + cb * cb);
      const at = (y + 1) * stride + x + 1;
      for (let k = 0; k < 5; k++) sums[k]![at] = sums[k]![at - stride]! + row[k]!;
    }
  }
  const [weights, ls, as, bs, squares] = sums as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const out = {
    lightness: new Float32Array(lightness.length),
    a: new Float32Array(lightness.length),
    b: new Float32Array(lightness.length),
  };
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - reach);
    const bottom = Math.min(height, y + reach + 1);
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - reach);
      const right = Math.min(width, x + reach + 1);
      let least = Infinity;
      const i = y * width + x;
      for (let quarter = 0; quarter < 4; quarter++) {
        const x0 = quarter & 1 ? x : left;
        const x1 = quarter & 1 ? right : x + 1;
        const y0 = (quarter & 2 ? y : top) * stride;
        const y1 = (quarter & 2 ? bottom : y + 1) * stride;
        const sum = (of: Float64Array) => of[y1 + x1]! - of[y0 + x1]! - of[y1 + x0]! + of[y0 + x0]!;
        const weight = sum(weights);
        const l = sum(ls) / weight;
        const ca = sum(as) / weight;
        const cb = sum(bs) / weight;
        const variance = sum(squares) / weight - l * l - ca * ca - cb * cb;
        if (variance >= least) continue;
        least = variance;
        out.lightness[i] = l;
        out.a[i] = ca;
        out.b[i] = cb;
      }
    }
  }
  return { width, height, opacity, ...out };
}
