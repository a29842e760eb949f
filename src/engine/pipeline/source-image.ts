import { EaselError } from '../../core/errors';
import type { RgbImage } from '../../core/image/pixels';
import type { GenerationRequest } from '../../core/request/request';
import type { Size } from '../../core/image/fit-size';
import { resizeLanczos } from '../../core/image/resize';
import { decodeImage } from '../images/codec';

/** What a request starts from, decoded but not yet of the size that is drawn. */
export interface SourceImage {
  readonly picture: RgbImage;
  readonly mask: RgbImage | undefined;
}

/** A source at the size that is drawn. */
export interface PreparedSource {
  /** float32 [3, height, width], -1..1. */
  readonly planes: Float32Array;
  /** float32 [height, width]: 1 where to draw anew, 0 where to keep; absent without a mask. */
  readonly mask: Float32Array | undefined;
}

/**
 * Decodes a request's picture and mask, grown by the margins of an outpainting.
 * @returns undefined where the request has no picture
 * @throws EaselError `bad-file`, or `bad-request` for a mask without a picture
 */
export async function readSource(request: GenerationRequest): Promise<SourceImage | undefined> {
  const { initImage, mask, outpaint, background } = request;
  if (!initImage) {
    if (!mask && !outpaint) return undefined;
    throw new EaselError('bad-request', 'A mask or margins need a picture to start from.');
  }
  const source = {
    picture: await decodeImage(initImage, background, 'picture to start from'),
    mask: mask && (await decodeImage(mask, '#000000', 'mask')),
  };
  return outpaint ? addMargins(source, outpaint) : source;
}

/** Resizes, scales to -1..1, and makes the mask black or white (diffusers, VaeImageProcessor). */
export function prepareSource(
  { picture, mask }: SourceImage,
  { width, height }: Size,
): PreparedSource {
  const planes = pictureToPlanes(resizeLanczos(picture, width, height));
  return { planes, mask: mask && binaryMask(resizeLanczos(mask, width, height)) };
}

/** Scales a picture's bytes to -1..1: float32 [3, height, width]. */
export function pictureToPlanes({ width, height, data }: RgbImage): Float32Array {
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

/** Pillow's "L" conversion (ITU-R 601-2 luma), then white from one half up. */
function binaryMask({ width, height, data }: RgbImage): Float32Array {
  const mask = new Float32Array(width * height);
  for (let i = 0; i < mask.length; i++) {
    const [r, g, b] = [data[i * 3]!, data[i * 3 + 1]!, data[i * 3 + 2]!];
    const luma = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
    mask[i] = luma / 255 >= 0.5 ? 1 : 0;
  }
  return mask;
}

type Margins = NonNullable<GenerationRequest['outpaint']>;

/**
 * Outpainting is inpainting on a larger canvas: the picture's edge is drawn out into the margins, for the
 * parts of the model that look at it, and the mask is white there.
 */
function addMargins({ picture, mask }: SourceImage, margins: Margins): SourceImage {
  const width = picture.width + margins.left + margins.right;
  const height = picture.height + margins.top + margins.bottom;
  const grown = new Uint8Array(width * height * 3);
  const grownMask = new Uint8Array(width * height * 3).fill(255);
  const clamp = (value: number, size: number) => Math.max(0, Math.min(size - 1, value));
  const kept = mask && resizeLanczos(mask, picture.width, picture.height);
  for (let y = 0; y < height; y++) {
    const fromY = y - margins.top;
    for (let x = 0; x < width; x++) {
      const fromX = x - margins.left;
      const nearest =
        (clamp(fromY, picture.height) * picture.width + clamp(fromX, picture.width)) * 3;
      const to = (y * width + x) * 3;
      grown.set(picture.data.subarray(nearest, nearest + 3), to);
      const inside =
        fromX === clamp(fromX, picture.width) && fromY === clamp(fromY, picture.height);
      if (inside) grownMask.set(kept?.data.subarray(nearest, nearest + 3) ?? [0, 0, 0], to);
    }
  }
  return {
    picture: { width, height, data: grown },
    mask: { width, height, data: grownMask },
  };
}
