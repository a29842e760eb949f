import tracer from 'imagetracerjs';
import type { Sharp } from 'sharp';
import { embedRecipe, type Recipe } from '../../core/recipe/index';
import { toUtf8 } from '../../core/recipe/files/byte-reader';
import type { ConvertedImage } from '../../protocol/images';
import { badPicture, loadSharp } from './sharp-library';

/** Paths follow single pixels, so more of them only trace noise. */
const TRACED_SIDE = 512;
const COLOURS = 16;

const OPTIONS = {
  /** A palette from an even sample of the picture: no chance in it. */
  colorsampling: 2,
  numberofcolors: COLOURS,
  colorquantcycles: 3,
  /** How far, in pixels, lines and curves may leave what they trace. */
  ltres: 1,
  qtres: 1,
  /** Shorter outlines are specks. */
  pathomit: 8,
  roundcoords: 1,
  viewbox: true,
  desc: false,
} as const;

/**
 * Traces flat art (icons, line art, stickers) as an SVG drawing of a few colours. Photographs turn into
 * many patches.
 * @throws EaselError `bad-file`
 */
export async function traceSvg(
  picture: Sharp,
  recipe: Recipe | undefined,
): Promise<ConvertedImage> {
  try {
    // As a file of its own, because a pipeline resizes once only.
    const { data: png, info: size } = await picture.png().toBuffer({ resolveWithObject: true });
    const sharp = await loadSharp();
    const { data, info } = await sharp(png)
      .resize({ width: TRACED_SIDE, height: TRACED_SIDE, fit: 'inside', withoutEnlargement: true })
      .median(3)
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const pixels = { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
    const { width, height } = size;
    const drawing = sized(tracer.imagedataToSVG(pixels, OPTIONS), width, height);
    const file = toUtf8(drawing);
    return { file: recipe ? embedRecipe(file, recipe) : file, width, height };
  } catch (thrown) {
    throw badPicture(thrown);
  }
}

/** The drawing with the picture's size; its own is the view box. */
function sized(svg: string, width: number, height: number): string {
  return svg.replace(/^<svg /, `<svg width="${width}" height="${height}" `);
}
