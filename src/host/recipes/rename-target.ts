import type { ImageReference } from '../references/image-reference';

export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How a file's name can be written in an address. */
const WAYS: readonly ((plain: string) => string)[] = [
  (plain) => plain,
  encodeURI,
  encodeURIComponent,
  (plain) => plain.replaceAll('&', '&amp;'),
];

/**
 * The change of a document's text that points a reference at another file of the same folder.
 * @returns undefined where the file's name is not found as it is written there
 */
export function renameTarget(
  text: string,
  { address, path }: Pick<ImageReference, 'address' | 'path'>,
  fileName: string,
): TextChange | undefined {
  const written = text.slice(address.start, address.end);
  const name = path.split('/').at(-1) ?? '';
  if (name === '') return undefined;
  for (const write of WAYS) {
    const old = write(name);
    const at = written.lastIndexOf(old);
    const isLast = /^(?:[?#]|$)/.test(written.slice(at + old.length));
    if (at === -1 || !isLast || !/(?:^|[\\/])$/.test(written.slice(0, at))) continue;
    const start = address.start + at;
    return { start, end: start + old.length, text: write(fileName) };
  }
  return undefined;
}
