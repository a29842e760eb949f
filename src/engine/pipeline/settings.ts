import { randomInt } from 'node:crypto';
import { EaselError } from '../../core/errors';
import { drawnSizeFor } from '../../core/image/fit-size';
import type { GenerationRequest } from '../../core/request/request';
import type { ModelDefaults } from '../model/defaults';

/** What decides the sizes a model can draw. */
export interface SizeRule {
  /** Pixels of a latent cell's side. */
  readonly factor: number;
  /** The UNet's own latent size, height then width, if its config names one. */
  readonly sampleSize: readonly [number, number] | undefined;
  /** The picture to start from, whose size is taken where the request names none. */
  readonly source?: { readonly width: number; readonly height: number } | undefined;
}

/** A request with every choice made. */
export interface Settings {
  readonly steps: number;
  readonly guidanceScale: number;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  /** How far to go from the picture to start from; 1 without one. */
  readonly strength: number;
}

/** Without a size of its own a UNet draws 64 × 64 latents, as diffusers' pipelines assume. */
const FALLBACK_SAMPLE = [64, 64] as const;

/** The size in pixels that a model draws where nothing is asked for. */
export function resolveSize(
  defaults: ModelDefaults,
  { factor, sampleSize, source }: SizeRule,
): { readonly width: number; readonly height: number } {
  if (source) {
    // As VaeImageProcessor.get_default_height_width: rounded down to what can be drawn.
    const fit = (side: number) => Math.max(factor, side - (side % factor));
    return { width: fit(source.width), height: fit(source.height) };
  }
  const [sampleHeight, sampleWidth] = sampleSize ?? FALLBACK_SAMPLE;
  return {
    width: defaults.width ?? sampleWidth * factor,
    height: defaults.height ?? sampleHeight * factor,
  };
}

/**
 * Fills a request from the model's defaults.
 * @throws EaselError `bad-size` where a side is not a multiple of the autoencoder's factor, naming the
 *   nearest sizes that are
 */
export function resolveSettings(
  request: GenerationRequest,
  defaults: ModelDefaults,
  rule: SizeRule,
): Settings {
  const natural = resolveSize(defaults, rule);
  const own = request.fit ? drawnSizeFor(request.fit, natural, rule.factor) : natural;
  const width = request.width ?? own.width;
  const height = request.height ?? own.height;
  if (width % rule.factor !== 0 || height % rule.factor !== 0) {
    const nearest = (side: number) =>
      Math.max(rule.factor, Math.round(side / rule.factor) * rule.factor);
    throw new EaselError(
      'bad-size',
      `${width} × ${height} pixels cannot be drawn: both sides must be multiples of ${rule.factor}. ` +
        `The nearest is ${nearest(width)} × ${nearest(height)}.`,
      { width, height, factor: rule.factor },
    );
  }
  return {
    steps: request.steps ?? defaults.steps,
    guidanceScale: request.guidanceScale ?? defaults.guidanceScale,
    width,
    height,
    seed: request.seed ?? randomInt(2 ** 32),
    strength: request.strength ?? defaultStrength(request, defaults),
  };
}

function defaultStrength(request: GenerationRequest, defaults: ModelDefaults): number {
  if (!request.initImage) return 1;
  const inpainting = request.mask !== undefined || request.outpaint !== undefined;
  return inpainting ? defaults.inpaintStrength : defaults.strength;
}
