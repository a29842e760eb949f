import { posix } from 'node:path';

/** The parts of a URI that decide a link. */
export interface Place {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

/**
 * The link from a folder to a file, with forward slashes and only what a link may not hold escaped:
 * letters of any script stay readable.
 * @returns undefined where no relative link leads there (another file system, another drive)
 */
export function relativeLink(from: Place | undefined, to: Place): string | undefined {
  if (from?.scheme !== to.scheme || from.authority !== to.authority) return undefined;
  if (driveOf(from.path) !== driveOf(to.path)) return undefined;
  return escapeLink(posix.relative(posix.normalize(from.path), posix.normalize(to.path)));
}

/** `C:` and `c:` are one drive; a path without a drive has none. */
function driveOf(path: string): string | undefined {
  return /^\/([a-z]):/i.exec(path)?.[1]?.toLowerCase();
}

/** Percent-encodes what ends or changes a link in Markdown, HTML or CSS, and `%` itself. */
function escapeLink(path: string): string {
  return path.replaceAll(
    // eslint-disable-next-line no-control-regex -- control characters are what must not stay
    /[\u0000-\u0020"'()<>[\]\\^`{|}#?%\u007f-\u00a0\u2028\u2029]/g,
    (character) =>
      [...new TextEncoder().encode(character)]
        .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
        .join(''),
  );
}
