import { cutOut } from '../../core/image/cutout';
import { matte } from '../../core/image/matte';
import type { DrawnImage, RgbaImage } from '../../core/image/pixels';
import { drawnRecipe, embedRecipe, type Drawing } from '../../core/recipe/index';
import type { GenerationRequest } from '../../core/request/request';
import { VERSION } from '../../core/version';
import type { PictureFile } from '../../protocol/engine';
import { encodePng, fitImage } from './codec';
import { convertImage } from './convert';

/**
 * A finished picture as the file that its request asks for: without its background, at its size, in its
 * format, with how it was made in its metadata unless that is to be left out.
 * @throws EaselError `background-not-flat`
 */
export async function encodePicture(
  image: DrawnImage,
  drawing: Omit<Drawing, 'version' | 'request'> & { readonly request: GenerationRequest },
): Promise<PictureFile> {
  const { metadata, format, fit, transparent } = drawing.request;
  const shown = transparent ? withoutBackground(image) : image;
  const { png, width, height } = await encodePng(fit ? await fitImage(shown, fit) : shown);
  const recipe = metadata ? drawnRecipe({ ...drawing, version: VERSION }) : undefined;
  const whole = recipe ? embedRecipe(png, recipe) : png;
  if (format === 'png') return { width, height, format, bytes: whole };
  const { file, ...size } = await convertImage({ file: whole, format });
  return { ...size, format, bytes: file };
}

/** By the model's own opacity where it knows one, else by the flat colour around the subject. */
function withoutBackground(image: DrawnImage): RgbaImage {
  return image.opacity ? matte(image, image.opacity) : cutOut(image);
}
