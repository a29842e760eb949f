import * as v from 'valibot';
import { checkInput } from './check-input';
import { DEVICE_CHOICES } from './devices';
import { IMAGE_FORMAT_NAMES, type ImageFormat } from './image/formats';
import { LIMITS } from './request/fields/limits';

/** How many times as wide and high an image becomes where nobody says it and no model does. */
export const USUAL_FACTOR = 2;

/** What an enlarged image is not: outlines have any size. */
export type PixelFormat = Exclude<ImageFormat, 'svg'>;
export const PIXEL_FORMATS = IMAGE_FORMAT_NAMES.filter((format) => format !== 'svg') as [
  PixelFormat,
  ...PixelFormat[],
];

/** The precisions of upscalers. They are small: `auto` is `full`. */
export const UPSCALE_PRECISIONS = ['auto', 'full', 'half'] as const;

const pixels = v.pipe(v.number(), v.integer(), v.minValue(1));

/** What is to be done with an existing image. */
const UpscaleSchema = v.strictObject({
  /** An image file in any format that the image library reads. */
  file: v.custom<Uint8Array>(
    (value) => value instanceof Uint8Array,
    'must be the bytes of an image',
  ),
  /** As `upscale.model` of a request. Absent: a plain resampler. */
  model: v.optional(v.pipe(v.string(), v.nonEmpty())),
  /** Absent: the model's scale, or `USUAL_FACTOR`. */
  factor: v.optional(
    v.pipe(v.number(), v.minValue(LIMITS.upscaleFactor.min), v.maxValue(LIMITS.upscaleFactor.max)),
  ),
  /** What of the result is kept, around its middle. Absent: all. */
  crop: v.optional(v.strictObject({ width: pixels, height: pixels })),
  /** Absent: the file's own, or PNG where images are not saved as that. */
  format: v.optional(v.picklist(PIXEL_FORMATS)),
  device: v.optional(v.picklist(DEVICE_CHOICES), 'auto'),
  precision: v.optional(v.picklist(UPSCALE_PRECISIONS), 'auto'),
});

export type UpscaleRequest = v.InferOutput<typeof UpscaleSchema>;
export type UpscaleInput = v.InferInput<typeof UpscaleSchema>;

/** @throws EaselError `bad-request`, naming the field */
export function parseUpscale(input: unknown): UpscaleRequest {
  return checkInput(UpscaleSchema, input, 'request');
}

const NO_FILE = new Uint8Array(0);

/**
 * Checks a request whose file is not read yet.
 * @throws EaselError as `parseUpscale`
 */
export function assertUpscale(
  input: Readonly<Record<string, unknown>>,
): asserts input is Omit<UpscaleInput, 'file'> {
  parseUpscale({ ...input, file: NO_FILE });
}

/** What the name of an enlarged image gets: `-2x`, `-1.5x`. */
export function factorSuffix(factor: number): string {
  return `-${Number(factor.toFixed(2))}x`;
}
