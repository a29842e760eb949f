import { randomSeed } from '../../core/request/request';
import { EaselError } from '../../core/errors';
import { drawnSizeFor, type Size } from '../../core/image/resize';
import type { StyledRequest } from '../../core/request/styles';
import type { ModelDefaults } from '../model/defaults';
import type { Model } from '../model/model';
import type { SourceImage } from './source-image';

/** The values that a job uses: the request's, or the defaults. */
export interface Settings {
  readonly steps: number;
  readonly guidanceScale: number;
  /** How closely an image that is edited by words is followed. Absent where the model edits none. */
  readonly imageGuidanceScale?: number | undefined;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** The first image's. Absent where the request varies no seed. */
  readonly variationSeed?: number | undefined;
  /** How much the initial image may change, from 0 to 1. It is 1 without one, and where it is edited by words. */
  readonly strength: number;
  /** The share of the denoising that the model does before a refiner. Absent without one. */
  readonly denoisingEnd?: number | undefined;
  /** The class name in diffusers. */
  readonly scheduler: string;
}

/**
 * The size in pixels if the request has none: the model's own size, or the initial image's size rounded down
 * to a multiple of the factor (diffusers, VaeImageProcessor.get_default_height_width).
 */
function defaultSize(
  { nativeSize, latents: { factor } }: Model,
  source: SourceImage | undefined,
): Size {
  if (!source) return nativeSize;
  const fit = (side: number) => Math.max(factor, side - (side % factor));
  return { width: fit(source.image.width), height: fit(source.image.height) };
}

/**
 * Fills the open fields of a request with the model's defaults.
 * @throws EaselError `bad-size` if a side is not a multiple of the autoencoder's factor; the message names
 *   the nearest valid size
 */
export function resolveSettings(
  request: StyledRequest,
  model: Model,
  source: SourceImage | undefined,
  scheduler: string,
): Settings {
  const { defaults } = model;
  const { factor } = model.latents;
  const natural = defaultSize(model, source);
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
    strength: model.takesImage
      ? 1
      : (request.strength ?? defaultStrength(request, defaults, steps)),
    scheduler,
  };
}

/** What suits the model. Of few steps at least one is left, since nobody asked for that strength. */
function defaultStrength(request: StyledRequest, defaults: ModelDefaults, steps: number): number {
  if (!request.initImage) return 1;
  const inpainting = request.mask !== undefined || request.outpaint !== undefined;
  return Math.max(inpainting ? defaults.inpaintStrength : defaults.strength, 1 / steps);
}
