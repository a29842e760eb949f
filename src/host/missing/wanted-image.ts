import { formatOfFileName, type ImageFormat } from '../../core/image/formats';
import type { ImageReference } from '../references/image-reference';

/** What to draw for a reference. */
export interface WantedImage {
  readonly prompt: string;
  /** Pixels of the file; undefined leaves the size to the model. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  readonly format: ImageFormat;
}

/** `800x400` as a part of a name, with any of the usual separators around it. */
const SIZE_IN_NAME = /(?:^|[-_. @])(\d{2,5})\s*[x×]\s*(\d{2,5})(?=$|[-_. @])/gi;
/** A number at the end means a square, if it is one that images have: `icon-64`, not `apollo-11`. */
const SQUARE_IN_NAME = /[-_@ ]([1-9]\d{1,3})(px)?$/i;
/** `@2x` and `@3x`: the same image for denser screens. */
const DENSITY = /@\d(?:\.\d)?x$/i;
/** Pixels of a side; what is smaller or larger is a count, a date or a version. */
const [SMALLEST, LARGEST] = [16, 4096];
/** Words before a number that counts. */
const COUNTED =
  /(?:^|[-_. ])(?:fig(?:ure)?|step|page|chapter|section|slide|part|level|day|week|frame|screenshot|dscn?|v|version)$/i;
/** Sides of icons and thumbnails that are no multiples of 16. */
const USUAL_SIDES: readonly number[] = [
  ...[20, 24, 36, 40, 50, 60, 72, 76, 90, 100, 120, 150, 152, 180, 200, 250, 300, 350, 360],
  ...[450, 500, 540, 600, 700, 750, 900, 1000, 1080, 1500, 3000],
];

/**
 * Works out what to draw: the prompt from the alternative text, else from the words of the file's name;
 * the size from the attributes, else from the name (`lighthouse-800x400.png`); the format from the ending.
 * @param path the reference's path without query or fragment
 * @returns undefined where the ending is not of a format that can be drawn
 */
export function wantedImage(
  { alt, width, height }: Pick<ImageReference, 'alt' | 'width' | 'height'>,
  path: string,
): WantedImage | undefined {
  const name = path.split(/[\\/]/).at(-1) ?? '';
  const format = formatOfFileName(name);
  if (!format) return undefined;
  const stem = name.slice(0, name.lastIndexOf('.'));
  const { size: named, rest } = sizeInName(stem);
  const prompt = alt || words(rest);
  if (!prompt) return undefined;
  const side = width ?? height;
  const ratio = named ? named.width / named.height : 1;
  const size =
    side === undefined
      ? named
      : {
          // One attribute alone leaves the other to the shape that the name gives.
          width: width ?? Math.max(1, Math.round(side * ratio)),
          height: height ?? Math.max(1, Math.round(side / ratio)),
        };
  return { prompt, size, format };
}

/** The size that a name tells, and the name without it. */
function sizeInName(name: string): { readonly size: WantedImage['size']; readonly rest: string } {
  const stem = name.replace(DENSITY, '');
  for (const { 0: written, 1: width, 2: height, index } of stem.matchAll(SIZE_IN_NAME)) {
    const size = { width: Number(width), height: Number(height) };
    if (!isSide(size.width) || !isSide(size.height)) continue;
    return { size, rest: `${stem.slice(0, index)} ${stem.slice(index + written.length)}` };
  }
  const square = SQUARE_IN_NAME.exec(stem);
  const rest = stem.slice(0, square?.index);
  const side = Number(square?.[1] ?? 0);
  const isSize = square?.[2] === undefined ? isUsual(side) && !COUNTED.test(rest) : isSide(side);
  return isSize ? { size: { width: side, height: side }, rest } : { size: undefined, rest: stem };
}

function isSide(pixels: number): boolean {
  return pixels >= SMALLEST && pixels <= LARGEST;
}

/** Whether a number without a unit is a side; years are not. */
function isUsual(side: number): boolean {
  if (side >= 1900 && side <= 2047) return false;
  return isSide(side) && (side % 16 === 0 || USUAL_SIDES.includes(side));
}

/** `hero_image` is "hero image". */
function words(stem: string): string {
  return stem
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_.@]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
