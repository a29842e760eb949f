import * as vscode from 'vscode';
import { segmentsBelow } from '../../core/agent/target-path';
import { EaselError, toEaselError } from '../../core/errors';
import { contained, workspaceBounds } from '../files/containment';

/**
 * The workspace folder that a call is about: the active document's, else the first.
 * @throws EaselError `bad-request` where no folder is open
 */
export function callFolder(): vscode.WorkspaceFolder {
  const document = vscode.window.activeTextEditor?.document;
  const own = document && vscode.workspace.getWorkspaceFolder(document.uri);
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  if (!folder) {
    throw new EaselError(
      'bad-request',
      'No folder is open in the editor: there is nowhere to save. Ask the user to open one.',
    );
  }
  return folder;
}

/**
 * The new file that a call's path means. In a workspace of several folders a path may begin with a
 * folder's name.
 * @throws EaselError `bad-request` where it leads out of the workspace, also through a symbolic link;
 *   `write-failed` where something is there already, or nothing can be written
 */
export async function newWorkspaceFile(path: string): Promise<vscode.Uri> {
  const { folder, rest } = folderOf(path);
  const segments = segmentsBelow(rest, rootPath(folder.uri));
  const file = vscode.Uri.joinPath(folder.uri, ...segments);
  if (vscode.workspace.fs.isWritableFileSystem(file.scheme) === false) {
    throw new EaselError('write-failed', 'The workspace is read-only: nothing can be saved.');
  }
  try {
    await contained(file, workspaceBounds(file) ?? [folder.uri]);
  } catch (thrown) {
    const { message } = toEaselError(thrown);
    throw new EaselError('bad-request', `path: ${message}`, { field: 'path' }, { cause: thrown });
  }
  if ((await typeOf(file)) !== undefined) {
    throw new EaselError('write-failed', `${path} exists already; nothing is overwritten.`);
  }
  return file;
}

function folderOf(path: string): { folder: vscode.WorkspaceFolder; rest: string } {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const forward = path.replaceAll('\\', '/');
  const absolute = folders.find(({ uri }) => forward.startsWith(`${rootPath(uri)}/`));
  if (absolute) return { folder: absolute, rest: path };
  const [first = '', ...rest] = forward.split('/');
  const named = folders.length > 1 ? folders.find(({ name }) => name === first) : undefined;
  return named && rest.length > 0
    ? { folder: named, rest: rest.join('/') }
    : { folder: callFolder(), rest: path };
}

/** The path as agents write it: of the disk for local folders. */
function rootPath(uri: vscode.Uri): string {
  return (uri.scheme === 'file' ? uri.fsPath : uri.path).replaceAll('\\', '/');
}

async function typeOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  return vscode.workspace.fs.stat(uri).then(
    ({ type }) => type,
    () => undefined,
  );
}
