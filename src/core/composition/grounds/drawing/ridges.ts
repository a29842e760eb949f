import type { Random } from '../../random';
import { simplified, type Point } from './curves';
import { createFractal, createRelief } from './relief';

/** A smooth line of hills across the width. */
export function hillLine(
  random: Random,
  width: number,
  base: number,
  rise: number,
  length: number,
): Point[] {
  const relief = createRelief(random);
  const steps = Math.min(28, Math.max(6, Math.ceil((width / length) * 4)));
  return Array.from({ length: steps + 3 }, (_, index) => {
    const x = ((index - 1) / steps) * width;
    return { x, y: base - rise * (0.5 + 0.5 * relief(x / length)) };
  });
}

/** A jagged line of far mountains across the width. */
export function ridgeLine(
  random: Random,
  width: number,
  base: number,
  rise: number,
  length: number,
): Point[] {
  const fractal = createFractal(random, 4, 0.48);
  const steps = Math.min(160, Math.max(24, Math.ceil((width / length) * 22)));
  const points = Array.from({ length: steps + 3 }, (_, index) => {
    const x = ((index - 1) / steps) * width;
    // The valleys of |noise| are sharp: turned over they are peaks.
    return { x, y: base - rise * (1 - Math.abs(fractal(x / length, 0)) * 1.5) };
  });
  return simplified(points, Math.max(0.4, rise * 0.022));
}

export interface Peak {
  readonly x: number;
  readonly y: number;
  /** From the foot on the left over the top to the foot on the right. */
  readonly outline: Point[];
  /** From the top down: where the lit side and the shaded side meet. */
  readonly spine: Point[];
}

/** One mountain with straight, slightly broken sides. */
export function createPeak(
  random: Random,
  x: number,
  foot: number,
  rise: number,
  half: number,
): Peak {
  const top = { x, y: foot - rise };
  const side = (sign: number): Point[] => {
    const parts = 5;
    return Array.from({ length: parts }, (_, index) => {
      const share = (index + 1) / parts;
      const bend = index === parts - 1 ? 0 : random.range(-0.05, 0.06);
      return {
        x: x + sign * half * (share ** 1.06 + bend),
        y:
          foot -
          rise * (1 - share) +
          random.range(-0.02, 0.02) * rise * (index === parts - 1 ? 0 : 1),
      };
    });
  };
  const left = side(-1).reverse();
  const right = side(1);
  const spine = [top];
  for (let step = 1; step <= 5; step++) {
    const share = step / 5;
    spine.push({
      x: x + half * (share * 0.12 + (step % 2 === 0 ? -0.06 : 0.1) * Math.min(1, share * 1.6)),
      y: foot - rise * (1 - share),
    });
  }
  return { ...top, outline: [...left, top, ...right], spine };
}
