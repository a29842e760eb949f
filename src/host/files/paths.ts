import { posix } from 'node:path';

/** The path of the k-th copy: `a.png`, `a-2.png`, `a-3.png`. */
export function numberedPath(path: string, copy: number): string {
  if (copy === 1) return path;
  const { dir, name, ext } = posix.parse(path);
  return posix.join(dir, `${name}-${copy}${ext}`);
}

/** The path, with the ending of a file name added unless it has that already. */
export function withEndingOf(fileName: string, path: string): string {
  const { ext } = posix.parse(fileName);
  return path.toLowerCase().endsWith(ext.toLowerCase()) ? path : `${path}${ext}`;
}

/**
 * The path beside an image for the same image with another seed: `a-red-apple-42.png` with the seed 7 is
 * `a-red-apple-7.png`, and `hero.png` is `hero-7.png`.
 */
export function reseededPath(path: string, seed: number, newSeed: number): string {
  const { dir, name, ext } = posix.parse(path);
  if (seed === newSeed) return path;
  const own = new RegExp(`-${seed}(?:-\\d{1,3})?$`);
  return posix.join(dir, `${name.replace(own, '')}-${newSeed}${ext}`);
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
