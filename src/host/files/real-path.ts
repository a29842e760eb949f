import { lstat, realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * The path that a file of the disk has, or would have, with every symbolic link on the way resolved. What does
 * not exist yet is added as it is named.
 * @throws Error of Node where a link leads to nothing, or a folder cannot be read
 */
export async function realPathOf(file: string): Promise<string> {
  const missing: string[] = [];
  for (let place = path.resolve(file); ; place = path.dirname(place)) {
    try {
      return path.join(await realpath(place), ...missing);
    } catch (thrown) {
      const isRoot = path.dirname(place) === place;
      // A link that leads to nothing exists, but nobody knows where a file below it would be.
      if (isRoot || !isNotFound(thrown) || (await isThere(place))) throw thrown;
      missing.unshift(path.basename(place));
    }
  }
}

/** Whether a file is, or would be, in one of these folders of the disk once all links are resolved. */
export async function isReallyInside(file: string, folders: readonly string[]): Promise<boolean> {
  const real = await realPathOf(file);
  const roots = await Promise.all(folders.map(realPathOf));
  return roots.some((root) => isInsidePath(real, root));
}

/** Whether a path of the disk is a folder or is below it. It looks at the paths alone, not at links. */
export function isInsidePath(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

function isThere(place: string): Promise<boolean> {
  return lstat(place).then(
    () => true,
    () => false,
  );
}

function isNotFound(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
