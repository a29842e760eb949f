import { mapPlane, type Plane } from './planes';

/** Larger than any distance in an image, and its square still exact. */
const FAR = 1e6;

/**
 * Pixels from each pixel to the nearest one that is marked, exactly (Felzenszwalb and Huttenlocher, Distance
 * Transforms of Sampled Functions, 2012), in time that grows with the number of pixels only.
 * @param plane a pixel of 0.5 or more is marked
 * @returns 0 on marked pixels; `FAR` or more where none is marked
 */
export function distanceTo(plane: Plane): Plane {
  const { width, height } = plane;
  const squares = mapPlane(plane, (i) => (plane.values[i]! >= 0.5 ? 0 : FAR * FAR)).values;
  const longest = Math.max(width, height);
  const line = new Float64Array(longest);
  const out = new Float64Array(longest);
  const places = new Int32Array(longest);
  const borders = new Float64Array(longest + 1);
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) line[y] = squares[y * width + x]!;
    lowerEnvelope(line, height, { out, places, borders });
    for (let y = 0; y < height; y++) squares[y * width + x] = out[y]!;
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) line[x] = squares[y * width + x]!;
    lowerEnvelope(line, width, { out, places, borders });
    for (let x = 0; x < width; x++) squares[y * width + x] = out[x]!;
  }
  return mapPlane(plane, (i) => Math.sqrt(squares[i]!));
}

interface Memory {
  readonly out: Float64Array;
  readonly places: Int32Array;
  readonly borders: Float64Array;
}

/** The least of all parabolas that stand at the line's points, at each point. */
function lowerEnvelope(line: Float64Array, length: number, { out, places, borders }: Memory): void {
  let last = 0;
  places[0] = 0;
  borders[0] = -Infinity;
  borders[1] = Infinity;
  const meets = (q: number, p: number) => (line[q]! + q * q - line[p]! - p * p) / (2 * (q - p));
  for (let q = 1; q < length; q++) {
    let at = meets(q, places[last]!);
    while (at <= borders[last]!) at = meets(q, places[--last]!);
    places[++last] = q;
    borders[last] = at;
    borders[last + 1] = Infinity;
  }
  last = 0;
  for (let q = 0; q < length; q++) {
    while (borders[last + 1]! < q) last++;
    const place = places[last]!;
    out[q] = (q - place) ** 2 + line[place]!;
  }
}
