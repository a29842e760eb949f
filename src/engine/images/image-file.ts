import type { Sharp } from 'sharp';
import { cutOut, matte, removedIfAny } from '../../core/image/background';
import { toSvgFile, type VectorImage } from '../../core/composition/vector-image';
import { applyEffect } from '../../core/image/effects/index';
import type { ImageFormat } from '../../core/image/formats';
import { withOpacity } from '../../core/image/layers';
import type { DrawnImage, RgbaImage, RgbImage } from '../../core/image/pixels';
import type { Size } from '../../core/image/resize';
import { spreadColours } from '../../core/image/spread-colours';
import { fromUtf8, toUtf8 } from '../../core/recipe/files/byte-reader';
import {
  drawnRecipe,
  embedRecipe,
  readRecipe,
  recipeTexts,
  type Drawing,
  type Recipe,
} from '../../core/recipe/index';
import { makeBlocks } from '../../core/recipe/metadata';
import type { GenerationRequest } from '../../core/request/request';
import { VERSION } from '../../core/version';
import type { PreviewImage } from '../../protocol/engine';
import type { ConvertParams, ImageFile } from '../../protocol/images';
import {
  openFile,
  openPixels,
  renderPixels,
  resizeToCover,
  rgbaPixels,
  unreadableImage,
} from './sharp-image';
import { traceSvg } from './trace';

/** Quality of the lossy formats where none is given: losses are hardly visible. */
const QUALITY = { webp: 90, jpeg: 90, avif: 65 } as const;
/** Images of up to so many colours are smaller without losses. */
const FEW_COLOURS = 512;
/** Outlines follow single pixels; in a larger image they only trace noise. */
const TRACED_SIDE = 512;
const WITH_INFO = { resolveWithObject: true } as const;

/** How an image was drawn, by this version. */
type DrawnWith = Omit<Drawing, 'version' | 'request'> & { readonly request: GenerationRequest };

/** What is written into the file; undefined where the request wants nothing written. */
function recipeOf(drawing: DrawnWith): Recipe | undefined {
  if (!drawing.request.metadata) return undefined;
  return drawnRecipe({ ...drawing, version: VERSION });
}

/**
 * Encodes a drawn image as the file that its request asks for: background removed, resized, in the
 * format, with its recipe as metadata unless the request says otherwise.
 * @throws EaselError `background-not-flat`
 */
export async function encodeDrawnImage(image: DrawnImage, drawing: DrawnWith): Promise<ImageFile> {
  const { request, flagged } = drawing;
  // What the safety checker has taken away leaves no subject that a background could be told from.
  const isWhole = flagged === 'black' || flagged === 'blur';
  const encoded = isWhole ? { ...drawing, request: { ...request, transparent: false } } : drawing;
  return encodeWithRecipe(image, encoded, recipeOf(drawing));
}

/**
 * As `encodeDrawnImage`, for an image whose recipe is known.
 * @param recipe absent: none is written
 * @throws EaselError `background-not-flat`
 */
export async function encodeWithRecipe(
  image: DrawnImage,
  drawing: Pick<DrawnWith, 'request' | 'seed'>,
  recipe: Recipe | undefined,
): Promise<ImageFile> {
  const { format, fit, transparent } = drawing.request;
  if (drawing.request.style?.effect) {
    return encodePixels(await openPixels(await drawStyled(image, drawing)), format, recipe);
  }
  const pixels = await openPixels(transparent ? removeBackground(image) : image);
  if (format === 'svg') return encodeTraced(pixels, fit ?? {}, recipe);
  const fitted = fit ? await renderPixels(resizeToCover(pixels, fit)) : pixels;
  return encodeImage(fitted, format, { recipe });
}

/** The effect of the request's style on a drawn image, at the size of its file. */
async function drawStyled(
  image: DrawnImage,
  { seed = 0, request }: Pick<DrawnWith, 'request' | 'seed'>,
): Promise<RgbaImage> {
  const { fit, transparent, palette, style } = request;
  const subject = wholeSubject(image);
  const fitted = fit ? await rgbaPixels(resizeToCover(await openPixels(subject), fit)) : subject;
  const background = transparent ? undefined : WHITE;
  return applyEffect(style!.effect!, fitted, { seed, palette, background });
}

/** What a model that draws its opacity leaves where nothing is. */
const WHITE = '#ffffff';

/** What was drawn with its opacity; all of it where the model drew no background, or nothing else. */
function wholeSubject(image: DrawnImage): RgbaImage {
  const { opacity } = image;
  const removed = opacity && removedIfAny(() => matte(image, opacity));
  return removed ?? withOpacity(image);
}

/** Encodes a composed image, which has its final size and opacity. */
export async function encodeComposedImage(
  image: RgbImage | RgbaImage,
  drawing: DrawnWith,
): Promise<ImageFile> {
  return encodePixels(await openPixels(image), drawing.request.format, recipeOf(drawing));
}

interface UpscaledOptions extends EncodeOptions {
  readonly format: PixelFormat;
  /** Whether it has shades of grey only, as the image that it was made of. */
  readonly isGrey: boolean;
}

/** Encodes an image that was made larger, in the format of a file. */
export async function encodeUpscaled(
  image: RgbImage | RgbaImage,
  { format, isGrey, recipe }: UpscaledOptions,
): Promise<ImageFile> {
  const pixels = await openPixels(image);
  return encodeImage(isGrey ? pixels.toColourspace('b-w') : pixels, format, { recipe });
}

/** Encodes a contact sheet. @param recipe absent: none is written */
export function encodeSheet(
  pixels: Sharp,
  format: PixelFormat,
  recipe: Recipe | undefined,
): Promise<ImageFile> {
  return encodeImage(pixels, format, { recipe });
}

/** Encodes pixels that have their final size. */
async function encodePixels(
  pixels: Sharp,
  format: ImageFormat,
  recipe: Recipe | undefined,
): Promise<ImageFile> {
  if (format === 'svg') return encodeTraced(pixels, {}, recipe);
  return encodeImage(pixels, format, { recipe });
}

/** A drawing in vectors as an SVG file with its recipe. */
export function encodeVectors(image: VectorImage, drawing: DrawnWith): ImageFile {
  const { width, height } = image;
  const svg = toUtf8(toSvgFile(image));
  const recipe = recipeOf(drawing);
  return { width, height, format: 'svg', bytes: recipe ? embedRecipe(svg, recipe) : svg };
}

/** Encodes a preview as PNG, quickly: it is shown for a moment. */
export async function encodePreview(image: RgbImage): Promise<PreviewImage> {
  const { width, height } = image;
  const png = await (await openPixels(image)).png({ compressionLevel: 1 }).toBuffer();
  return { width, height, png };
}

/**
 * Converts an image file to another format or size. Its recipe is kept.
 * @throws EaselError `bad-file`
 */
export async function convertImage(params: ConvertParams): Promise<ImageFile> {
  const { file, format, width, height, quality } = params;
  const recipe = readRecipe(file);
  const image = await openFile(file);
  try {
    if (format === 'svg') return await encodeTraced(image, { width, height }, recipe);
    return await encodeImage(resizeToCover(image, { width, height }), format, { recipe, quality });
  } catch (thrown) {
    throw unreadableImage(thrown);
  }
}

/**
 * The size of an image file in pixels, turned upright.
 * @throws EaselError `bad-file`
 */
export async function imageSize(file: Uint8Array): Promise<Size> {
  const { autoOrient } = await (await openFile(file)).metadata();
  return { width: autoOrient.width, height: autoOrient.height };
}

/** By the opacity that the model predicted, else by the flat colour around the subject. */
function removeBackground(image: DrawnImage): RgbaImage {
  return image.opacity ? matte(image, image.opacity) : cutOut(image);
}

type PixelFormat = Exclude<ImageFormat, 'svg'>;

interface EncodeOptions {
  /** Written into the file's metadata. */
  readonly recipe?: Recipe | undefined;
  /** 1 to 100, for lossy formats. */
  readonly quality?: number | undefined;
}

/** Encodes an image once, straight into a format of pixels. */
async function encodeImage(
  image: Sharp,
  format: PixelFormat,
  { recipe, quality }: EncodeOptions,
): Promise<ImageFile> {
  const encoder = await toFormat(image, format, quality);
  // libheif writes the boxes around AVIF's metadata; that of the other formats is added to the file.
  const whole = recipe && format === 'avif' ? withRecipe(encoder, recipe) : encoder;
  const { data, info } = await whole.toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const bytes = recipe && format !== 'avif' ? embedRecipe(data, recipe) : data;
  return { width, height, format, bytes };
}

/** Traces an image at its own size, whatever the size of the drawing, of which it covers all. */
async function encodeTraced(
  image: Sharp,
  wanted: Partial<Size>,
  recipe: Recipe | undefined,
): Promise<ImageFile> {
  const pixels = await renderPixels(image);
  const own = await pixels.metadata();
  const size = {
    width:
      wanted.width ??
      Math.max(1, Math.round(own.width * ((wanted.height ?? own.height) / own.height))),
    height:
      wanted.height ??
      Math.max(1, Math.round(own.height * ((wanted.width ?? own.width) / own.width))),
  };
  const longest = TRACED_SIDE / Math.max(size.width, size.height);
  const scale = Math.min(own.width / size.width, own.height / size.height, longest);
  const traced = {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
  const { data } = await resizeToCover(pixels, traced).ensureAlpha().raw().toBuffer(WITH_INFO);
  const svg = toUtf8(traceSvg({ ...traced, alpha: true, data }, { size }));
  return { ...size, format: 'svg', bytes: recipe ? embedRecipe(svg, recipe) : svg };
}

async function toFormat(
  image: Sharp,
  format: PixelFormat,
  quality: number | undefined,
): Promise<Sharp> {
  switch (format) {
    case 'png':
      return image.png({ compressionLevel: 9 });
    case 'webp':
      return toWebp(image, quality);
    case 'jpeg':
      return image
        .flatten({ background: '#ffffff' })
        .jpeg({ quality: quality ?? QUALITY.jpeg, chromaSubsampling: '4:4:4' });
    case 'avif':
      return (await withCleanEdges(await renderPixels(image))).avif({
        quality: quality ?? QUALITY.avif,
      });
  }
}

/** Lossless where the image has few colours, such as stripes or large letters: that is smaller there, and crisp. */
async function toWebp(image: Sharp, quality: number | undefined): Promise<Sharp> {
  const pixels = await renderPixels(image);
  if (quality === undefined && (await hasFewColours(pixels)))
    return pixels.webp({ lossless: true });
  const clean = await withCleanEdges(pixels);
  return clean.webp({ quality: quality ?? QUALITY.webp, smartSubsample: true });
}

async function hasFewColours(pixels: Sharp): Promise<boolean> {
  const { data, info } = await pixels.clone().ensureAlpha().raw().toBuffer(WITH_INFO);
  const colours = new Set<number>();
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let pixel = 0; pixel < info.width * info.height; pixel++) {
    colours.add(view.getUint32(pixel * 4));
    if (colours.size > FEW_COLOURS) return false;
  }
  return true;
}

/** The image without colours at its transparent pixels that a lossy format would mix into the subject's edge. */
async function withCleanEdges(pixels: Sharp): Promise<Sharp> {
  const { channels } = await pixels.metadata();
  if (channels !== 4) return pixels;
  const { data, info } = await pixels.clone().raw().toBuffer(WITH_INFO);
  const { width, height } = info;
  return openPixels(spreadColours({ width, height, alpha: true, data }));
}

/** The recipe as metadata that sharp writes: XMP with every field, an EXIF comment for other tools. */
function withRecipe(encoder: Sharp, recipe: Recipe): Sharp {
  const texts = recipeTexts(recipe);
  return encoder
    .withExif({ IFD2: { UserComment: texts.parameters } })
    .withXmp(fromUtf8(makeBlocks(texts).xmp));
}
