/** Ratios that people ask for, wider first. */
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

export interface SizeChoice {
  readonly width: number;
  readonly height: number;
  /** As people say it, such as `16:9`. */
  readonly ratio: string;
}

export interface OwnSize {
  readonly width: number;
  readonly height: number;
  readonly multiple: number;
}

/**
 * Sizes in the usual ratios with about as many pixels as the model's own, each side a multiple of what
 * the model takes. Models drift away from what they learnt when the area does, so the area is kept.
 */
export function sizeChoices(own: OwnSize): SizeChoice[] {
  const side = Math.sqrt(own.width * own.height);
  // Latents of eight pixels a cell are halved three more times in a UNet; even sizes draw best.
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

/** The multiple nearest to a length in pixels, at least one. */
export function nearest(length: number, multiple: number): number {
  return Math.max(multiple, Math.round(length / multiple) * multiple);
}
