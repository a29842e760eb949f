import type { RgbaImage } from './pixels';

/** Pixels: lossy formats store blocks of 8. */
const REACH = 8;

/**
 * Gives the transparent pixels around a subject its colours. Lossy formats store colours in blocks, in which the
 * colour of transparent pixels mixes into the subject's edge.
 */
export function spreadColours({ width, height, alpha, data }: RgbaImage): RgbaImage {
  const spread = Uint8Array.from(data);
  /** The round in which a pixel got its colour, from 1; 0 where it has none yet. */
  const rounds = new Uint8Array(width * height);
  for (let pixel = 0; pixel < rounds.length; pixel++) {
    if (data[pixel * 4 + 3]! > 0) rounds[pixel] = 1;
  }

  /** Takes the mean of the neighbours that got their colour in an earlier round. */
  const fill = (pixel: number, round: number): boolean => {
    let [red, green, blue, count] = [0, 0, 0, 0];
    const x = pixel % width;
    const [left, right] = [x > 0 ? -1 : 0, x < width - 1 ? 1 : 0];
    for (let row = pixel - width; row <= pixel + width; row += width) {
      if (row < 0 || row >= rounds.length) continue;
      for (let near = row + left; near <= row + right; near++) {
        const found = rounds[near]!;
        if (found === 0 || found === round) continue;
        red += spread[near * 4]!;
        green += spread[near * 4 + 1]!;
        blue += spread[near * 4 + 2]!;
        count += 1;
      }
    }
    if (count === 0) return false;
    spread[pixel * 4] = red / count;
    spread[pixel * 4 + 1] = green / count;
    spread[pixel * 4 + 2] = blue / count;
    rounds[pixel] = round;
    return true;
  };

  // Only pixels beside those of the last round can get a colour, so later rounds look at those alone.
  let filled: number[] = [];
  for (let pixel = 0; pixel < rounds.length; pixel++) {
    if (rounds[pixel] === 0 && fill(pixel, 2)) filled.push(pixel);
  }
  for (let round = 3; round < REACH + 2; round++) {
    const next: number[] = [];
    for (const pixel of filled) {
      const x = pixel % width;
      for (let row = pixel - width; row <= pixel + width; row += width) {
        if (row < 0 || row >= rounds.length) continue;
        for (let near = row - (x > 0 ? 1 : 0); near <= row + (x < width - 1 ? 1 : 0); near++) {
          if (rounds[near] === 0 && fill(near, round)) next.push(near);
        }
      }
    }
    filled = next;
  }
  return { width, height, alpha, data: spread };
}
