import type { PendingImage } from '../../core/image/pixels';
import { openImage } from '../images/sharp-image';
import { requireMemory } from '../runtime/memory';

/** Bytes for each pixel of an image that is resized: its colours, and a turned copy of them. */
const BYTES_PER_PIXEL = 2 * 3;

/**
 * Opens an image of a request. Its size is known at once, so that a job can be planned and refused before the pixels
 * are decoded.
 * @param background the colour behind transparent pixels, CSS hexadecimal such as `#ffffff`
 * @param what the file's role, for messages
 * @throws EaselError `bad-file`; `not-enough-memory` where its pixels would not fit
 */
export async function openGivenImage(
  file: Uint8Array,
  background: string,
  what: string,
): Promise<PendingImage> {
  const image = await openImage(file, background, what);
  const { width, height } = image;
  const name = `Reading the ${what} of ${width} × ${height} pixels`;
  requireMemory(width * height * BYTES_PER_PIXEL, name, 'Make it smaller.');
  return image;
}
