import type { ImageReference } from '../references/image-reference';

/** What stands before an address in the languages that references are found in. */
const BEFORE = String.raw`\]\(\s*<?|\]:\s*<?|\bsrc\s*=\s*\{?\s*["'\x60]?|\burl\(\s*["']?`;
/** What can stand behind it, also before a query. */
const BEHIND = String.raw`$|[)"'\x60>\s?#}]`;

export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The change of a document's text that points a reference at another file of the same folder.
 * @returns undefined where the file's name is not found as it is written there
 */
export function renameTarget(
  text: string,
  { start, end, definition, url }: ImageReference,
  fileName: string,
): TextChange | undefined {
  const place = definition ?? { start, end };
  const name = decode(
    url
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? '',
  );
  if (name === '') return undefined;
  const ways: readonly ((plain: string) => string)[] = [
    (plain) => plain,
    encodeURI,
    encodeURIComponent,
    (plain) => plain.replaceAll('&', '&amp;'),
  ];
  for (const write of ways) {
    const written = write(name);
    const pattern = new RegExp(`(?:${BEFORE})[^"'\x60\n]*?(${escape(written)})(?=${BEHIND})`, 'd');
    const found = pattern.exec(text.slice(place.start, place.end))?.indices?.[1];
    if (!found) continue;
    const at = place.start + found[0];
    return { start: at, end: at + written.length, text: write(fileName) };
  }
  return undefined;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
