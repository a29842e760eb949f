import type { default as SharpFactory, Sharp } from 'sharp';
import { EaselError } from '../../core/errors';
import type { Size } from '../../core/image/resize';
import type { RgbImage, RgbaImage } from '../../core/image/pixels';

/** Larger images are refused: their decoded pixels would take gigabytes. */
const MAX_PIXELS = 2 ** 28;

/** sharp, loaded on first use: device probes and model lists work without an image library. */
async function loadSharp(): Promise<typeof SharpFactory> {
  return (await import('sharp')).default;
}

/** Opens 8-bit pixels for sharp. */
export async function openPixels(image: RgbImage | RgbaImage): Promise<Sharp> {
  const sharp = await loadSharp();
  const { width, height, data } = image;
  return sharp(data, { raw: { width, height, channels: 'alpha' in image ? 4 : 3 } });
}

/**
 * Opens an image file of any format that sharp reads, turned upright by its EXIF orientation, as sRGB.
 * @param what the file's role, for the error message
 * @throws EaselError `bad-file`
 */
export async function openFile(file: Uint8Array, what = 'image'): Promise<Sharp> {
  const sharp = await loadSharp();
  try {
    const image = sharp(file, { limitInputPixels: MAX_PIXELS }).rotate().toColourspace('srgb');
    await image.metadata();
    return image;
  } catch (thrown) {
    throw unreadableImage(thrown, what);
  }
}

/**
 * Renders what sharp will do to an image into pixels of its own. sharp resizes at most once per
 * pipeline, so that a second resize needs this between.
 */
export async function renderPixels(image: Sharp): Promise<Sharp> {
  const sharp = await loadSharp();
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } });
}

/**
 * Resizes to cover a size and crops the rest evenly, as CSS `object-fit: cover`. With one side given the
 * other keeps the ratio.
 */
export function resizeToCover(image: Sharp, { width, height }: Partial<Size>): Sharp {
  return image.resize({ width, height, fit: 'cover', kernel: 'lanczos3' });
}

/**
 * Decodes an image file to 8-bit sRGB without opacity.
 * @param background the colour behind transparent pixels, CSS hexadecimal such as `#ffffff`
 * @param what the file's role, for the error message
 * @throws EaselError `bad-file`
 */
export async function decodeImage(
  file: Uint8Array,
  background: string,
  what: string,
): Promise<RgbImage> {
  const image = (await openFile(file, what)).flatten({ background });
  try {
    const { data, info } = await image
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
    return { width: info.width, height: info.height, data };
  } catch (thrown) {
    throw unreadableImage(thrown, what);
  }
}

/** The error for an image file that sharp cannot read. */
export function unreadableImage(thrown: unknown, what = 'image'): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `The ${what} cannot be read: ${reason}.`;
  return new EaselError('bad-file', message, {}, { cause: thrown });
}
