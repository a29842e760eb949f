import type { RgbaImage } from '../pixels';
import type { EffectOptions } from './effect';
import {
  chroma,
  labOfHex,
  mixLab,
  over,
  paint,
  planesOf,
  resizeLab,
  toLab,
  type Lab,
  type LabImage,
} from './lab-image';
import { byLightness, shade } from './palette';
import { blur, clamp01 } from './planes';
import { flattened, isScene, unitOf } from './regions';
import { toneRange } from './tones';

/** A dark and a light colour for those who have no palette; the seed chooses. */
const PAIRS = [
  ['#1d1a5e', '#ff8a70'],
  ['#0b3954', '#7ee8c9'],
  ['#3b0f5c', '#ffc24b'],
  ['#14213d', '#7cc6fe'],
  ['#4a0d2b', '#ffb3c1'],
] as const;

/** How far the light around a subject reaches that stands on a ground, in units. */
const HALO = 4;

/** Duotone: dark parts in one colour, light parts in another, and mixtures of both between. */
export function duotone(
  image: RgbaImage,
  { seed, palette, background, fixed = false }: EffectOptions,
): RgbaImage {
  const source = toLab(image);
  const isCutOut = !isScene(source);
  const [dark, light] = twoTones(palette, seed);
  const tones = isCutOut ? evenTones(source) : source.lightness;
  const [low, high] = toneRange({ ...source, lightness: tones });
  const tone = (lightness: number) => contrast(clamp01((lightness - low) / (high - low)));
  // The ground is a paler version of the light colour, so that the subject's light parts stand out.
  const ground = shade(light, 0.72);
  const halo = isCutOut && fixed ? blur(planesOf(source).opacity, HALO * unitOf(image)) : undefined;
  return paint(image, (i, _x, y) => {
    // A subject of one tone is lit from above.
    const lit = isCutOut ? 0.08 - (0.36 * y) / image.height : 0;
    const colour = mixLab(dark, light, tone(tones[i]! + lit * (high - low)));
    const opacity = source.opacity[i]!;
    if (background !== undefined) return [mixLab(ground, colour, opacity), 1];
    return over(colour, opacity, light, halo ? halo.values[i]! * 0.75 : 0);
  });
}

/** Lightness without the spots that a model leaves in even parts. */
function evenTones(source: LabImage): Float32Array {
  const flat = resizeLab(flattened(source), source.width, source.height).lightness;
  return source.lightness.map((value, i) => value * 0.3 + flat[i]! * 0.7);
}

function twoTones(palette: readonly string[] | undefined, seed: number): readonly [Lab, Lab] {
  const colours = byLightness(palette);
  const [dark, light] = [colours[0], colours.at(-1)];
  if (!dark || !light) {
    const [low, high] = PAIRS[seed % PAIRS.length]!;
    return [labOfHex(low), labOfHex(high)];
  }
  if (light[0] - dark[0] >= 0.25) return [dark, light];
  // One colour, or ones that are equally light: its own dark or light version goes with it.
  return dark[0] > 0.6
    ? [shade(dark, -0.65), dark]
    : [dark, [0.93, dark[1] * 0.2, dark[2] * 0.2 + (chroma(dark) < 0.02 ? 0 : 0.01)]];
}

function contrast(tone: number): number {
  return tone * 0.4 + tone * tone * (3 - 2 * tone) * 0.6;
}
