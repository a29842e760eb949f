import { posix } from 'node:path';
import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { isInside } from './paths';
import { isReallyInside, realPathOf } from './real-path';

/** Folders of version control systems: what is in them can run, or break the history. */
const NEVER = /(?:^|\/)\.(?:git|hg|svn|jj)(?:\/|$)/i;

/**
 * Decides whether a file may be written: its path with all symbolic links resolved has to be in one of these
 * folders. Every front that writes images asks it, of the final name and when it writes.
 * @param folders absent: any folder, because the user named one outside of the workspace
 * @returns the file with its links resolved, through which to write: a link that is put in its place
 *   afterwards leads nowhere
 * @throws EaselError `write-failed`
 */
export async function contained(
  file: vscode.Uri,
  folders: readonly vscode.Uri[] | undefined,
): Promise<vscode.Uri> {
  const own = folders?.filter((folder) => isSameSystem(file, folder));
  // A name that is a link itself is taken: nothing is written through it.
  const folder = vscode.Uri.joinPath(file, '..');
  const real =
    file.scheme === 'file'
      ? vscode.Uri.joinPath(vscode.Uri.file(await realFolder(folder)), posix.basename(file.path))
      : file;
  if (NEVER.test(file.path) || NEVER.test(real.path)) {
    throw new EaselError(
      'write-failed',
      vscode.l10n.t('{0} is in a folder of version control: nothing is saved there.', file.path),
    );
  }
  if (!own) return real;
  const isContained =
    file.scheme === 'file'
      ? await isReallyInside(
          folder.fsPath,
          own.map(({ fsPath }) => fsPath),
        )
      : await isInsideWithoutLinks(file, own);
  if (!isContained) throw outside(file, real);
  return real;
}

/** The folders that a file has to stay in: the workspace's, where its path is in one of them. */
export function workspaceBounds(file: vscode.Uri): readonly vscode.Uri[] | undefined {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  return folders.some((folder) => isSameSystem(file, folder) && isInside(file.path, folder.path))
    ? folders
    : undefined;
}

async function realFolder(folder: vscode.Uri): Promise<string> {
  try {
    return await realPathOf(folder.fsPath);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new EaselError(
      'write-failed',
      vscode.l10n.t('Nothing can be saved in {0}: {1}', folder.fsPath, reason),
      { folder: folder.toString() },
      { cause: thrown },
    );
  }
}

/** File systems other than the disk tell what is a link, but not where it leads. */
async function isInsideWithoutLinks(
  file: vscode.Uri,
  folders: readonly vscode.Uri[],
): Promise<boolean> {
  const root = folders.find((folder) => isInside(file.path, folder.path));
  if (!root) return false;
  const segments = posix.relative(root.path, posix.normalize(file.path)).split('/');
  for (let depth = 1; depth < segments.length; depth++) {
    const folder = vscode.Uri.joinPath(root, ...segments.slice(0, depth));
    const type = await vscode.workspace.fs.stat(folder).then(
      (stat) => stat.type,
      () => undefined,
    );
    if (type === undefined) return true;
    if ((type & vscode.FileType.SymbolicLink) !== 0) return false;
  }
  return true;
}

function outside(file: vscode.Uri, real: vscode.Uri): EaselError {
  const { t } = vscode.l10n;
  const isLinked = real.toString() !== file.toString();
  const text = isLinked
    ? t(
        '{0} leads out of the workspace through a symbolic link, to {1}. Nothing was saved. Choose a folder inside the workspace.',
        ...[file.path, real.path],
      )
    : t(
        '{0} is outside the workspace. Nothing was saved. Choose a folder inside the workspace.',
        file.path,
      );
  return new EaselError('write-failed', text, { folder: posix.dirname(file.path) });
}

function isSameSystem(a: vscode.Uri, b: vscode.Uri): boolean {
  return a.scheme === b.scheme && a.authority === b.authority;
}
