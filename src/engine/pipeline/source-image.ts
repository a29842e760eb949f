import { EaselError } from '../../core/errors';
import type { RgbImage } from '../../core/image/pixels';
import type { GenerationRequest } from '../../core/request/request';
import { type Size, resizeLanczos } from '../../core/image/resize';
import { countFrames, decodeImage } from '../images/sharp-image';

/** The initial image of a request and its mask, decoded, at their own sizes. */
export interface SourceImage {
  readonly image: RgbImage;
  readonly mask: RgbImage | undefined;
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
 * Decodes the initial image and the mask of a request, and adds the margins of outpainting.
 * @returns undefined if the request has no initial image
 * @throws EaselError `bad-file`; `bad-request` for a mask or margins without an image
 */
export async function readSource(request: GenerationRequest): Promise<SourceImage | undefined> {
  const { initImage, mask, outpaint, background } = request;
  if (!initImage) {
    if (!mask && !outpaint) return undefined;
    throw new EaselError('bad-request', 'A mask or margins need an initial image. Give one too.');
  }
  const image = await decodeImage(initImage, background, 'initial image');
  const source = {
    image,
    mask: mask && (await decodeImage(mask, '#000000', 'mask')),
    notes: await frameNotes(initImage),
  };
  return outpaint ? addMargins(source, outpaint) : source;
}

async function frameNotes(initImage: Uint8Array): Promise<string[]> {
  const frames = await countFrames(initImage);
  return frames > 1 ? [`The initial image has ${frames} frames or pages. The first is used.`] : [];
}

/** Resizes the image and scales it to -1..1; resizes the mask and makes it binary (diffusers, VaeImageProcessor). */
export function prepareSource(
  { image, mask }: Pick<SourceImage, 'image' | 'mask'>,
  { width, height }: Size,
): PreparedSource {
  const planes = imageToPlanes(resizeLanczos(image, width, height));
  return { planes, mask: mask && binaryMask(resizeLanczos(mask, width, height)) };
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
export function binaryMask({ width, height, data }: RgbImage): Float32Array {
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
  const width = image.width + margins.left + margins.right;
  const height = image.height + margins.top + margins.bottom;
  const grown = new Uint8Array(width * height * 3);
  const grownMask = new Uint8Array(width * height * 3).fill(255);
  const clamp = (value: number, size: number) => Math.max(0, Math.min(size - 1, value));
  const kept = mask && resizeLanczos(mask, image.width, image.height);
  for (let y = 0; y < height; y++) {
    const fromY = y - margins.top;
    for (let x = 0; x < width; x++) {
      const fromX = x - margins.left;
      const nearest = (clamp(fromY, image.height) * image.width + clamp(fromX, image.width)) * 3;
      const to = (y * width + x) * 3;
      grown.set(image.data.subarray(nearest, nearest + 3), to);
      const inside = fromX === clamp(fromX, image.width) && fromY === clamp(fromY, image.height);
      if (inside) grownMask.set(kept?.data.subarray(nearest, nearest + 3) ?? [0, 0, 0], to);
    }
  }
  return {
    image: { width, height, data: grown },
    mask: { width, height, data: grownMask },
    notes,
  };
}
