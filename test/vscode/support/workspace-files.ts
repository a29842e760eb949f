import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tempFolder } from '../../support/temp-folder';

/** A new folder with the files given. */
export function newWorkspace(files: Readonly<Record<string, string>> = {}): string {
  const folder = path.join(tempFolder(), 'workspace');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** Names of the pictures that were saved into a workspace. */
export function pictures(workspace: string): string[] {
  const folder = path.join(workspace, 'assets');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.webp'))
    .sort();
}
