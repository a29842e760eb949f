import { posix } from 'node:path';

/**
 * Joins a folder that a person named to a base, both paths of one file system as URIs write them
 * (`/` between names, drive letters after a first `/`). An absolute one stands for itself.
 */
export function joinFolder(base: string, folder: string): string {
  const forward = folder.replaceAll('\\', '/');
  if (/^[a-z]:\//i.test(forward)) return posix.normalize(`/${forward}`);
  return posix.normalize(forward.startsWith('/') ? forward : posix.join(base, forward));
}

/** Whether a path is a folder or lies below it, once `..` is resolved. */
export function isInside(path: string, folder: string): boolean {
  const relative = posix.relative(posix.normalize(folder), posix.normalize(path));
  return relative !== '..' && !relative.startsWith('../');
}
