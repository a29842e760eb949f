import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { EaselError } from '../../core/errors';

/**
 * Refuses a file of a model's folder that is a link out of it. A folder from elsewhere could otherwise make Easel
 * read any file. In a Hugging Face cache, links lead to the blobs of the same repository, or to the store of large
 * files that all its repositories share.
 *
 * @param file a path in `folder`, which may not exist
 * @param folder the model's folder, which the user chose: links on the way to it are followed
 * @throws EaselError `bad-file`
 */
export async function requireInside(file: string, folder: string): Promise<void> {
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined) return;
  const root = await realpath(folder);
  if ([root, ...cacheFolders(root)].some((allowed) => isInside(real, allowed))) return;
  const message =
    `${file} is a link that leads out of the model's folder. Easel does not follow it. Copy the file into the ` +
    'folder, or download the model again.';
  throw new EaselError('bad-file', message, { path: file });
}

/** Where the links of a snapshot of the Hugging Face cache may lead; empty for any other folder. */
function cacheFolders(root: string): readonly string[] {
  const parts = root.split(path.sep);
  const at = parts.lastIndexOf('snapshots');
  if (at < 1 || at === parts.length - 1) return [];
  const repo = parts.slice(0, at).join(path.sep);
  const blobs = path.join(repo, 'blobs');
  const isRepo = path.basename(repo).startsWith('models--');
  return isRepo ? [repo, path.join(path.dirname(repo), 'blobs')] : [blobs];
}

/** Whether an absolute path is a folder or is below it. It looks at the paths alone, not at links. */
export function isInside(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);
}
