import type { PendingImage } from '../../core/image/pixels';
import { ipAdapterImageName, requestedIpAdapters } from '../../core/request/ip-adapters';
import type { GenerationRequest } from '../../core/request/request';
import type { ImagePromptInput } from '../model/model';
import { openGivenImage } from './given-image';

/**
 * Opens the images of a request's IP-Adapters. Equal files are one image, which is decoded once.
 * @throws EaselError as `openGivenImage`; `bad-request` as `requestedIpAdapters`
 */
export async function openImagePrompts(
  request: GenerationRequest,
): Promise<readonly ImagePromptInput[]> {
  const { background, ipAdapterImages: files } = request;
  const opened: PendingImage[] = [];
  for (const [index, file] of files.entries()) {
    const same = files.findIndex((other) => Buffer.compare(other, file) === 0);
    opened.push(
      same < index
        ? opened[same]!
        : await openGivenImage(file, background, ipAdapterImageName(index)),
    );
  }
  return requestedIpAdapters(request).map(({ images, scale, blocks }) => ({
    images: images.map((file) => opened[files.indexOf(file)]!),
    scale,
    blocks,
  }));
}
