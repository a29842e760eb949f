import { EaselError } from '../errors';

/** Where values that are not finite appeared. */
export type BrokenPlace =
  | { readonly place: 'text encoder' | 'image encoder' | 'encoder' | 'decoder' | 'safety checker' }
  /** `denoiser`: what the network predicted; `scheduler`: the latents that follow from it. */
  | {
      readonly place: 'denoiser' | 'scheduler';
      /** 1-based, of all steps of the image. */
      readonly step: number;
      readonly steps: number;
    };

/**
 * Refuses values with NaN or infinity: an image drawn from them is black. One pass over the values.
 * @throws EaselError `not-finite`, with the place as its data
 */
export function requireFinite(values: Float32Array, place: BrokenPlace): void {
  let sum = 0;
  // Zero times a finite number is zero, times NaN or infinity NaN.
  for (const value of values) sum += value * 0;
  if (sum === 0) return;
  throw new EaselError(
    'not-finite',
    `${describePlace(place)} gave values that are not finite (NaN or infinity), so there is no image.`,
    place,
  );
}

function describePlace(broken: BrokenPlace): string {
  switch (broken.place) {
    case 'text encoder':
      return 'The text encoder';
    case 'image encoder':
      return 'The image encoder of the IP-Adapter';
    case 'safety checker':
      return 'The safety checker';
    case 'encoder':
      return 'The encoder of the autoencoder (VAE)';
    case 'decoder':
      return 'The decoder of the autoencoder (VAE)';
    case 'denoiser':
      return `At step ${broken.step} of ${broken.steps}, the denoising network`;
    case 'scheduler':
      return `At step ${broken.step} of ${broken.steps}, the scheduler`;
  }
}
