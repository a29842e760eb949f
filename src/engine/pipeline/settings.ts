import { randomSeed } from '../../core/request/seed';
import { EaselError } from '../../core/errors';
import { drawnSizeFor, type Size } from '../../core/image/fit-size';
import type { StyledRequest } from '../../core/request/styles';
import type { ModelDefaults } from '../model/defaults';
import type { Model } from '../model/model';
import type { SourceImage } from './source-image';

/** A request with every choice made. */
export interface Settings {
  readonly steps: number;
  readonly guidanceScale: number;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** How far to go from the picture to start from; 1 without one. */
  readonly strength: number;
  /** diffusers' class name. */
  readonly scheduler: string;
}

/**
 * The size in pixels where the request names none: the model's own, or that of the image to start from, rounded
 * down to what can be drawn (diffusers, VaeImageProcessor.get_default_height_width).
 */
function defaultSize(
  { nativeSize, latents: { factor } }: Model,
  source: SourceImage | undefined,
): Size {
  if (!source) return nativeSize;
  const fit = (side: number) => Math.max(factor, side - (side % factor));
  return { width: fit(source.picture.width), height: fit(source.picture.height) };
}

/**
 * Fills a request from the model's defaults.
 * @throws EaselError `bad-size` where a side is not a multiple of the autoencoder's factor, naming the
 *   nearest sizes that are
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
  return {
    steps: request.steps ?? defaults.steps,
    guidanceScale: request.guidanceScale ?? defaults.guidanceScale,
    width,
    height,
    seed: request.seed ?? randomSeed(),
    strength: request.strength ?? defaultStrength(request, defaults),
    scheduler,
  };
}

function defaultStrength(request: StyledRequest, defaults: ModelDefaults): number {
  if (!request.initImage) return 1;
  const inpainting = request.mask !== undefined || request.outpaint !== undefined;
  return inpainting ? defaults.inpaintStrength : defaults.strength;
}
