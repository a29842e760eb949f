import type { Model } from './model';

/** What both sides of the images of a model must be multiples of, in pixels. */
export function sizeMultiple({ latents, upscaling }: Pick<Model, 'latents' | 'upscaling'>): number {
  return upscaling?.sides?.multiple ?? latents.factor * (upscaling?.factor ?? 1);
}
