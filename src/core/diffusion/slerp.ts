/** The shape of latents: float32 [channels, height, width]. */
export interface LatentShape {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Above this mean cosine, AUTOMATIC1111 mixes linearly. */
const NEARLY_EQUAL = 0.9995;

/**
 * Spherical interpolation between two noises, which keeps their size: AUTOMATIC1111's variation of a seed
 * (modules/rng.py, `slerp`, of an image's noise [channels, height, width]). It takes the numbers of each channel
 * and column, `height` of them, as one vector. Where the noises are nearly equal, it mixes them linearly, with
 * the weights exchanged as there.
 *
 * Columns in one or in opposite directions, as all are in latents of one row, have no arc between them. There
 * AUTOMATIC1111 divides by zero, and this function mixes linearly.
 * @param strength 0 is `from`, 1 is `to`
 * @returns float32 [channels, height, width]
 */
export function slerp(
  from: Float32Array,
  to: Float32Array,
  strength: number,
  { channels, height, width }: LatentShape,
): Float32Array {
  const columns = Array.from({ length: channels * width }, (_, column) => {
    const first = Math.floor(column / width) * height * width + (column % width);
    return { first, cosine: cosineOf(from, to, { first, step: width, count: height }) };
  });
  const mean = columns.reduce((sum, { cosine }) => sum + cosine, 0) / columns.length;
  if (mean > NEARLY_EQUAL && height > 1) {
    return from.map((value, i) => value * strength + to[i]! * (1 - strength));
  }
  const mixed = new Float32Array(from.length);
  for (const { first, cosine } of columns) {
    const [own, other] = weightsOf(cosine, strength);
    for (let row = 0; row < height; row++) {
      const i = first + row * width;
      mixed[i] = own * from[i]! + other * to[i]!;
    }
  }
  return mixed;
}

/** The weights of two vectors with this cosine between them. */
function weightsOf(cosine: number, strength: number): readonly [number, number] {
  const angle = Math.acos(cosine);
  const sine = Math.sin(angle);
  if (sine < 1e-6) return [1 - strength, strength];
  return [Math.sin((1 - strength) * angle) / sine, Math.sin(strength * angle) / sine];
}

function cosineOf(
  a: Float32Array,
  b: Float32Array,
  { first, step, count }: { readonly first: number; readonly step: number; readonly count: number },
): number {
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = first; i < first + step * count; i += step) {
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
    ab += a[i]! * b[i]!;
  }
  return Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb)));
}
