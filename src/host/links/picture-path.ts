import { posix } from 'node:path';

/** The path of the k-th copy: `a.png`, `a-2.png`, `a-3.png`. */
export function numberedPath(path: string, copy: number): string {
  if (copy === 1) return path;
  const { dir, name, ext } = posix.parse(path);
  return posix.join(dir, `${name}-${copy}${ext}`);
}

/** A path whose name tells the format of what is written there. */
export function withPngEnding(path: string): string {
  return /\.png$/i.test(path) ? path : `${path}.png`;
}
