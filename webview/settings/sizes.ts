import type { StudioStringKey } from '../../src/protocol/studio-strings';

/** Common aspect ratios, width : height. */
const RATIOS = [
  [1, 1],
  [4, 3],
  [3, 2],
  [16, 9],
  [2, 1],
  [3, 4],
  [2, 3],
  [9, 16],
] as const;

/** The text that says what images of a ratio are for. */
export const PURPOSES: Readonly<Record<string, StudioStringKey>> = {
  '1:1': 'sizeSquare',
  '4:3': 'sizeIllustration',
  '3:2': 'sizePhoto',
  '16:9': 'sizeHero',
  '2:1': 'sizeBanner',
  '3:4': 'sizePortrait',
  '2:3': 'sizePoster',
  '9:16': 'sizePhone',
};

/** A size in pixels. */
export interface SizeChoice {
  readonly width: number;
  readonly height: number;
  /** Such as `16:9`. */
  readonly ratio: string;
}

/** A model's default size in pixels; each side of an image must be a multiple of `multiple`. */
export interface ModelSize {
  readonly width: number;
  readonly height: number;
  readonly multiple: number;
}

/**
 * Sizes in common aspect ratios with about the area of the model's default size. Other areas give worse
 * images, because the model was trained on this one.
 */
export function sizeChoices(own: ModelSize): SizeChoice[] {
  const side = Math.sqrt(own.width * own.height);
  // The VAE reduces a side by 8 and the UNet by 8 more: multiples of 64 need no padding inside the UNet.
  const multiple = own.multiple < 16 && side >= 384 ? 64 : own.multiple;
  const seen = new Set<string>();
  const choices: SizeChoice[] = [];
  for (const [wide, high] of RATIOS) {
    const width = nearest(side * Math.sqrt(wide / high), multiple);
    const height = nearest(side * Math.sqrt(high / wide), multiple);
    const key = `${width}x${height}`;
    if (seen.has(key)) continue;
    seen.add(key);
    choices.push({ width, height, ratio: `${wide}:${high}` });
  }
  return choices;
}

/** The nearest multiple to a length in pixels; at least one `multiple`. */
export function nearest(length: number, multiple: number): number {
  return Math.max(multiple, Math.round(length / multiple) * multiple);
}
