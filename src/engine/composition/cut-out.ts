import { cutOut, matte, removedIfAny } from '../../core/image/background';
import { crop, seenBox, withOpacity } from '../../core/image/layers';
import type { DrawnImage, RgbaImage } from '../../core/image/pixels';

/**
 * What a model drew, without its background, cropped to what is seen.
 * @returns undefined where it drew nothing
 */
export function cutOutSubject(drawn: DrawnImage): RgbaImage | undefined {
  const whole = removeBackgroundIfAny(drawn);
  const box = seenBox(whole);
  return box && crop(whole, box);
}

/** By the opacity that the model predicted, else by the flat colour around the subject; else all of it. */
export function removeBackgroundIfAny(drawn: DrawnImage): RgbaImage {
  const removed = removedIfAny(() => (drawn.opacity ? matte(drawn, drawn.opacity) : cutOut(drawn)));
  if (removed) return removed;
  const image = withOpacity(drawn);
  if (drawn.opacity && isClear(drawn.opacity)) image.data.fill(0);
  return image;
}

/** Whether almost nothing was drawn, rather than something that fills the image. */
function isClear(opacity: Uint8Array): boolean {
  return opacity.reduce((sum, value) => sum + value, 0) / opacity.length < 128;
}
