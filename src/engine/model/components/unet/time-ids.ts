import type { Size } from '../../../../core/image/resize';
import { USUAL_SCORES } from '../../../../core/request/fields/limits';
import type { AskedScores, AskedSizes } from '../../model';

/** What SDXL is told of the image beside the prompt and the negative prompt: `time_ids` of diffusers, in pixels. */
export interface TimeIds {
  readonly cond: readonly number[];
  readonly uncond: readonly number[];
}

/**
 * Original height and width, crop top and left, target height and width. For the negative prompt, the pipelines that
 * start from noise take its own values only with both sizes, and the others its sizes alone (diffusers,
 * `_get_add_time_ids` of StableDiffusionXLPipeline and StableDiffusionXLImg2ImgPipeline).
 * @param drawn the size that is drawn, in pixels
 * @param continues whether the pass starts from an image
 */
export function timeIdsOf(drawn: Size, sizes: AskedSizes = {}, continues = false): TimeIds {
  const { originalSize = drawn, targetSize = drawn, cropTopLeft = UNCUT } = sizes;
  const { negativeOriginalSize, negativeTargetSize, negativeCropTopLeft = UNCUT } = sizes;
  const cond = idsOf(originalSize, cropTopLeft, targetSize);
  if (continues) {
    const [original, target] = [negativeOriginalSize, negativeTargetSize];
    return { cond, uncond: idsOf(original ?? originalSize, cropTopLeft, target ?? targetSize) };
  }
  if (!negativeOriginalSize || !negativeTargetSize) return { cond, uncond: cond };
  return { cond, uncond: idsOf(negativeOriginalSize, negativeCropTopLeft, negativeTargetSize) };
}

function idsOf(original: Size, { top, left }: Corner, target: Size): readonly number[] {
  return [original.height, original.width, top, left, target.height, target.width];
}

/**
 * What a refiner is told: original height and width, crop top and left, and an aesthetic score. The negative prompt's
 * image is uncut where nothing else is said (diffusers, StableDiffusionXLImg2ImgPipeline._get_add_time_ids).
 */
export function refinerTimeIdsOf(
  drawn: Size,
  sizes: AskedSizes = {},
  scores: AskedScores = {},
): TimeIds {
  const { originalSize = drawn, cropTopLeft = UNCUT } = sizes;
  const { negativeOriginalSize = originalSize, negativeCropTopLeft = UNCUT } = sizes;
  const {
    aestheticScore = USUAL_SCORES.aestheticScore,
    negativeAestheticScore = USUAL_SCORES.negativeAestheticScore,
  } = scores;
  const ids = ({ height, width }: Size, { top, left }: Corner, score: number) =>
    [height, width, top, left, score] as const;
  return {
    cond: ids(originalSize, cropTopLeft, aestheticScore),
    uncond: ids(negativeOriginalSize, negativeCropTopLeft, negativeAestheticScore),
  };
}

type Corner = NonNullable<AskedSizes['cropTopLeft']>;

const UNCUT: Corner = { left: 0, top: 0 };
