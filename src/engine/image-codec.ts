import type { RgbImage } from '../core/pixels';
import type { EncodedImage } from '../protocol/engine';

/** Encodes 8-bit RGB as PNG, losslessly. */
export async function encodePng(image: RgbImage): Promise<EncodedImage> {
  // Loaded on first use: probing devices or listing models needs no image library.
  const { default: sharp } = await import('sharp');
  const { width, height } = image;
  const png = await sharp(image.data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  return { width, height, png };
}
