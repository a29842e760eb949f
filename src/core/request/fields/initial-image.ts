import * as v from 'valibot';
import { readMargins, readNumber, readText } from '../option-values';
import type { RequestField } from './field';
import { LIMITS } from './limits';
import { imageFile, integerIn, numberIn } from './values';

const { min, max } = LIMITS.margin;
const margin = v.optional(v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max)), 0);

/** The image to start from. */
export const INITIAL_IMAGE_FIELDS = {
  /** Start from this image (img2img). */
  initImage: {
    schema: imageFile,
    option: {
      name: 'init-image',
      value: 'FILE',
      help: 'start from this image',
      read: readText,
      file: true,
    },
    ofInitImage: true,
    recipe: false,
  },
  /** How far to go from `initImage`: 0 keeps it, 1 ignores it. */
  strength: {
    schema: numberIn(LIMITS.strength),
    option: {
      name: 'strength',
      value: 'X',
      help: '0 keeps the image to start from, 1 ignores it (default 0.8)',
      read: readNumber,
    },
    form: {
      control: 'slider',
      label: 'Strength',
      help: 'How much to change the sketch: low values keep its shapes, high values only its idea',
      step: 0.05,
      initial: 0.7,
    },
    ofInitImage: true,
  },
  /** How closely `initImage` is followed by a model that edits it by words (diffusers, `image_guidance_scale`). */
  imageGuidanceScale: {
    schema: numberIn(LIMITS.imageGuidanceScale),
    option: {
      name: 'image-guidance-scale',
      value: 'X',
      help: 'with a model that edits by words: how closely to follow the image (default 1.5)',
      read: readNumber,
    },
    ofInitImage: true,
  },
  /** How much noise is added to `initImage` by a model that makes it larger (diffusers, `noise_level`). */
  noiseLevel: {
    schema: integerIn(LIMITS.noiseLevel),
    option: {
      name: 'noise-level',
      value: 'N',
      help: 'with a model that makes images larger: how much noise to add first (default 20)',
      read: readNumber,
    },
    ofInitImage: true,
  },
  /** White where `initImage` is to be drawn anew, black where it stays (inpainting). */
  mask: {
    schema: imageFile,
    option: {
      name: 'mask',
      value: 'FILE',
      help: 'draw only where this image is white; the rest stays',
      read: readText,
      file: true,
    },
    ofInitImage: true,
    recipe: false,
  },
  /** Grow `initImage` by margins of these pixels, and draw them (outpainting). */
  outpaint: {
    schema: v.strictObject({ left: margin, top: margin, right: margin, bottom: margin }),
    option: {
      name: 'outpaint',
      value: 'L,T,R,B',
      help: 'grow the image to start from by these margins in pixels, and draw them',
      read: readMargins,
    },
    ofInitImage: true,
  },
} as const satisfies Readonly<Record<string, RequestField>>;
