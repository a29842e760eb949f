import { mapPlane, type Plane } from './planes';

/** Mixes a place and a seed into 32 bits (MurmurHash3's `fmix32`). */
function hash(x: number, y: number, seed: number): number {
  let bits = (Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ (seed | 0)) | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Random numbers from 0 to 1 (exclusive), the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let count = 0;
  const high = Math.floor(seed / 2 ** 32);
  return () => hash(count++, high, seed) / 2 ** 32;
}

export interface NoiseOptions {
  readonly seed: number;
  /** Pixels between the points that have a random value. */
  readonly cell: number;
  /** Each further octave is half as large and half as strong. Default: 1. */
  readonly octaves?: number;
  /** How much longer the noise is than high. Default: 1. */
  readonly stretch?: number;
}

/** Value noise, about -1 to 1: random values on a grid, smooth between. */
export function noisePlane(
  size: { readonly width: number; readonly height: number },
  { seed, cell, octaves = 1, stretch = 1 }: NoiseOptions,
): Plane {
  const { width, height } = size;
  const values = new Float32Array(width * height);
  let strength = 1;
  let whole = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const step = Math.max(1, cell / 2 ** octave);
    addOctave({ width, height, values }, step * stretch, step, seed + octave * 7919, strength);
    whole += strength;
    strength /= 2;
  }
  return mapPlane(size, (i) => values[i]! / whole);
}

function addOctave(
  { width, height, values }: Plane,
  cellX: number,
  cellY: number,
  seed: number,
  strength: number,
): void {
  const columns = Math.floor(width / cellX) + 3;
  const row = (gridY: number) =>
    Float32Array.from(
      { length: columns },
      (_, x) => (hash(x, gridY, seed) / 2 ** 31 - 1) * strength,
    );
  let upperIndex = -1;
  let upper = row(0);
  let lower = upper;
  const firsts = new Int32Array(width);
  const shares = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const at = x / cellX;
    firsts[x] = Math.floor(at);
    shares[x] = ease(at - firsts[x]!);
  }
  for (let y = 0; y < height; y++) {
    const at = y / cellY;
    const gridY = Math.floor(at);
    if (gridY !== upperIndex) {
      upper = gridY === upperIndex + 1 && upperIndex >= 0 ? lower : row(gridY);
      lower = row(gridY + 1);
      upperIndex = gridY;
    }
    const down = ease(at - gridY);
    for (let x = 0; x < width; x++) {
      const i = firsts[x]!;
      const share = shares[x]!;
      const top = upper[i]! + (upper[i + 1]! - upper[i]!) * share;
      const bottom = lower[i]! + (lower[i + 1]! - lower[i]!) * share;
      values[y * width + x]! += top + (bottom - top) * down;
    }
  }
}

function ease(t: number): number {
  return t * t * (3 - 2 * t);
}
