import { toSvgFile, type VectorImage } from '../../core/composition/vector-image';
import { toUtf8 } from '../../core/recipe/files/byte-reader';
import type { RgbaImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { openFile, rgbaPixels } from '../images/sharp-image';

/** The pixels of a drawing in vectors, at a size. */
export async function rasterise(image: VectorImage, { width, height }: Size): Promise<RgbaImage> {
  return rgbaPixels(await openFile(toUtf8(toSvgFile(image, width, height))));
}
