import { cropMiddle } from './layers';
import type { RgbImage } from './pixels';
import { resizeBicubic } from './resize';

/** Of the images that CLIP was taught (transformers, `OPENAI_CLIP_MEAN` and `OPENAI_CLIP_STD`), for each colour. */
const MEAN = [0.48145466, 0.4578275, 0.40821073] as const;
const DEVIATION = [0.26862954, 0.26130258, 0.27577711] as const;

/** What a config of CLIPImageProcessor says beside the size of the middle. */
export interface ClipProcessing {
  /** Pixels that the shorter side is resized to. Default: the size of the middle. */
  readonly shorterSide?: number;
  /** Of each colour. Default: those of the images that CLIP was taught. */
  readonly mean?: readonly number[];
  readonly deviation?: readonly number[];
}

/**
 * An image as CLIP's image encoder takes it, like transformers' CLIPImageProcessor: its shorter side is resized to
 * `size` pixels, the middle is cut out, and its colours are normalized.
 * @returns float32 [3, size, size]
 */
export function clipPixels(
  whole: RgbImage,
  size: number,
  { shorterSide = size, mean = MEAN, deviation = DEVIATION }: ClipProcessing = {},
): Float32Array {
  const image = middleOf(whole);
  const { width, height } = image;
  const shorter = Math.min(width, height);
  const resized = (side: number) =>
    side === shorter ? shorterSide : Math.floor((shorterSide * side) / shorter);
  const fitted = resizeBicubic(image, resized(width), resized(height));
  const left = Math.floor((fitted.width - size) / 2);
  const top = Math.floor((fitted.height - size) / 2);
  const pixels = new Float32Array(3 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const from = ((top + y) * fitted.width + left + x) * 3;
      for (let c = 0; c < 3; c++) {
        const value = fitted.data[from + c]! / 255;
        pixels[(c * size + y) * size + x] = (value - mean[c]!) / deviation[c]!;
      }
    }
  }
  return pixels;
}

/** A longer image would take much memory where its shorter side is resized, and only its middle is seen. */
const LONGEST = 32;

/** The middle of an image that is more than 32 times as long as it is wide. */
function middleOf(image: RgbImage): RgbImage {
  const most = LONGEST * Math.min(image.width, image.height);
  const [width, height] = [Math.min(image.width, most), Math.min(image.height, most)];
  if (width === image.width && height === image.height) return image;
  return cropMiddle(image, { width, height });
}
