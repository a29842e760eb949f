import type { Sharp } from 'sharp';
import type { ImageFormat } from '../../core/image/formats';
import { embedRecipe, readRecipe, recipeTexts, type Recipe } from '../../core/recipe/index';
import { makeBlocks } from '../../core/recipe/metadata';
import { fromUtf8 } from '../../core/recipe/files/byte-reader';
import type { ConvertedImage, ConvertParams } from '../../protocol/images';
import { badPicture, openPicture } from './sharp-library';
import { traceSvg } from './trace';

/** How much the lossy formats keep, where nothing is asked: hardly visible losses. */
const QUALITY = { webp: 90, jpeg: 90, avif: 65 } as const;

/**
 * A picture in another format, or another size: cut around its middle where the sides' ratio differs, as
 * CSS' `object-fit: cover`. Its recipe goes along.
 * @throws EaselError `bad-file`
 */
export async function convertImage(params: ConvertParams): Promise<ConvertedImage> {
  const { file, format, width, height, quality } = params;
  const recipe = readRecipe(file);
  const picture = (await openPicture(file)).resize({ width, height, fit: 'cover' });
  if (format === 'svg') return traceSvg(picture, recipe);
  try {
    const encoded = encode(picture, format, quality, recipe);
    const { data, info } = await encoded.toBuffer({ resolveWithObject: true });
    const written = recipe && format !== 'avif' ? embedRecipe(data, recipe) : data;
    return { file: written, width: info.width, height: info.height };
  } catch (thrown) {
    throw badPicture(thrown);
  }
}

function encode(
  picture: Sharp,
  format: Exclude<ImageFormat, 'svg'>,
  quality: number | undefined,
  recipe: Recipe | undefined,
): Sharp {
  switch (format) {
    case 'png':
      return picture.png({ compressionLevel: 9 });
    case 'webp':
      return picture.webp({ quality: quality ?? QUALITY.webp, smartSubsample: true });
    case 'jpeg':
      return picture
        .flatten({ background: '#ffffff' })
        .jpeg({ quality: quality ?? QUALITY.jpeg, chromaSubsampling: '4:4:4' });
    case 'avif': {
      const encoded = picture.avif({ quality: quality ?? QUALITY.avif });
      if (!recipe) return encoded;
      const texts = recipeTexts(recipe);
      // libheif writes the boxes around these; the comment is for other tools.
      return encoded
        .withExif({ IFD2: { UserComment: texts.parameters } })
        .withXmp(fromUtf8(makeBlocks(texts).xmp));
    }
  }
}
