import { openFile, openPixels, rgbaPixels } from '../images/sharp-image';

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
