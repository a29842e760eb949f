import { posix } from 'node:path';

/** The path of the k-th copy: `a.png`, `a-2.png`, `a-3.png`. */
export function numberedPath(path: string, copy: number): string {
  if (copy === 1) return path;
  const { dir, name, ext } = posix.parse(path);
  return posix.join(dir, `${name}-${copy}${ext}`);
}

/** A path whose name tells the format of what is written there, which is that of a file's name. */
export function withEndingOf(fileName: string, path: string): string {
  const { ext } = posix.parse(fileName);
  return path.toLowerCase().endsWith(ext.toLowerCase()) ? path : `${path}${ext}`;
}

/**
 * The path of another drawing of a picture, beside it: `a-red-apple-42.png` with the seed 7 is
 * `a-red-apple-7.png`, and `hero.png` is `hero-7.png`.
 */
export function reseededPath(path: string, seed: number, newSeed: number): string {
  const { dir, name, ext } = posix.parse(path);
  if (seed === newSeed) return path;
  const own = new RegExp(`-${seed}(?:-\\d{1,3})?$`);
  return posix.join(dir, `${name.replace(own, '')}-${newSeed}${ext}`);
}
