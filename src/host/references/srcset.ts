import {
  imageReference,
  type ImageReference,
  type Place,
  type ReferenceDetails,
} from './image-reference';
import { partOf, type SourceText } from './source-text';

/**
 * The images of a `srcset`, as the HTML standard splits it: an address is what has no white space in it, and
 * commas separate. The size of each follows from its descriptor: `480w` is its width, `2x` twice the size that
 * the page shows.
 * @param place of the whole element
 * @param shown what the element says; its sides give the shape
 */
export function srcsetReferences(
  set: SourceText,
  place: Place,
  shown: ReferenceDetails,
): ImageReference[] {
  const found: ImageReference[] = [];
  for (const match of set.value.matchAll(/([^\s,]\S*)((?:\s+[\d.]+[a-z])*\s*)/gi)) {
    const [, written = '', descriptors = ''] = match;
    const url = written.replace(/,+$/, '');
    const ended = url !== written;
    const start = match.index;
    const at = partOf(set, start, start + url.length).place(0, url.length);
    const size = sizeBy(ended ? '' : descriptors, shown);
    const one = imageReference(place, at, url, { ...shown, ...size });
    if (one) found.push(one);
  }
  return found;
}

function sizeBy(
  descriptors: string,
  { width, height }: ReferenceDetails,
): Pick<ReferenceDetails, 'width' | 'height'> {
  const [wide, high] = [Number(width), Number(height)];
  const number = (unit: string) =>
    Number(new RegExp(`([\\d.]+)${unit}`, 'i').exec(descriptors)?.[1] ?? 0);
  const [asked, density] = [number('w'), number('x')];
  if (asked > 0) return { width: asked, height: scaled(high, asked / wide) };
  if (density > 0) return { width: scaled(wide, density), height: scaled(high, density) };
  return { width, height };
}

/** A side in whole pixels; undefined where it is not known. */
function scaled(side: number, factor: number): number | undefined {
  const pixels = Math.round(side * factor);
  return Number.isFinite(pixels) && pixels > 0 ? pixels : undefined;
}
