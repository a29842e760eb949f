import type { RgbImage } from '../../core/pixels';
import { drawnRecipe, embedRecipe, type Drawing } from '../../core/recipe';
import type { GenerationRequest } from '../../core/request';
import { VERSION } from '../../core/version';
import type { PictureFile } from '../../protocol/engine';
import { encodePng } from '../image-codec';
import { convertImage } from './convert';

/**
 * A finished picture as the file that its request asks for: in its format, with how it was made in its
 * metadata unless that is to be left out.
 */
export async function encodePicture(
  image: RgbImage,
  drawing: Omit<Drawing, 'version' | 'request'> & { readonly request: GenerationRequest },
): Promise<PictureFile> {
  const { metadata, format } = drawing.request;
  const { png, width, height } = await encodePng(image);
  const recipe = metadata ? drawnRecipe({ ...drawing, version: VERSION }) : undefined;
  const whole = recipe ? embedRecipe(png, recipe) : png;
  if (format === 'png') return { width, height, format, bytes: whole };
  const { file, ...size } = await convertImage({ file: whole, format });
  return { ...size, format, bytes: file };
}
