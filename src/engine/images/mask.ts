import { EaselError } from '../../core/errors';
import type { ImageFile, MaskParams } from '../../protocol/images';
import { openFile, openPixels, rgbaPixels, unreadableImage } from './sharp-image';

/**
 * A mask of a request, white where the image is drawn anew, from one of another convention.
 * @throws EaselError `bad-file`; `bad-request` where nothing of the file would be white
 */
export async function convertMask({ file, white }: MaskParams): Promise<ImageFile> {
  const image = await openFile(file, 'mask');
  const read = await rgbaPixels(image).catch((thrown: unknown) => {
    throw unreadableImage(thrown, 'mask');
  });
  const { width, height, data } = read;
  const mask = new Uint8Array(width * height * 3);
  let largest = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [red, green, blue, alpha] = data.subarray(pixel * 4, pixel * 4 + 4);
    const shown = white === 'dark' ? Math.max(red!, green!, blue!) : alpha!;
    const value = 255 - shown;
    largest = Math.max(largest, value);
    mask.fill(value, pixel * 3, pixel * 3 + 3);
  }
  if (largest < HALF) throw nothingWhite(white);
  const encoder = (await openPixels({ width, height, data: mask })).png({ compressionLevel: 1 });
  return { width, height, format: 'png', bytes: await encoder.toBuffer() };
}

/** Where a mask counts as white. */
const HALF = 128;

function nothingWhite(white: MaskParams['white']): EaselError {
  const message =
    white === 'transparent'
      ? 'The mask has no transparent part, so nothing of the image would change. Make transparent what is to be drawn anew.'
      : 'The mask has no dark part, so nothing of the image would change.';
  return new EaselError('bad-request', message, { field: 'mask' });
}

/**
 * A mask as OpenAI takes it: a PNG that is transparent where the image is to be drawn anew.
 * @param mask an image file that is white there, and black where the image stays
 */
export async function transparentWhere(mask: Uint8Array): Promise<Uint8Array> {
  const { data, ...size } = await rgbaPixels(await openFile(mask, 'mask'));
  const drawn = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at += 4) drawn[at + 3] = 255 - data[at]!;
  return (await openPixels({ ...size, data: drawn })).png().toBuffer();
}
