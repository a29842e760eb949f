import * as v from 'valibot';
import {
  readNumber,
  readOnOff,
  readSecondPass,
  readText,
  readUpscaling,
  readWord,
} from '../option-values';
import { SEAMLESS_AXES } from '../seamless';
import type { RequestField } from './field';
import { LIMITS } from './limits';
import { integerIn, numberIn, someText } from './values';

const UPSCALERS = ['latent', 'lanczos'] as const;

/** What else is done to the image: second pass, refiner, upscaling, seams, tiles. */
export const PASS_FIELDS = {
  /** A second pass over the finished image, made larger: image to image with the same seed. */
  hires: {
    schema: v.strictObject({
      scale: v.optional(numberIn(LIMITS.hiresScale), 2),
      /** How far the second pass goes from the enlarged first. */
      strength: v.optional(numberIn(LIMITS.strength), 0.7),
      /** The second pass runs the share of these that its strength says. Absent: as the first. */
      steps: v.optional(integerIn(LIMITS.steps)),
      /** `latent` enlarges what the UNet made, `lanczos` the decoded image. */
      upscaler: v.optional(v.picklist(UPSCALERS), 'latent'),
    }),
    option: {
      name: 'hires',
      value: 'SCALE,…',
      help: 'draw again, SCALE times as large; also STRENGTH, STEPS, latent or lanczos: 2,0.7,20,latent',
      read: readSecondPass(UPSCALERS),
    },
    form: {
      control: 'custom',
      label: 'Sharpen with details',
      help: 'Draws the finished image again, larger and with more details.',
    },
  },
  /** Enlarges the decoded image for the second pass, in the place of `hires.upscaler`; named as `upscale.model`. */
  hiresUpscaler: {
    schema: someText,
    option: {
      name: 'hires-upscaler',
      value: 'MODEL',
      help: 'with --hires: enlarge the image by this upscaler between the passes; named as that of --upscale',
      read: readText,
      path: true,
    },
    form: { control: 'custom', label: 'Enlarged by' },
  },
  /** A model that does the last part of the denoising, as `model` is named: the refiner of SDXL. */
  refiner: {
    schema: someText,
    option: {
      name: 'refiner',
      value: 'MODEL',
      help: 'SDXL: a model that does the last steps, from --denoising-end on; named as --model',
      read: readText,
      path: true,
    },
    form: {
      control: 'custom',
      label: 'Refiner',
      help: 'A second model does the last steps, for finer details.',
    },
  },
  /** Shares of the denoising, which diffusers measures by timesteps: `denoising_start` and `denoising_end`. */
  denoisingStart: {
    schema: numberIn(LIMITS.denoising),
    option: {
      name: 'denoising-start',
      value: 'X',
      help: 'SDXL: the image to start from is denoised so far, 0 to 1; no noise is added to it',
      read: readNumber,
    },
    ofInitImage: true,
  },
  denoisingEnd: {
    schema: numberIn(LIMITS.denoising),
    option: {
      name: 'denoising-end',
      value: 'X',
      help: 'SDXL: stop at this share of the denoising, 0 to 1; a refiner goes on there (default 0.8 with one)',
      read: readNumber,
    },
  },
  /** Makes each finished image larger, by an upscaler of the ESRGAN family or a plain resampler. */
  upscale: {
    schema: v.strictObject({
      /** A file, a folder, a repository id or `org/name/file`. Absent: a plain resampler. */
      model: v.optional(someText),
      /** How many times as wide and high. Absent: the upscaler's own, or 2 without one. */
      factor: v.optional(numberIn(LIMITS.upscaleFactor)),
    }),
    option: {
      name: 'upscale',
      value: 'MODEL[:FACTOR]',
      help: 'make the finished image larger by an upscaler (ESRGAN); a factor alone, such as 2, resamples it',
      read: readUpscaling,
      path: true,
    },
  },
  /** The image has no seam where it is repeated along these axes: circular padding in all convolutions. */
  seamless: {
    schema: v.picklist(SEAMLESS_AXES),
    option: {
      name: 'seamless',
      value: 'x|y|xy',
      help: 'draw an image that repeats without a seam along these axes, for textures',
      read: readWord,
    },
    form: {
      control: 'custom',
      label: 'Seamless texture',
      help: 'Draws an image that repeats without a seam.',
    },
    tool: 'For textures: draw an image that repeats without a seam beside itself (x), below itself (y) or both (xy). Not with the starter model, which draws a seamless pattern where the prompt asks for one.',
  },
  /** Decode and encode in overlapping tiles. Absent: where the whole image would not fit into memory. */
  vaeTiling: {
    schema: v.boolean(),
    option: {
      name: 'vae-tiling',
      value: 'on|off',
      help: 'decode in tiles (default: where the whole would not fit into memory)',
      read: readOnOff,
    },
  },
  /** The colour behind the transparent parts of `initImage`. */
  background: {
    schema: v.pipe(v.string(), v.regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #ffffff')),
    default: '#ffffff',
    option: {
      name: 'background',
      value: '#RRGGBB',
      help: 'what lies behind the transparent parts of the image (default #ffffff)',
      read: readText,
    },
    ofInitImage: true,
  },
} as const satisfies Readonly<Record<string, RequestField>>;
