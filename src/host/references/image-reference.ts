/** A place in a document that names an image. Offsets are in UTF-16 code units from the start. */
export interface ImageReference {
  /** The reference as a whole: the Markdown image, the tag, the `url()`. */
  readonly start: number;
  readonly end: number;
  /** Where the address stands, if not in the reference itself: the definition of a Markdown label. */
  readonly definition?: { readonly start: number; readonly end: number };
  /** The address as the document means it: entities and escapes resolved. */
  readonly url: string;
  /** What is to be seen; empty where the document does not say. */
  readonly alt: string;
  /** Pixels, where the document says so. */
  readonly width?: number;
  readonly height?: number;
}

/** A whole number of pixels from an attribute such as `800`, `800px` or `{800}`; no percentages. */
function pixels(value: string | undefined): number | undefined {
  const match = /^\s*(\d{1,5})(?:px)?\s*$/i.exec(value ?? '');
  const number = Number(match?.[1] ?? 0);
  return number > 0 ? number : undefined;
}

export function reference(
  place: { readonly start: number; readonly end: number },
  url: string,
  alt: string | undefined,
  width?: string,
  height?: string,
): ImageReference {
  const [w, h] = [pixels(width), pixels(height)];
  return {
    start: place.start,
    end: place.end,
    url,
    alt: (alt ?? '').replace(/\s+/g, ' ').trim(),
    ...(w === undefined ? {} : { width: w }),
    ...(h === undefined ? {} : { height: h }),
  };
}
