import * as v from 'valibot';
import { readCorner, readNumber, readSize } from '../option-values';
import type { RequestField } from './field';
import { LIMITS, USUAL_SCORES } from './limits';
import { integerIn, numberIn } from './values';

const pixelSize = v.strictObject({
  width: integerIn({ min: 1, max: LIMITS.size.max }),
  height: integerIn({ min: 1, max: LIMITS.size.max }),
});
const pixelCorner = v.strictObject({
  left: integerIn({ min: 0, max: LIMITS.size.max }),
  top: integerIn({ min: 0, max: LIMITS.size.max }),
});
const fitSide = integerIn({ min: 1, max: LIMITS.size.max });

/** The size of the image, and the sizes that SDXL is told. */
export const SIZE_FIELDS = {
  width: {
    schema: integerIn(LIMITS.size),
    option: {
      name: 'width',
      value: 'N',
      help: "pixels (default: the model's, or the image's)",
      read: readNumber,
    },
    setting: true,
    form: { control: 'custom', label: 'Width' },
  },
  height: {
    schema: integerIn(LIMITS.size),
    option: { name: 'height', value: 'N', help: 'pixels', read: readNumber },
    setting: true,
    form: { control: 'custom', label: 'Height' },
  },
  /**
   * What SDXL is told of the image, as of the images that it was taught: the size that it had, the size that
   * it was scaled and cut to, and where. diffusers' `original_size`, `target_size` and
   * `crops_coords_top_left`, whose numbers are in the order height, width and top, left.
   */
  originalSize: {
    schema: pixelSize,
    option: {
      name: 'original-size',
      value: 'WxH',
      help: 'SDXL: draw like a photo of this size (default: the size drawn at)',
      read: readSize,
    },
  },
  targetSize: {
    schema: pixelSize,
    option: {
      name: 'target-size',
      value: 'WxH',
      help: 'SDXL: draw like an image cut to this size (default: the size drawn at)',
      read: readSize,
    },
  },
  cropTopLeft: {
    schema: pixelCorner,
    option: {
      name: 'crop-top-left',
      value: 'X,Y',
      help: 'SDXL: draw like an image cut there, in pixels (default 0,0)',
      read: readCorner,
    },
  },
  /** The same of the image of the negative prompt: see `timeIdsOf`. */
  negativeOriginalSize: {
    schema: pixelSize,
    option: {
      name: 'negative-original-size',
      value: 'WxH',
      help: 'SDXL: draw unlike a photo of this size (default: as without negative)',
      read: readSize,
    },
  },
  negativeTargetSize: {
    schema: pixelSize,
    option: {
      name: 'negative-target-size',
      value: 'WxH',
      help: 'SDXL: draw unlike an image cut to this size (default: as without negative)',
      read: readSize,
    },
  },
  negativeCropTopLeft: {
    schema: pixelCorner,
    option: {
      name: 'negative-crop-top-left',
      value: 'X,Y',
      help: 'SDXL: draw unlike an image cut there; with both negative sizes, or a refiner (default 0,0)',
      read: readCorner,
    },
  },
  /** How beautiful a refiner of SDXL is told that the image is, and that of the negative prompt (diffusers' names). */
  aestheticScore: {
    schema: numberIn(LIMITS.aestheticScore),
    option: {
      name: 'aesthetic-score',
      value: 'X',
      help: `refiner of SDXL: draw like an image of this score, 0 to 10 (default ${USUAL_SCORES.aestheticScore})`,
      read: readNumber,
    },
    form: {
      control: 'custom',
      label: 'Aesthetic score',
      help: 'Draws like an image that people would give so many points, of 10',
    },
  },
  negativeAestheticScore: {
    schema: numberIn(LIMITS.aestheticScore),
    option: {
      name: 'negative-aesthetic-score',
      value: 'X',
      help: `refiner of SDXL: draw unlike an image of this score (default ${USUAL_SCORES.negativeAestheticScore})`,
      read: readNumber,
    },
    form: {
      control: 'custom',
      label: 'Negative aesthetic score',
      help: 'Draws unlike an image that people would give so many points, of 10',
    },
  },
  /**
   * The size in pixels the file is to have, whatever the model can draw: drawn at the nearest size of that
   * shape, then scaled to cover it and cut in the middle.
   */
  fit: { schema: v.strictObject({ width: fitSide, height: fitSide }) },
} as const satisfies Readonly<Record<string, RequestField>>;
