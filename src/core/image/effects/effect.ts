import type { RgbaImage } from '../pixels';

export interface EffectOptions {
  /** A whole number of 0 or more; the same seed gives the same image. */
  readonly seed: number;
  /** Colours of a brand, `#rrggbb`, for what the effect adds: a tile, a ground, two tones. */
  readonly palette?: readonly string[] | undefined;
  /**
   * What lies behind the transparent parts, `#rrggbb`: the result is opaque, and an effect that draws on paper
   * draws all of it. Absent: what is transparent stays so, but for what the effect adds.
   */
  readonly background?: string | undefined;
  /** The subject stays where it is, also where an effect would make room for its own edge. */
  readonly fixed?: boolean | undefined;
}

/** Draws an image anew in some manner. The result has the same size. */
export type DrawEffect = (image: RgbaImage, options: EffectOptions) => RgbaImage;
