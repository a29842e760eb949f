import type { VectorImage } from '../../core/composition/vector-image';
import type { RgbaImage } from '../../core/image/pixels';
import { fromUtf8 } from '../../core/recipe/files/byte-reader';
import { openPixels } from '../images/sharp-image';
import { traceSvg } from '../images/trace';

/** A model's subject as vectors, in the coordinates of its pixels. */
export async function traceSubject(image: RgbaImage): Promise<VectorImage> {
  const { svg } = await traceSvg(await openPixels(image));
  const [, attributes = '', body = ''] = /<svg([^>]*)>([^]*)<\/svg>/.exec(fromUtf8(svg)) ?? [];
  const box = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(attributes);
  return {
    width: Number(box?.[1] ?? image.width),
    height: Number(box?.[2] ?? image.height),
    body,
  };
}
