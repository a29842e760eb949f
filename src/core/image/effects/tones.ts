import { clamp01 } from './planes';
import type { LabImage } from './lab-image';

const LEAST_RANGE = 0.4;

/** The lightness of nearly the darkest and nearly the lightest pixels. */
export function toneRange({ lightness, opacity }: LabImage): readonly [number, number] {
  const counts = new Float64Array(101);
  let whole = 0;
  for (let i = 0; i < lightness.length; i++) {
    if (opacity[i]! < 0.5) continue;
    counts[Math.round(clamp01(lightness[i]!) * 100)]!++;
    whole++;
  }
  const at = (share: number) => {
    let sum = 0;
    const found = counts.findIndex((count) => (sum += count) >= whole * share);
    return Math.max(0, found) / 100;
  };
  const [low, high] = [at(0.02), at(0.98)];
  // A subject of one tone stays of one: a part of the range is always kept.
  const spare = Math.max(0, LEAST_RANGE - (high - low));
  return [Math.max(0, low - spare), Math.min(1.05, high + spare / 4)];
}

/** The image with its tones stretched from black to white, as far as it has dark and light ones. */
export function withFullTones(image: LabImage): LabImage {
  const [low, high] = toneRange(image);
  const gain = 0.92 / (high - low);
  return {
    ...image,
    lightness: image.lightness.map((value) => clamp01(0.06 + (value - low) * gain)),
    a: image.a.map((value) => value * Math.min(gain, 1.6)),
    b: image.b.map((value) => value * Math.min(gain, 1.6)),
  };
}
