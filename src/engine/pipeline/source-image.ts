import { EaselError } from '../../core/errors';
import type { PendingImage, RgbImage } from '../../core/image/pixels';
import type { GenerationRequest } from '../../core/request/request';
import { type Size, resizeBicubic, resizeLanczos } from '../../core/image/resize';
import { countFrames } from '../images/sharp-image';
import type { SmallImage } from '../model/model';
import { openGivenImage } from './given-image';

/** The initial image of a request and its mask, at their own sizes. */
export interface SourceImage {
  readonly image: PendingImage;
  readonly mask: PendingImage | undefined;
  /** For the user: what of the files was not used. */
  readonly notes: readonly string[];
}

/** A source image at the size that is drawn. */
export interface PreparedSource {
  /** float32 [3, height, width], -1..1. */
  readonly planes: Float32Array;
  /** float32 [height, width]: 1 where the image is drawn again, 0 where it is kept. Absent without a mask. */
  readonly mask: Float32Array | undefined;
}

/**
 * Opens the initial image and the mask of a request, with the margins of outpainting.
 * @returns undefined if the request has no initial image
 * @throws EaselError as `openGivenImage`; `bad-request` for a mask or margins without an image
 */
export async function openSource(request: GenerationRequest): Promise<SourceImage | undefined> {
  const { initImage, mask, outpaint, background } = request;
  if (!initImage) {
    if (!mask && !outpaint) return undefined;
    throw new EaselError('bad-request', 'A mask or margins need an initial image. Give one too.');
  }
  const image = await openGivenImage(initImage, background, 'initial image');
  const source = {
    image,
    mask: mask && (await openGivenImage(mask, '#000000', 'mask')),
    notes: await frameNotes(initImage),
  };
  return outpaint ? addMargins(source, outpaint) : source;
}

async function frameNotes(initImage: Uint8Array): Promise<string[]> {
  const frames = await countFrames(initImage);
  return frames > 1 ? [`The initial image has ${frames} frames or pages. The first is used.`] : [];
}

/**
 * Resizes the image and scales it to -1..1; resizes the mask and makes it binary (diffusers, VaeImageProcessor). The
 * files are decoded one after the other.
 * @throws EaselError `bad-file`
 */
export async function prepareSource(
  { image, mask }: Pick<SourceImage, 'image' | 'mask'>,
  size: Size,
): Promise<PreparedSource> {
  const planes = imageToPlanes(resizeLanczos(await image.pixels(), size.width, size.height));
  return { planes, mask: mask && (await prepareMask(mask, size)) };
}

/** The mask alone, as `prepareSource` makes it. */
export async function prepareMask(
  mask: PendingImage,
  { width, height }: Size,
): Promise<Float32Array> {
  return binaryMask(resizeLanczos(await mask.pixels(), width, height));
}

/** An image that a model makes larger, at this size (diffusers, VaeImageProcessor with `resample="bicubic"`). */
export async function prepareSmall(
  { image }: Pick<SourceImage, 'image'>,
  { width, height }: Size,
): Promise<SmallImage> {
  const small = resizeBicubic(await image.pixels(), width, height);
  return { width, height, planes: imageToPlanes(small) };
}

/** Converts interleaved RGB bytes to planes: float32 [3, height, width], -1..1. */
export function imageToPlanes({ width, height, data }: RgbImage): Float32Array {
  const cells = width * height;
  const planes = new Float32Array(3 * cells);
  for (let i = 0; i < cells; i++) {
    for (let c = 0; c < 3; c++) {
      const unit = Math.fround(data[i * 3 + c]! / 255);
      planes[c * cells + i] = Math.fround(2 * unit) - 1;
    }
  }
  return planes;
}

/** Pillow's "L" conversion (ITU-R 601-2 luma) of the RGB bytes at a place, 0 to 255. */
export function luma(data: Uint8Array, at: number): number {
  return (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
}

/** The luma, then 1 from one half up. */
function binaryMask({ width, height, data }: RgbImage): Float32Array {
  const mask = new Float32Array(width * height);
  for (let i = 0; i < mask.length; i++) {
    mask[i] = luma(data, i * 3) / 255 >= 0.5 ? 1 : 0;
  }
  return mask;
}

type Margins = NonNullable<GenerationRequest['outpaint']>;

/**
 * Outpainting is inpainting on a larger canvas. The margins repeat the image's edge pixels, because the model
 * reads them too, and the mask is white there.
 */
function addMargins({ image, mask, notes }: SourceImage, margins: Margins): SourceImage {
  const size = {
    width: image.width + margins.left + margins.right,
    height: image.height + margins.top + margins.bottom,
  };
  return {
    image: {
      ...size,
      pixels: async () => {
        const pixels = await image.pixels();
        return surround(size, pixels, margins, (x, y) => nearest(pixels, x, y));
      },
    },
    mask: {
      ...size,
      pixels: async () => {
        const { width, height } = image;
        const black = { width, height, data: new Uint8Array(width * height * 3) };
        const kept = mask ? resizeLanczos(await mask.pixels(), width, height) : black;
        return surround(size, kept, margins, () => WHITE);
      },
    },
    notes,
  };
}

const WHITE = Uint8Array.of(255, 255, 255);

/** The colour of the pixel of an image that is nearest to a place. */
function nearest({ width, height, data }: RgbImage, x: number, y: number): Uint8Array {
  const clamp = (value: number, side: number) => Math.max(0, Math.min(side - 1, value));
  const at = (clamp(y, height) * width + clamp(x, width)) * 3;
  return data.subarray(at, at + 3);
}

/** An image with margins. @param colourAt of a place in them, from the image's corner */
function surround(
  { width, height }: Size,
  image: RgbImage,
  { left, top }: Margins,
  colourAt: (x: number, y: number) => Uint8Array,
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const fromY = y - top;
    const isWithin = fromY >= 0 && fromY < image.height;
    for (let x = 0; x < width; x++) {
      const fromX = x - left;
      if (isWithin && fromX >= 0 && fromX < image.width) continue;
      data.set(colourAt(fromX, fromY), (y * width + x) * 3);
    }
    if (!isWithin) continue;
    const row = image.data.subarray(fromY * image.width * 3, (fromY + 1) * image.width * 3);
    data.set(row, (y * width + left) * 3);
  }
  return { width, height, data };
}
