import type { StudioImage } from '../../src/protocol/studio';

/** Which images of the gallery are shown. */
export interface GalleryFilter {
  /** Words that the prompt or the file's name must have; empty for all. */
  readonly text: string;
  readonly onlyFavourites: boolean;
}

/** A text as it is compared: without case and accents. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .toLowerCase();
}

/** The images that a filter leaves, in their order. Every word has to be found, in any order. */
export function filterImages(
  images: readonly StudioImage[],
  { text, onlyFavourites }: GalleryFilter,
): readonly StudioImage[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  if (words.length === 0 && !onlyFavourites) return images;
  return images.filter(({ request, name, favourite }) => {
    if (onlyFavourites && favourite !== true) return false;
    const searched = plain(`${request?.prompt ?? ''}\n${name}`);
    return words.every((word) => searched.includes(word));
  });
}
