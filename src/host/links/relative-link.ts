import { posix } from 'node:path';
import { escapeLink } from '../../core/markdown-image';

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
  const [start, end] = [lowerDrive(from.path), lowerDrive(to.path)];
  if (driveOf(start) !== driveOf(end)) return undefined;
  return escapeLink(posix.relative(start, end));
}

/** `C:` and `c:` are one drive. */
function lowerDrive(path: string): string {
  return path.replace(/^\/[A-Z]:/, (drive) => drive.toLowerCase());
}

/** The drive of a Windows path; other paths have none. */
function driveOf(path: string): string | undefined {
  return /^\/([a-z]):/.exec(path)?.[1];
}
