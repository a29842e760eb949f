import { EaselError } from '../errors';
import type { FieldName } from './fields';
import type { IpAdapterBlocks } from './ip-adapter-blocks';
import { requireListCounts, shownOption, times, type CountedLists } from './list-counts';
import type { GenerationRequest } from './request';

/** The fields of IP-Adapters. */
export const IP_ADAPTER_FIELDS = [
  'ipAdapters',
  'ipAdapterImages',
  'ipAdapterScale',
  'ipAdapterBlocks',
  'ipAdapterImageEncoder',
] as const satisfies readonly FieldName[];

/** An IP-Adapter of a request, with what belongs to it. */
export interface RequestedIpAdapter {
  /** A folder, a file, or a repository in the cache. */
  readonly model: string;
  /** The bytes of image files, one or more. */
  readonly images: readonly Uint8Array[];
  /** What is attended to of the images is multiplied by it. */
  readonly scale: number;
  /** Where in the UNet. */
  readonly blocks: IpAdapterBlocks;
}

/** Lists of which the k-th entry belongs to the k-th IP-Adapter. */
const LISTS: CountedLists = {
  networks: 'ipAdapters',
  network: ['an', 'IP-Adapter'],
  entries: { ipAdapterScale: 'scale', ipAdapterBlocks: 'name of blocks' },
  required: [],
};

/** The role of an image in messages. @param index 0-based */
export function ipAdapterImageName(index: number): string {
  return `IP-Adapter image ${index + 1}`;
}

/** How many entries the fields' lists have; for the encoder, whether there is one. Absent: none. */
type IpAdapterCounts = Readonly<Partial<Record<(typeof IP_ADAPTER_FIELDS)[number], number>>>;

/**
 * Checks that there are images for each IP-Adapter, and a scale for each or for none. A single adapter takes all
 * images (diffusers' `ip_adapter_image=[[a, b]]`); of several, each takes one.
 * @throws EaselError `bad-request` naming the option
 */
export function requireIpAdapterCounts(counts: IpAdapterCounts): void {
  requireListCounts(LISTS, counts);
  const { ipAdapters: wanted = 0, ipAdapterImages: images = 0, ipAdapterImageEncoder = 0 } = counts;
  const [adapter, image] = [shownOption('ipAdapters'), shownOption('ipAdapterImages')];
  const refuse = (field: FieldName, message: string) =>
    new EaselError('bad-request', message, { field, ipAdapters: wanted, given: images });
  for (const [field, given] of [
    ['ipAdapterImages', images],
    ['ipAdapterImageEncoder', ipAdapterImageEncoder],
  ] as const) {
    if (wanted > 0 || given === 0) continue;
    throw refuse(
      field,
      `${shownOption(field)} belongs to an IP-Adapter, and none is given. Give one with ${adapter}, or leave it out.`,
    );
  }
  if (wanted > 0 && images === 0) {
    throw refuse('ipAdapterImages', `${adapter} draws like an image. Give one with ${image}.`);
  }
  if (wanted > 1 && images !== wanted) {
    throw refuse(
      'ipAdapterImages',
      `${adapter} is given ${times(wanted)}, and ${image} ${times(images)}. Give one image for each IP-Adapter, in the same order. Only a single IP-Adapter takes several.`,
    );
  }
}

/**
 * The IP-Adapters of a request.
 * @throws EaselError `bad-request` as `requireIpAdapterCounts`
 */
export function requestedIpAdapters(request: GenerationRequest): readonly RequestedIpAdapter[] {
  const { ipAdapters, ipAdapterImages: images, ipAdapterScale, ipAdapterBlocks } = request;
  requireIpAdapterCounts({
    ipAdapters: ipAdapters.length,
    ipAdapterImages: images.length,
    ipAdapterScale: ipAdapterScale.length,
    ipAdapterBlocks: ipAdapterBlocks.length,
    ipAdapterImageEncoder: request.ipAdapterImageEncoder === undefined ? 0 : 1,
  });
  return ipAdapters.map((model, index) => ({
    model,
    images: ipAdapters.length === 1 ? images : [images[index]!],
    scale: ipAdapterScale[index] ?? 1,
    blocks: ipAdapterBlocks[index] ?? 'all',
  }));
}
