import { IMAGE_FORMATS, type ImageFormat } from './image/formats';

/** Maximum characters. Even in UTF-8 this is below the limit of file systems (255 bytes). */
const MAX_SLUG = 48;

/**
 * Makes a part of a file name from a prompt: lower case, words joined by hyphens. Keeps letters and digits of
 * all scripts and removes accents. Never empty, never a path.
 */
function slug(prompt: string): string {
  const words = prompt
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  let text = '';
  for (const word of words ?? []) {
    const next = text ? `${text}-${word}` : word;
    if (Array.from(next).length > MAX_SLUG) break;
    text = next;
  }
  return (
    text ||
    Array.from(words?.[0] ?? 'picture')
      .slice(0, MAX_SLUG)
      .join('')
  );
}

/** `<slug>-<seed>.<extension>`. The second and later copies get `-2`, `-3`, … */
export function imageFileName(
  prompt: string,
  seed: number,
  copy = 1,
  format: ImageFormat = 'png',
): string {
  const suffix = copy === 1 ? '' : `-${copy}`;
  return `${slug(prompt)}-${seed}${suffix}.${IMAGE_FORMATS[format].extensions[0]}`;
}
