import { layoutSheet } from '../../core/sheet/layout';
import { toSvgFile } from '../../core/composition/vector-image';
import { toUtf8 } from '../../core/recipe/files/byte-reader';
import type { ContactSheetParams, ImageFile } from '../../protocol/images';
import { encodeSheet } from './image-file';
import { openFile, renderPixels } from './sharp-image';

const WHITE = '#ffffff';

/**
 * Draws images in columns and rows with labels, as one image file.
 * @throws EaselError `bad-file` where an image cannot be read
 */
export async function contactSheet({
  files,
  format,
  recipe,
  ...texts
}: ContactSheetParams): Promise<ImageFile> {
  const images = await Promise.all(
    files.map(async (file) => file && (await (await openFile(file)).metadata()).autoOrient),
  );
  const largest = {
    width: Math.max(1, ...images.map((image) => image?.width ?? 1)),
    height: Math.max(1, ...images.map((image) => image?.height ?? 1)),
  };
  const { ground, places, scale } = layoutSheet(texts, largest, images.map(Boolean));
  const layers: { input: Buffer; left: number; top: number }[] = [];
  for (const [index, file] of files.entries()) {
    const size = images[index];
    const place = places[index];
    if (!file || !size || !place) continue;
    const width = Math.max(1, Math.round(size.width * scale));
    const height = Math.max(1, Math.round(size.height * scale));
    const image = (await openFile(file)).flatten({ background: WHITE });
    const input = await image
      .resize({ width, height, fit: 'fill', kernel: 'lanczos3' })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const [left, top] = [Math.floor(place.x - width / 2), Math.floor(place.y - height / 2)];
    layers.push({ input, left, top });
  }
  const paper = await renderPixels(await openFile(toUtf8(toSvgFile(ground))));
  const sheet = await renderPixels(paper.composite(layers).flatten({ background: WHITE }));
  return encodeSheet(sheet, format, recipe);
}
