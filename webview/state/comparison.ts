import * as v from 'valibot';
import type { StudioImage } from '../../src/protocol/studio';

/** Two images on top of each other, with a divider between them. */
export interface Comparison {
  /** The id of the image on the left of the divider. */
  readonly left: string;
  /** The id of the one on the right; undefined until it is chosen. */
  readonly right: string | undefined;
  /** Whether the next image that is clicked becomes the one on the right. */
  readonly isChoosing: boolean;
  /** Where the divider is, in percent of the width. */
  readonly divider: number;
}

const MIDDLE = 50;

const ComparisonSchema = v.object({
  left: v.string(),
  right: v.fallback(v.optional(v.string()), undefined),
  divider: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(100)), MIDDLE),
});

/** A comparison of an earlier life of the page; undefined for anything else. */
export function restoreComparison(saved: unknown): Comparison | undefined {
  const parsed = v.safeParse(ComparisonSchema, saved);
  if (!parsed.success) return undefined;
  const { left, right, divider } = parsed.output;
  return { left, right, divider, isChoosing: right === undefined };
}

/** Compares two images. */
export function compare(left: string, right: string, divider = MIDDLE): Comparison {
  return { left, right, divider, isChoosing: false };
}

/** Lets the user choose what an image is compared with; `right` stays in sight until then. */
export function chooseFor(left: string, right?: string, divider = MIDDLE): Comparison {
  return { left, right, divider, isChoosing: true };
}

/** The comparison after Escape: a choice is given up before the comparison itself is. */
export function stepBack(comparison: Comparison): Comparison | undefined {
  const { isChoosing, right } = comparison;
  return isChoosing && right !== undefined ? { ...comparison, isChoosing: false } : undefined;
}

/** The other way round; what is in sight of each image stays. */
export function swapped(comparison: Comparison): Comparison {
  const { left, right, divider } = comparison;
  return right === undefined ? comparison : compare(right, left, 100 - divider);
}

/** The ids of a comparison of which there is no image. */
export function missingOf(
  { left, right }: Comparison,
  images: readonly Pick<StudioImage, 'id'>[],
): readonly string[] {
  const compared = right === undefined ? [left] : [left, right];
  return compared.filter((id) => !images.some((image) => image.id === id));
}

/** Percent that the divider moves by a key, and by a key that moves it far. */
const STEP = 2;
const FAR = 10;

/**
 * Where a key moves the divider.
 * @param divider in percent of the width
 * @param far whether Shift is held
 * @returns undefined for keys that do not move it
 */
export function moveDivider(divider: number, key: string, far = false): number | undefined {
  const step = far ? FAR : STEP;
  const moved = {
    ArrowLeft: divider - step,
    ArrowDown: divider - step,
    ArrowRight: divider + step,
    ArrowUp: divider + step,
    PageDown: divider - FAR,
    PageUp: divider + FAR,
    Home: 0,
    End: 100,
  }[key];
  return moved === undefined ? undefined : withinWidth(moved);
}

/** A place inside of the images, in percent of their width. */
export function withinWidth(percent: number): number {
  return Math.min(100, Math.max(0, percent));
}

/** Width divided by height of the box that two images are shown in: each of them is cut down by as much. */
export function sharedRatio(left: number, right: number): number {
  return Math.sqrt(left * right);
}
