import type { IpAdapterBlocks } from '../../../../core/request/ip-adapter-blocks';
import type { Feed } from '../../../runtime/session';
import type { WeightSource } from '../../../weights/source';
import { concatenate } from '../../arrays';
import type { UNetImagePrompt } from './unet';

/** What an IP-Adapter makes of its images, ready for a UNet. */
export interface ImageTokens {
  /** The tokens of all its images. */
  readonly count: number;
  /** float32 [count, width], for the prompt. */
  readonly cond: Float32Array;
  /** The same of no image, for the negative prompt. Absent without guidance. */
  readonly uncond: Float32Array | undefined;
  readonly scale: number;
  readonly blocks: IpAdapterBlocks;
  /** Of the adapter's layers in the UNet. */
  readonly weights: WeightSource;
}

/** The IP-Adapters as a UNet's graph takes them. */
export function imagePromptsOfUNet(images: readonly ImageTokens[]): readonly UNetImagePrompt[] {
  return images.map(({ weights, count: tokens, blocks }) => ({ weights, tokens, blocks }));
}

/**
 * The inputs `image_tokens_k` and `ip_adapter_scale_k`, which are the same for all steps.
 * @param ofPrompt which rows of the batch are those of the prompt; the others read no image
 */
export function imageFeeds(
  images: readonly ImageTokens[],
  ofPrompt: readonly boolean[],
): Readonly<Record<string, Feed>> {
  const feeds = images.flatMap(({ count, cond, uncond, scale }, index): [string, Feed][] => {
    const data = concatenate(ofPrompt.map((isPrompt) => (isPrompt ? cond : uncond!)));
    const dims = [ofPrompt.length, count, cond.length / count];
    return [
      [`image_tokens_${index}`, { type: 'float32', data, dims }],
      [`ip_adapter_scale_${index}`, { type: 'float32', data: Float32Array.of(scale), dims: [1] }],
    ];
  });
  return Object.fromEntries(feeds);
}
