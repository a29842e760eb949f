import { randomSeed } from '../../core/request/request';
import { EaselError } from '../../core/errors';
import { drawnSizeFor, multipleWithin, type Size } from '../../core/image/resize';
import type { StyledRequest } from '../../core/request/styles';
import type { Model } from '../model/model';
import { sizeMultiple } from '../model/size-multiple';
import { LIMITS } from '../../core/request/fields/limits';

/** The values that a job uses: the request's, or the defaults. */
export interface Settings {
  readonly steps: number;
  readonly guidanceScale: number;
  /** How closely an image that is edited by words is followed. Absent where the model edits none. */
  readonly imageGuidanceScale?: number | undefined;
  /** The noise that is added to an image which the model makes larger. Absent where the model adds none. */
  readonly noiseLevel?: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** The first image's. Absent where the request varies no seed. */
  readonly variationSeed?: number | undefined;
  /** How much the initial image may change, from 0 to 1. It is 1 without one, and where it is edited by words or made larger. */
  readonly strength: number;
  /** The share of the denoising that the model does before a refiner. Absent without one. */
  readonly denoisingEnd?: number | undefined;
  /** The class name in diffusers. */
  readonly scheduler: string;
}

/** The images that a request gives. */
export interface GivenImages {
  readonly source: { readonly image: Size } | undefined;
  /** The size that the control images give; undefined without. */
  readonly controlSize: Size | undefined;
}

/**
 * The size in pixels if the request has none: the model's own size, or the initial image's size rounded down
 * to a multiple of the factor (diffusers, VaeImageProcessor.get_default_height_width), and so many times as large
 * where the model makes it larger. Without an initial image, that of the control images.
 * @throws EaselError `bad-size` for an image that becomes too large
 */
function defaultSize(
  { id, nativeSize, latents: { factor }, upscaling }: Model,
  { source, controlSize }: GivenImages,
): Size {
  if (!source) return controlSize ?? nativeSize;
  const times = upscaling?.factor ?? 1;
  const unit = upscaling?.sides ? upscaling.sides.multiple / times : factor;
  const fit = (side: number) => multipleWithin(side, unit) * times;
  const { width, height } = source.image;
  const size = { width: fit(width), height: fit(height) };
  const { max } = LIMITS.size;
  if (!upscaling || Math.max(size.width, size.height) <= max) return size;
  throw new EaselError(
    'bad-size',
    `${id} makes ${width} × ${height} pixels ${times} times as large, which is more than ${max} on a side. Give a smaller image, or a width and a height.`,
    { width, height, factor: times },
  );
}

/**
 * Fills the open fields of a request with the model's defaults.
 * @throws EaselError `bad-size` if a side is not a multiple of the autoencoder's factor, where the message names the
 *   nearest valid size; and where an image gives a size that cannot be asked for
 */
export function resolveSettings(
  request: StyledRequest,
  model: Model,
  images: GivenImages,
  scheduler: string,
): Settings {
  const { defaults, upscaling } = model;
  const factor = sizeMultiple(model);
  const natural = defaultSize(model, images);
  const own = request.fit ? drawnSizeFor(request.fit, natural, factor) : natural;
  const width = request.width ?? own.width;
  const height = request.height ?? own.height;
  if (width % factor !== 0 || height % factor !== 0) {
    const nearest = (side: number) => Math.max(factor, Math.round(side / factor) * factor);
    throw new EaselError(
      'bad-size',
      `${width} × ${height} pixels cannot be drawn: both sides must be multiples of ${factor}. ` +
        `The nearest is ${nearest(width)} × ${nearest(height)}.`,
      { width, height, factor },
    );
  }
  const { max } = LIMITS.size;
  if (Math.max(width, height) > max) {
    throw new EaselError(
      'bad-size',
      `${width} × ${height} pixels, the size of the given image, cannot be drawn: at most ${max} on a side. Give a smaller image, or a width and a height.`,
      { width, height, max },
    );
  }
  const least = upscaling?.sides?.least ?? 0;
  if (Math.min(width, height) < least) {
    throw new EaselError(
      'bad-size',
      `${width} × ${height} pixels are too small for ${model.id}: each side must be at least ${least}, for which the initial image needs ${least / upscaling!.factor}.`,
      { width, height, least },
    );
  }
  const steps = request.steps ?? defaults.steps;
  return {
    steps,
    guidanceScale: request.guidanceScale ?? defaults.guidanceScale,
    width,
    height,
    seed: request.seed ?? randomSeed(),
    ...(request.variationStrength > 0 && { variationSeed: request.variationSeed ?? randomSeed() }),
    ...(model.takesImage && {
      imageGuidanceScale: request.imageGuidanceScale ?? defaults.imageGuidanceScale,
    }),
    ...(upscaling?.noiseLevel && {
      noiseLevel: request.noiseLevel ?? upscaling.noiseLevel.usual,
    }),
    strength:
      model.takesImage || upscaling
        ? 1
        : (request.strength ?? defaultStrength(request, model, steps)),
    scheduler,
  };
}

/** What suits the model. Of few steps at least one is left, since nobody asked for that strength. */
function defaultStrength(
  request: StyledRequest,
  { controlNets, defaults }: Pick<Model, 'controlNets' | 'defaults'>,
  steps: number,
): number {
  if (!request.initImage) return 1;
  const inpainting = request.mask !== undefined || request.outpaint !== undefined;
  const { controlled } = defaults;
  const { strength } = controlNets > 0 && controlled ? controlled : defaults;
  return Math.max(inpainting ? defaults.inpaintStrength : strength, 1 / steps);
}
