import type sharpFunction from 'sharp';
import type { Sharp } from 'sharp';
import { EaselError } from '../../core/errors';

/** Pictures larger than this many pixels are refused; decoding them would take gigabytes. */
const MAX_PIXELS = 2 ** 28;

/** Loaded on first use: probing devices or listing models needs no image library. */
export async function loadSharp(): Promise<typeof sharpFunction> {
  return (await import('sharp')).default;
}

/**
 * Opens a picture of any format that sharp reads, turned upright by its EXIF orientation, as sRGB.
 * @throws EaselError `bad-file`
 */
export async function openPicture(file: Uint8Array): Promise<Sharp> {
  const sharp = await loadSharp();
  try {
    const picture = sharp(file, { limitInputPixels: MAX_PIXELS }).rotate().toColourspace('srgb');
    await picture.metadata();
    return picture;
  } catch (thrown) {
    throw badPicture(thrown);
  }
}

/** The error for a picture that sharp cannot read. */
export function badPicture(thrown: unknown): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new EaselError(
    'bad-file',
    `The picture cannot be read: ${reason}.`,
    {},
    { cause: thrown },
  );
}
