import { change, mix, oklch } from '../../colours';
import { num } from '../drawing/canvas';
import { layers, seen } from '../drawing/surface-palette';
import type { SurfaceContext } from '../surface';

/** Neighbouring tones around the base, the base among them, and the other colours that were asked for. */
export function tones({ palette, quiet }: SurfaceContext, count: number): string[] {
  const { base, accents, asked } = palette;
  const { l, c } = oklch(base);
  const reach = quiet ? 0.5 : 1;
  if (!asked && accents.length === 0)
    // On a colourful base other hues are far: only hints of them.
    return [base, ...layers(palette, count - 1, (c > 0.08 ? 0.45 : 0.8) * reach)];
  const [accent, other] = accents;
  const isPale = c < 0.05 && l > 0.85;
  if (accent !== undefined && isPale && !asked)
    return Array.from({ length: count }, (_, index) =>
      mix(base, accent, ((index * 0.6) / count) * reach),
    );
  const spread = 0.16 * reach;
  // Around black and white there is room on one side only.
  const lowest = Math.min(0.985 - spread, Math.max(0, l - spread / 2));
  const own = Array.from({ length: count }, (_, index) =>
    change(base, { l: lowest + (index / (count - 1)) * spread }),
  );
  if (!asked || accent === undefined) return own;
  // The middle of them is the most frequent.
  const [first, second] = [accent, other ?? accent].map((colour) => seen(base, colour, 0.07));
  const [low, high] = isPale
    ? [mix(base, first!, 0.4), mix(base, second!, 0.4)]
    : [own[1]!, own.at(-2)!];
  return [first!, low, base, high, second!, ...accents.slice(2, 3)];
}

/**
 * Chooses a tone for each place so that tones gather in patches, not as a camouflage of chance. The patches
 * repeat with the image.
 */
export function createPatches(
  { random, palette }: SurfaceContext,
  colours: readonly string[],
): (u: number, v: number) => string {
  const [across, down] = [random.int(1, 2), random.int(1, 2)];
  const [first, second] = [random.next(), random.next()];
  const wave = (turns: number): number => Math.sin(turns * 2 * Math.PI);
  return (u, v) => {
    const patch = wave(u * across + first + 0.25 * wave(v)) + wave(v * down + second);
    const place = 0.5 + patch * 0.23 + random.range(-0.28, 0.28);
    if (palette.accents.length > 0 && !palette.asked && random.chance(0.07))
      return random.pick(palette.accents);
    return colours[Math.min(colours.length - 1, Math.max(0, Math.floor(place * colours.length)))]!;
  };
}

/** Collects paths by colour: one element for each. */
export class Groups {
  private readonly paths = new Map<string, string>();
  add(colour: string, d: string): void {
    this.paths.set(colour, (this.paths.get(colour) ?? '') + d);
  }
  /**
   * Each in its own colour, with a hair of stroke so that no gap shows between neighbours.
   * @param joint the colour and the width of a line around each instead
   */
  draw(
    { canvas, palette }: SurfaceContext,
    joint?: readonly [colour: string, width: number],
  ): void {
    for (const [colour, d] of this.paths) {
      const [stroke, width] = joint ?? [colour, 0.6];
      if (joint !== undefined || colour !== palette.base)
        canvas.path(d, colour, `stroke="${stroke}" stroke-width="${num(width, 2)}"`);
    }
  }
}
