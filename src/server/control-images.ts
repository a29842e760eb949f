import { EaselError } from '../core/errors';
import type { Size } from '../core/image/resize';
import type { ServerContext } from './context';

/** Pixels of all control images of a request together. The engine takes as many in one image. */
const MOST_PIXELS = 2 ** 28;

/** A control image that was sent, and the field that has it. */
export interface SentControlImage {
  readonly field: string;
  readonly file: Uint8Array;
}

/** What was read of files that were sent; it goes with them. */
const SIZES = new WeakMap<Uint8Array, Promise<Size>>();

/**
 * The size of an image that was sent, in pixels. The engine gets the file once, however often its size is asked for.
 * @throws EaselError `bad-file`
 */
export function sentSize({ options: { engine } }: ServerContext, file: Uint8Array): Promise<Size> {
  const size = SIZES.get(file) ?? engine.call('size', { file });
  SIZES.set(file, size);
  return size;
}

/**
 * Refuses control images that would take much memory once they are decoded.
 * @throws EaselError `bad-file`; `bad-request`
 */
export async function requireFewPixels(
  context: ServerContext,
  images: readonly SentControlImage[],
): Promise<void> {
  let pixels = 0;
  for (const { field, file } of images) {
    const { width, height } = await sentSize(context, file);
    pixels += width * height;
    if (pixels <= MOST_PIXELS) continue;
    throw new EaselError(
      'bad-request',
      `${field}: the control images have more than ${Math.floor(MOST_PIXELS / 1e6)} million pixels together. Send smaller ones.`,
      { field },
    );
  }
}
