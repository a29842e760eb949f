import { collapseSpaces } from '../../core/shown-text';
import { readAddress } from './addresses';
import type { PlaceholderImage } from './placeholder-services';

/** A place in a document. Offsets are in UTF-16 code units from the start. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/**
 * How a document names an image: shown in the page, in a style, imported by code (where an address without
 * `./` is a package or an alias), the image that other sites show for a page, or an icon of the page.
 */
export type ReferenceKind = 'image' | 'style' | 'import' | 'meta' | 'icon';

/** A place in a document that names an image. */
export interface ImageReference extends Place {
  /** The reference is the Markdown image, the tag, the `url()`; this is the address in it, as it is written. */
  readonly address: Place;
  /** Where the address stands, if not in the reference itself: the definition of a Markdown label. */
  readonly definition?: Place;
  readonly kind: ReferenceKind;
  /** The address as the document means it: entities and escapes resolved. Empty for `src=""`. */
  readonly url: string;
  /** The address without query and fragment, its percent signs decoded. Empty for an image elsewhere. */
  readonly path: string;
  /** A part of the address is only known when the page is made: nothing can be said about the file. */
  readonly computed?: true;
  /** The address begins with a name that the project's build defines: `@/`, `~/`, `$lib/`, a package. */
  readonly alias?: true;
  /** The address is of a service that draws placeholders. */
  readonly service?: PlaceholderImage;
  /** What is to be seen; empty where the document does not say. */
  readonly alt: string;
  /** Pixels, where the document says so. */
  readonly width?: number;
  readonly height?: number;
}

/** What a document says about an image besides its address. Sizes are as it writes them. */
export interface ReferenceDetails {
  readonly alt?: string | undefined;
  readonly width?: string | number | undefined;
  readonly height?: string | number | undefined;
  readonly kind?: ReferenceKind;
  readonly definition?: Place | undefined;
}

/**
 * @returns undefined for an address that names no file of the project: of another server (unless it is a
 * placeholder service), of data, of a place in the page
 */
export function imageReference(
  { start, end }: Place,
  address: Place,
  url: string,
  { alt = '', width, height, kind = 'image', definition }: ReferenceDetails = {},
): ImageReference | undefined {
  const read = readAddress(url.trim(), kind === 'import');
  if (!read) return undefined;
  const { service } = read;
  const [w, h] = [pixels(width), pixels(height)];
  // One given side belongs to another shape than the service's.
  const [wide, high] =
    w === undefined && h === undefined ? [service?.width, service?.height] : [w, h];
  return {
    start,
    end,
    address: { start: address.start, end: address.end },
    kind,
    ...read,
    alt: collapseSpaces(alt.slice(0, LONGEST_ALT)) || (service?.text ?? ''),
    ...(definition && { definition }),
    ...(wide !== undefined && { width: wide }),
    ...(high !== undefined && { height: high }),
  };
}

/** Characters of an alternative text that are kept; an image's prompt is shorter. */
const LONGEST_ALT = 1000;

/** A whole number of pixels such as `800` or `800px`; no percentages. */
function pixels(value: string | number | undefined): number | undefined {
  const match = /^\s*(\d{1,5})(?:\.\d*)?(?:px)?\s*$/i.exec(String(value ?? ''));
  const number = Number(match?.[1] ?? 0);
  return number > 0 ? number : undefined;
}
