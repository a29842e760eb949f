import { formatOfFileName } from '../../src/core/image/formats';
import type { StudioImage } from '../../src/protocol/studio';

/** The prompt, or the file name where the image was drawn from a sketch alone. */
export function imageTitle({ request, name }: StudioImage): string {
  const prompt = request?.prompt ?? '';
  return prompt === '' ? name : prompt;
}

/** Whether an image is made of pixels: outlines have any size, and are not made larger. */
export function hasPixels({ name }: StudioImage): boolean {
  return formatOfFileName(name) !== 'svg';
}
