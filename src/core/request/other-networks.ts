import type { GenerationRequestInput } from './request';

/** Networks in the place of a model's own: each a file, a folder, or a repository in the cache. */
export interface OtherNetworks {
  readonly unet?: string | undefined;
  readonly vae?: string | undefined;
}

/** The networks that a request names. `full` and `tiny` are no other autoencoders. */
export function otherNetworks({
  unet,
  vae,
}: Pick<GenerationRequestInput, 'unet' | 'vae'>): OtherNetworks {
  return { unet, vae: vae === 'full' || vae === 'tiny' ? undefined : vae };
}
