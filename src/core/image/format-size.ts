import { EaselError } from '../errors';
import type { ImageFormat } from './formats';
import type { Size } from './resize';

/** Pixels of a side that files of a format have at most (sharp, `AssertImageTypeDimensions`; libjpeg). Others: any. */
const LONGEST_SIDES: Readonly<Partial<Record<ImageFormat, number>>> = {
  webp: 16_383,
  avif: 16_384,
  jpeg: 65_500,
};

/** Why an image is too large for a file of a format; undefined where it is not. */
export function tooLargeFor(format: ImageFormat, { width, height }: Size): string | undefined {
  const { [format]: most = Infinity } = LONGEST_SIDES;
  if (Math.max(width, height) <= most) return undefined;
  return `The image has ${width} × ${height} pixels, and a ${format} file at most ${most} on a side.`;
}

/**
 * Refuses an image that cannot be saved in its format, before anything is computed.
 * @throws EaselError `bad-size`
 */
export function requireFormatSize(format: ImageFormat, { width, height }: Size): void {
  const why = tooLargeFor(format, { width, height });
  if (why === undefined) return;
  const advice = 'Choose the format png (--format png), or a smaller image.';
  throw new EaselError('bad-size', `${why} ${advice}`, { width, height, format });
}
