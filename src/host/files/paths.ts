import { posix } from 'node:path';
import { imageFileName, numberedPath } from '../../core/file-name';
import { DEFAULT_FORMAT } from '../../core/image/formats';

/** The path of the k-th copy: `a.png`, `a-2.png`, `a-3.png`. */
export function copyPath(path: string, copy: number): string {
  return copy === 1 ? path : numberedPath(path, copy);
}

/** The path, with the ending of a file name added unless it has that already. */
export function withEndingOf(fileName: string, path: string): string {
  const { ext } = posix.parse(fileName);
  return path.toLowerCase().endsWith(ext.toLowerCase()) ? path : `${path}${ext}`;
}

/**
 * The path for another image beside one: the path without the number that a former copy got. `copyPath`
 * then finds the next free one, so `a-red-apple-2.png` is followed by `a-red-apple-3.png`, and
 * `icon-512.png` by `icon-512-2.png`.
 * @param prompt of the image, whose file name may be made of it
 * @param isTaken whether there is a file of that path
 */
export async function variantPath(
  path: string,
  prompt: string,
  isTaken: (path: string) => Promise<boolean>,
): Promise<string> {
  const { dir, name, ext } = posix.parse(path);
  const number = /-(\d+)$/.exec(name);
  if (!number) return path;
  const made = posix.parse(imageFileName(prompt, DEFAULT_FORMAT)).name;
  if (name.startsWith(made) && /^(?:-\d+)*$/.test(name.slice(made.length))) {
    return posix.join(dir, `${made}${ext}`);
  }
  const stem = name.slice(0, number.index);
  // A number is that of a copy where the copy before it is there.
  const copy = Number(number[1]);
  const former = copy === 2 ? stem : `${stem}-${copy - 1}`;
  const isCopy = copy >= 2 && (await isTaken(posix.join(dir, `${former}${ext}`)));
  return isCopy ? posix.join(dir, `${stem}${ext}`) : path;
}

/**
 * Joins a folder that the user named to a base, both paths of one file system as URIs write them
 * (`/` between names, drive letters after a first `/`). An absolute folder replaces the base.
 */
export function joinFolder(base: string, folder: string): string {
  const forward = folder.replaceAll('\\', '/');
  if (/^[a-z]:\//i.test(forward)) return posix.normalize(`/${forward}`);
  return posix.normalize(forward.startsWith('/') ? forward : posix.join(base, forward));
}

/** Whether a path is a folder or is below it, once `..` is resolved. */
export function isInside(path: string, folder: string): boolean {
  const relative = posix.relative(posix.normalize(folder), posix.normalize(path));
  return relative !== '..' && !relative.startsWith('../');
}
