import { toSvgFile, type VectorImage } from '../../core/composition/vector-image';
import { toUtf8 } from '../../core/recipe/files/byte-reader';
import type { RgbaImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { openFile } from '../images/sharp-image';

/** The pixels of a drawing in vectors, at a size. */
export async function rasterise(image: VectorImage, { width, height }: Size): Promise<RgbaImage> {
  const opened = await openFile(toUtf8(toSvgFile(image, width, height)));
  const { data, info } = await opened
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, alpha: true, data: new Uint8Array(data) };
}
