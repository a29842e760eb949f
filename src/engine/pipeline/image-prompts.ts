import type { RgbImage } from '../../core/image/pixels';
import { ipAdapterImageName, requestedIpAdapters } from '../../core/request/ip-adapters';
import type { GenerationRequest } from '../../core/request/request';
import { decodeImage } from '../images/sharp-image';
import type { ImagePromptInput } from '../model/model';

/**
 * Decodes the images of a request's IP-Adapters. Equal files are decoded once.
 * @throws EaselError `bad-file`; `bad-request` as `requestedIpAdapters`
 */
export async function readImagePrompts(
  request: GenerationRequest,
): Promise<readonly ImagePromptInput[]> {
  const { background, ipAdapterImages: files } = request;
  const decoded: RgbImage[] = [];
  for (const [index, file] of files.entries()) {
    const same = files.findIndex((other) => Buffer.compare(other, file) === 0);
    decoded.push(
      same < index
        ? decoded[same]!
        : await decodeImage(file, background, ipAdapterImageName(index)),
    );
  }
  return requestedIpAdapters(request).map(({ images, scale, blocks }) => ({
    images: images.map((file) => decoded[files.indexOf(file)]!),
    scale,
    blocks,
  }));
}
