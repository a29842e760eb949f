import type { default as SharpFactory, Sharp } from 'sharp';
import { EaselError } from '../../core/errors';
import { foreignImage, type ForeignImage } from '../../core/image/file-kind';
import type { ImageFormat } from '../../core/image/formats';
import type { Size } from '../../core/image/resize';
import type { PendingImage, RgbImage, RgbaImage } from '../../core/image/pixels';
import { decodeBmp, isBmp } from './bmp';

/** Larger images are refused: their decoded pixels would take gigabytes. */
export const MAX_PIXELS = 2 ** 28;

/** sharp, loaded on first use: device probes and model lists work without an image library. */
async function loadSharp(): Promise<typeof SharpFactory> {
  return (await import('sharp')).default;
}

/** Opens 8-bit pixels for sharp. */
export async function openPixels(image: RgbImage | RgbaImage): Promise<Sharp> {
  const sharp = await loadSharp();
  const { width, height, data } = image;
  return sharp(data, { raw: { width, height, channels: 'alpha' in image ? 4 : 3 } });
}

/**
 * Opens an image file of any format that sharp reads, turned upright by its EXIF orientation, as sRGB.
 * @param what the file's role, for the error message
 * @param ignoreIcc whether the numbers are taken as they are, without the colour profile of the file
 * @throws EaselError `bad-file`
 */
export async function openFile(
  file: Uint8Array,
  what = 'image',
  { ignoreIcc = false } = {},
): Promise<Sharp> {
  const sharp = await loadSharp();
  const foreign = foreignImage(file);
  if (foreign) throw otherFile(foreign, what);
  try {
    const image = isBmp(file)
      ? await openBmp(file)
      : sharp(file, { limitInputPixels: MAX_PIXELS, ignoreIcc }).rotate().toColourspace('srgb');
    await image.metadata();
    return image;
  } catch (thrown) {
    throw unreadableImage(thrown, what);
  }
}

async function openBmp(file: Uint8Array): Promise<Sharp> {
  const sharp = await loadSharp();
  const { width, height, data } = decodeBmp(file, MAX_PIXELS);
  return sharp(data, { raw: { width, height, channels: 4 } });
}

/** The number of frames or pages of an image file; only the first is read. */
export async function countFrames(file: Uint8Array): Promise<number> {
  if (isBmp(file)) return 1;
  const sharp = await loadSharp();
  const { pages = 1 } = await sharp(file, { limitInputPixels: MAX_PIXELS }).metadata();
  return pages;
}

/**
 * Renders what sharp will do to an image into pixels of its own. sharp resizes at most once per
 * pipeline, so that a second resize needs this between.
 */
export async function renderPixels(image: Sharp): Promise<Sharp> {
  const sharp = await loadSharp();
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } });
}

/** The 8-bit pixels of an image, with its opacity. */
export async function rgbaPixels(image: Sharp): Promise<RgbaImage> {
  const { data, info } = await image
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  // A Buffer's slice is no copy, as that of other bytes is.
  return { width: info.width, height: info.height, alpha: true, data: new Uint8Array(data) };
}

/** Resizes 8-bit RGB pixels to exactly a size, with Lanczos (a = 3). */
export async function resizePixels(image: RgbImage, { width, height }: Size): Promise<RgbImage> {
  if (width === image.width && height === image.height) return image;
  const resized = (await openPixels(image)).resize({ width, height, fit: 'fill', kernel: 'lanczos3' }); // prettier-ignore
  return { width, height, data: new Uint8Array(await resized.raw().toBuffer()) };
}

/** What is known of an image file before it is decoded. */
export interface FileFacts extends Size {
  /** The format that images can be saved in; undefined for others. */
  readonly format: Exclude<ImageFormat, 'svg'> | undefined;
  /** Frames or pages. */
  readonly frames: number;
  /** Whether a channel has more than 8 bits. */
  readonly isDeep: boolean;
  /** Whether it has shades of grey only. */
  readonly isGrey: boolean;
}

/**
 * Reads what an image file is. The size is that of the image turned upright.
 * @throws EaselError `bad-file`
 */
export async function fileFacts(file: Uint8Array): Promise<FileFacts> {
  const image = await openFile(file);
  const { format, pages = 1, depth, space, compression, autoOrient } = await image.metadata();
  const isAvif = format === 'heif' && compression === 'av1';
  const formats = { png: 'png', webp: 'webp', jpeg: 'jpeg' } as const;
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    format: isAvif ? 'avif' : formats[format as keyof typeof formats],
    frames: pages,
    isDeep: depth !== 'uchar',
    isGrey: space === 'b-w' || space === 'grey16',
  };
}

/**
 * Resizes to cover a size and crops the rest evenly, as CSS `object-fit: cover`. With one side given the
 * other keeps the ratio.
 */
export function resizeToCover(image: Sharp, { width, height }: Partial<Size>): Sharp {
  return image.resize({ width, height, fit: 'cover', kernel: 'lanczos3' });
}

/**
 * Opens an image that a job starts from or follows; only its header is read. Its pixels are 8-bit RGB, as diffusers'
 * `load_image` makes them with Pillow: turned upright, the first of several frames, without regard to colour profiles.
 * Other than there, transparent parts show a background, and grey of 16 bits is not cut off at 255.
 * @param background the colour behind transparent pixels, CSS hexadecimal such as `#ffffff`
 * @param what the file's role, for the error message
 * @throws EaselError `bad-file`, also where the pixels are asked for
 */
export async function openImage(
  file: Uint8Array,
  background: string,
  what: string,
): Promise<PendingImage> {
  const image = await openFile(file, what, { ignoreIcc: true });
  const { autoOrient, space } = await image.metadata();
  const decode = space === 'cmyk' ? decodeCmyk : decodeRgb;
  return {
    width: autoOrient.width,
    height: autoOrient.height,
    pixels: async () => {
      try {
        return await decode(image.clone().flatten({ background }));
      } catch (thrown) {
        throw unreadableImage(thrown, what);
      }
    },
  };
}

async function decodeRgb(image: Sharp): Promise<RgbImage> {
  const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`it has ${info.channels} channels`);
  return { width: info.width, height: info.height, data };
}

/** Ink as Pillow converts it to light (libImaging/Convert.c, `cmyk2rgb`). */
async function decodeCmyk(image: Sharp): Promise<RgbImage> {
  const inks = image.pipelineColourspace('cmyk').toColourspace('cmyk').raw({ depth: 'uchar' });
  const { data: from, info } = await inks.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== 4) throw new Error(`it has ${channels} channels`);
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const light = 255 - from[i * 4 + 3]!;
    for (let c = 0; c < 3; c++) {
      const product = from[i * 4 + c]! * light + 128;
      data[i * 3 + c] = light - ((product + (product >> 8)) >> 8);
    }
  }
  return { width, height, data };
}

/** The pixels of an image as `openImage` has them. */
export async function decodeImage(
  file: Uint8Array,
  background: string,
  what: string,
): Promise<RgbImage> {
  return (await openImage(file, background, what)).pixels();
}

function otherFile({ what: kind, next }: ForeignImage, what: string): EaselError {
  return new EaselError('bad-file', `The ${what} cannot be read: it is ${kind}. ${next}`, {
    image: what,
  });
}

/** Reasons of the image library, by their beginnings, in words for the user. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/exceeds pixel limit/, 'it has more than 268 million pixels. Make it smaller'],
  [/unsupported image format/, 'it is damaged, or no image that is known. Save it again as PNG'],
];

/** The error for an image file that sharp cannot read. */
export function unreadableImage(thrown: unknown, what = 'image'): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const known = REASONS.find(([pattern]) => pattern.test(text))?.[1];
  // The library may report the same line many times.
  const [line = ''] = text.split('\n').map((one) => one.trim());
  const reason = known ?? line.slice(0, 200).replace(/[.:]$/, '');
  const damaged = known === undefined ? ' The file may be damaged: save it again as PNG.' : '';
  const message = `The ${what} cannot be read: ${reason}.${damaged}`;
  return new EaselError('bad-file', message, { image: what }, { cause: thrown });
}
