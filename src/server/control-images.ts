import { EaselError } from '../core/errors';
import type { ServerContext } from './context';

/** Pixels of all control images of a request together. The engine takes as many in one image. */
const MOST_PIXELS = 2 ** 28;

/** A control image that was sent, and the field that has it. */
export interface SentControlImage {
  readonly field: string;
  readonly file: Uint8Array;
}

/**
 * Refuses control images that would take much memory once they are decoded.
 * @throws EaselError `bad-file`; `bad-request`
 */
export async function requireFewPixels(
  { options: { engine } }: ServerContext,
  images: readonly SentControlImage[],
): Promise<void> {
  let pixels = 0;
  for (const { field, file } of images) {
    const { width, height } = await engine.call('size', { file });
    pixels += width * height;
    if (pixels <= MOST_PIXELS) continue;
    throw new EaselError(
      'bad-request',
      `${field}: the control images have more than ${Math.floor(MOST_PIXELS / 1e6)} million pixels together. Send smaller ones.`,
      { field },
    );
  }
}
