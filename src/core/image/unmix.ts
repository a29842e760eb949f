import { EaselError } from '../errors';

export type Colour = readonly [red: number, green: number, blue: number];

/** Shares of an image; outside of these there was no background, or nothing but background. */
const LEAST_BACKGROUND = 0.02;
const MOST_BACKGROUND = 0.995;

/**
 * What a pixel shows of its subject alone: `own = opacity · subject + (1 − opacity) · background`, solved
 * for the subject.
 * @param opacity above 0, to 1
 */
export function unmix(own: Uint8Array, background: Colour, opacity: number): Colour {
  const pure = (channel: 0 | 1 | 2) => {
    const behind = background[channel];
    const value = behind + (own[channel]! - behind) / opacity;
    return Math.max(0, Math.min(255, Math.round(value)));
  };
  return [pure(0), pure(1), pure(2)];
}

/**
 * @param share of the image that is background, 0 to 1
 * @throws EaselError `background-not-flat` where that is almost nothing, or almost all
 */
export function requireBackground(share: number): void {
  if (share < LEAST_BACKGROUND || share > MOST_BACKGROUND) throw backgroundNotFlat();
}

export function backgroundNotFlat(): EaselError {
  return new EaselError(
    'background-not-flat',
    'The image has no flat background that could be made transparent. Ask for one ("on a plain white ' +
      'background", or a style such as Flat icon), try another seed, or draw it opaque.',
  );
}
