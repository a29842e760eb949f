import type { Sharp } from 'sharp';
import { EaselError } from '../../core/errors';
import type { Size } from '../../core/image/fit-size';
import type { RgbImage, RgbaImage } from '../../core/image/pixels';
import type { EncodedImage } from '../../protocol/engine';

/** Pictures larger than this many pixels are not sketches; decoding them would take gigabytes. */
const MAX_PIXELS = 2 ** 28;

/** Encodes 8-bit pixels as PNG, losslessly. */
export async function encodePng(image: RgbImage | RgbaImage): Promise<EncodedImage> {
  const { width, height } = image;
  const png = await (await openPixels(image)).png({ compressionLevel: 9 }).toBuffer();
  return { width, height, png };
}

/** Scales a picture to cover a size and cuts off what is over, the same on both sides. */
export async function fitImage<T extends RgbImage | RgbaImage>(image: T, size: Size): Promise<T> {
  const { width, height } = image;
  if (width === size.width && height === size.height) return image;
  const data = await (
    await openPixels(image)
  )
    .resize(size.width, size.height, { fit: 'cover', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  return { ...image, width: size.width, height: size.height, data };
}

async function openPixels(image: RgbImage | RgbaImage): Promise<Sharp> {
  const sharp = await loadSharp();
  const { width, height, data } = image;
  return sharp(data, { raw: { width, height, channels: 'alpha' in image ? 4 : 3 } });
}

/**
 * Decodes an image file of any format the library reads: turned upright by its EXIF orientation, laid on
 * the background where it is transparent, as 8-bit sRGB.
 * @param background a CSS colour in hexadecimal, such as `#ffffff`
 * @throws EaselError `bad-file`
 */
export async function decodeImage(
  file: Uint8Array,
  background: string,
  what: string,
): Promise<RgbImage> {
  const sharp = await loadSharp();
  try {
    const { data, info } = await sharp(file, { limitInputPixels: MAX_PIXELS })
      .rotate()
      .flatten({ background })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
    return { width: info.width, height: info.height, data };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EaselError('bad-file', `The ${what} cannot be read as a picture: ${reason}.`, {}, {
      cause: thrown,
    }); // prettier-ignore
  }
}

/** Loaded on first use: probing devices or listing models needs no image library. */
async function loadSharp(): Promise<typeof import('sharp').default> {
  return (await import('sharp')).default;
}
