import type { Size } from '../../../../core/image/resize';
import type { AskedScores, AskedSizes } from '../../model';

/** What SDXL is told of the image beside the prompt and the negative prompt: `time_ids` of diffusers, in pixels. */
export interface TimeIds {
  readonly cond: readonly number[];
  readonly uncond: readonly number[];
}

/**
 * Original height and width, crop top and left, target height and width (diffusers,
 * StableDiffusionXLPipeline._get_add_time_ids).
 * @param drawn the size that is drawn, in pixels
 */
export function timeIdsOf(
  drawn: Size,
  { originalSize = drawn, targetSize = drawn, cropTopLeft = UNCUT }: AskedSizes = {},
): TimeIds {
  const { left, top } = cropTopLeft;
  const { height, width } = originalSize;
  const ids = [height, width, top, left, targetSize.height, targetSize.width];
  return { cond: ids, uncond: ids };
}

/**
 * What a refiner is told: original height and width, crop top and left, and an aesthetic score. The negative prompt's
 * image is uncut (diffusers, StableDiffusionXLImg2ImgPipeline._get_add_time_ids).
 */
export function refinerTimeIdsOf(
  drawn: Size,
  { originalSize = drawn, cropTopLeft = UNCUT }: AskedSizes = {},
  { aestheticScore = 6, negativeAestheticScore = 2.5 }: AskedScores = {},
): TimeIds {
  const { left, top } = cropTopLeft;
  const { height, width } = originalSize;
  return {
    cond: [height, width, top, left, aestheticScore],
    uncond: [height, width, 0, 0, negativeAestheticScore],
  };
}

const UNCUT = { left: 0, top: 0 };
