import { contrast, readableOn } from '../../core/composition/colours';
import type { Subject } from '../../core/composition/composition';
import { drawPortrait } from '../../core/composition/portraits/portrait';
import { createRandom } from '../../core/composition/random';
import { DRAWINGS } from '../../core/composition/vectors/drawings/drawings';
import { findVector, vectorColours } from '../../core/composition/vectors/find';
import { drawText } from '../../core/composition/vectors/text';
import { drawVector, VECTOR_NAMES } from '../../core/composition/vectors/vector';
import type { VectorImage } from '../../core/composition/vector-image';
import type { RgbaImage } from '../../core/image/pixels';

/** What is seen of a subject, without a background: pixels of the model, or vectors. */
export type SubjectImage =
  | { readonly pixels: RgbaImage; readonly vector?: undefined }
  | { readonly vector: VectorImage; readonly pixels?: undefined };

/** Whether the model draws a subject: also where there is no vector drawing of what the words name. */
export function isDrawnByModel({ source, words }: Subject): boolean {
  return source === 'model' || (source === 'vector' && vectorName(words) === undefined);
}

/** The name of the vector drawing for words such as "git branch". */
function vectorName(words: string): string | undefined {
  const name = words.trim().toLowerCase().replace(/\s+/g, '-');
  const found = findVector(words);
  // "storefront" is a drawing of ours, and also what the library calls a sign.
  if (found !== undefined && DRAWINGS.has(found)) return found;
  return VECTOR_NAMES.includes(name) ? name : (found ?? findVector(`${words} icon`));
}

export interface VectorFacts {
  readonly seed: number;
  readonly variation: number;
  readonly palette: readonly string[];
  /** The colour behind it, hex. */
  readonly behind: string;
  readonly dark: boolean;
}

/**
 * A subject that is not the model's, drawn.
 * @param copy 0-based: each copy of a portrait is another person
 */
export function drawSubject(
  { source, words }: Subject,
  copy: number,
  { seed, variation, palette, behind, dark }: VectorFacts,
): VectorImage {
  if (source === 'portrait') {
    // Neighbouring seeds must not share people.
    const person = createRandom(seed, `person ${copy}`).int(0, PEOPLE);
    return drawPortrait(words, { seed: copy === 0 ? seed : person, variation });
  }
  if (source === 'text') return drawText(words, { colour: textColour(palette, behind) });
  const name = vectorName(words);
  if (name === undefined) throw new RangeError(`There is no vector drawing for "${words}".`);
  const named = vectorColours(words);
  const colours = named.length > 0 ? named : palette;
  return drawVector(name, colours.length > 0 ? { colours, dark } : { dark });
}

/** So many seeds of people there are. */
const PEOPLE = 2 ** 30;

/** What WCAG asks of large letters. */
const READABLE = 3;

/** The first colour of the palette that reads well on what is behind. */
function textColour(palette: readonly string[], behind: string): string {
  return palette.find((colour) => contrast(colour, behind) >= READABLE) ?? readableOn(behind);
}

/** A portrait within a circle of a colour. Its foot touches the circle. */
export function inCircle(
  { width, height, body }: VectorImage,
  colour: string,
  id: string,
): VectorImage {
  const side = Math.max(width, height);
  const half = side / 2;
  return {
    width: side,
    height: side,
    body:
      `<clipPath id="${id}"><circle cx="${half}" cy="${half}" r="${half}"/></clipPath>` +
      `<circle cx="${half}" cy="${half}" r="${half}" fill="${colour}"/>` +
      `<g clip-path="url(#${id})"><g transform="translate(${(side - width) / 2} ${side - height})">${body}</g></g>`,
  };
}
