import { cropToShape, fillToSize } from '../../core/image/control/fit';
import { preprocessControl } from '../../core/image/control/preprocess';
import { resizeLanczos } from '../../core/image/resize';
import type { ControlMapParams, ImageFile } from '../../protocol/images';
import { decodeImage, openPixels } from './sharp-image';

/**
 * Makes of an image what a ControlNet follows, in the shape that is drawn.
 * @throws EaselError `bad-file`; `bad-size` where a QR code does not fit
 */
export async function controlMap(params: ControlMapParams): Promise<ImageFile> {
  const { file, preprocess, tuning, behind, at, fit } = params;
  const decoded = await decodeImage(file, behind, 'control image');
  const image = fit?.how === 'crop' ? cropToShape(decoded, fit) : decoded;
  const map = preprocessControl(preprocess, image, at ?? image, tuning);
  const fitted = !fit
    ? map
    : fit.how === 'fill'
      ? fillToSize(map, fit)
      : resizeLanczos(map, fit.width, fit.height);
  const { width, height } = fitted;
  const bytes = await (await openPixels(fitted)).png({ compressionLevel: 1 }).toBuffer();
  return { width, height, format: 'png', bytes };
}
