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
const SIZE_IN_NAME = /(?:^|[-_. @])(\d{2,5})\s*[x×]\s*(\d{2,5})(?=$|[-_. @])/i;
/** A single number means a square. */
const SQUARE_IN_NAME = /[-_@ ](\d{2,4})(?:px)?$/i;

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
  const named = sizeInName(stem);
  const prompt = alt || words(stem);
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

function sizeInName(stem: string): WantedImage['size'] {
  const both = SIZE_IN_NAME.exec(stem);
  if (both) return { width: Number(both[1]), height: Number(both[2]) };
  const side = Number(SQUARE_IN_NAME.exec(stem)?.[1] ?? 0);
  return side >= 16 && side <= 4096 ? { width: side, height: side } : undefined;
}

/** `hero_image-800x400` is "hero image". */
function words(stem: string): string {
  return stem
    .replace(SIZE_IN_NAME, '')
    .replace(SQUARE_IN_NAME, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_.@]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}
