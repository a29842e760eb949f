import { createNoise2D } from 'simplex-noise';

import type { Random } from '../../random';

/** Smooth noise along a line: about -1 to 1, one rise and fall in two units. */
export function createRelief(random: Random): (place: number, row?: number) => number {
  const noise = createNoise2D(() => random.next());
  const offset = random.range(0, 100);
  return (place, row = 0) => noise(place + offset, row * 7.3 + offset);
}

/** Noise with finer noise on it: `octaves` times half as large and twice as fine. */
export function createFractal(
  random: Random,
  octaves: number,
  keep = 0.5,
): (x: number, y: number) => number {
  const noise = createNoise2D(() => random.next());
  return (x, y) => {
    let [sum, weight, scale, total] = [0, 1, 1, 0];
    for (let octave = 0; octave < octaves; octave++) {
      sum += noise(x * scale + octave * 17.1, y * scale) * weight;
      total += weight;
      weight *= keep;
      scale *= 2;
    }
    return sum / total;
  };
}
