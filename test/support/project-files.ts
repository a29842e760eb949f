import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { FileSystem } from '../../src/host/sites/lookup';
import { tempFolder } from './temp-folder';

/** Files by their paths, with their texts; a path that ends in `/` is an empty folder. */
export type Tree = Readonly<Record<string, string>>;

/** A new folder with these files. */
export function projectFolder(tree: Tree): string {
  const root = tempFolder();
  for (const [name, text] of Object.entries(tree)) {
    const file = path.join(root, name);
    mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(file, text);
  }
  return root;
}

/** The disk. */
export const DISK: FileSystem = {
  kindOf: (file) =>
    stat(file).then(
      (found) => (found.isDirectory() ? 'folder' : 'file'),
      () => undefined,
    ),
  list: (folder) => readdir(folder).catch(() => []),
  read: (file) => readFile(file, 'utf8').catch(() => undefined),
};
