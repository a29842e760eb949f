import { cutOut } from '../../core/cutout';
import type { RgbImage } from '../../core/pixels';
import { drawnRecipe, embedRecipe, type Drawing } from '../../core/recipe';
import type { GenerationRequest } from '../../core/request';
import { VERSION } from '../../core/version';
import type { PictureFile } from '../../protocol/engine';
import { encodePng, fitImage } from '../image-codec';
import { convertImage } from './convert';

/**
 * A finished picture as the file that its request asks for: without its background, at its size, in its
 * format, with how it was made in its metadata unless that is to be left out.
 * @throws EaselError `background-not-flat`
 */
export async function encodePicture(
  image: RgbImage,
  drawing: Omit<Drawing, 'version' | 'request'> & { readonly request: GenerationRequest },
): Promise<PictureFile> {
  const { metadata, format, fit, transparent } = drawing.request;
  const shown = transparent ? cutOut(image) : image;
  const { png, width, height } = await encodePng(fit ? await fitImage(shown, fit) : shown);
  const recipe = metadata ? drawnRecipe({ ...drawing, version: VERSION }) : undefined;
  const whole = recipe ? embedRecipe(png, recipe) : png;
  if (format === 'png') return { width, height, format, bytes: whole };
  const { file, ...size } = await convertImage({ file: whole, format });
  return { ...size, format, bytes: file };
}
