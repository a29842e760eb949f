import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { segmentsBelow } from '../../core/agent/target-path';
import { EaselError, toEaselError } from '../../core/errors';
import { oneLine } from '../../core/shown-text';
import { contained, workspaceBounds } from '../files/containment';
import { exists } from '../files/image-files';

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
 * @throws EaselError `bad-request` where it leads out of the workspace, also through a symbolic link, or is
 *   hidden; `write-failed` where something is there already, or nothing can be written
 */
export async function newWorkspaceFile(named: string): Promise<vscode.Uri> {
  const { folder, rest } = folderOf(named);
  const file = vscode.Uri.joinPath(folder.uri, ...segmentsBelow(rest, rootPath(folder.uri)));
  if (vscode.workspace.fs.isWritableFileSystem(file.scheme) === false) {
    throw new EaselError('write-failed', 'The workspace is read-only: nothing can be saved.');
  }
  try {
    await contained(file, workspaceBounds(file) ?? [folder.uri]);
  } catch (thrown) {
    const { message } = toEaselError(thrown);
    throw new EaselError('bad-request', `path: ${message}`, { field: 'path' }, { cause: thrown });
  }
  await refuseTaken(file, named);
  return file;
}

/** The folders that agents save in, whatever the settings say. */
export function workspaceFolders(): readonly vscode.Uri[] {
  return (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
}

/** A folder outside the workspace for images that are thrown away. The system deletes it at some time. */
export class TemporaryFolder {
  private made: Promise<string> | undefined;

  /** Undefined until an image was saved in it. */
  get existing(): Promise<string> | undefined {
    return this.made;
  }

  make(): Promise<string> {
    // With links resolved: on macOS the system's own folder is behind one.
    this.made ??= mkdtemp(path.join(tmpdir(), 'easel-')).then((folder) => realpath(folder));
    return this.made;
  }

  /** The new file that a path means in it. @throws EaselError `bad-request` or `write-failed` */
  async newFile(named: string): Promise<vscode.Uri> {
    const folder = await this.make();
    const segments = segmentsBelow(named, folder.replaceAll('\\', '/'));
    const file = vscode.Uri.joinPath(vscode.Uri.file(folder), ...segments);
    await refuseTaken(file, named);
    return file;
  }
}

/**
 * An existing file that a call names, in the workspace or in the temporary folder.
 * @throws EaselError `bad-request` where there is none in them; it does not tell what is elsewhere
 */
export async function existingFile(
  named: string,
  field: string,
  temporary: TemporaryFolder,
): Promise<vscode.Uri> {
  const { folder, rest } = folderOf(named);
  const roots = [{ uri: folder.uri, rest }];
  const other = await temporary.existing;
  if (other !== undefined) roots.push({ uri: vscode.Uri.file(other), rest: named });
  for (const root of roots) {
    const file = fileBelow(root.uri, root.rest);
    if (!file || !(await isOwnFile(file, root.uri))) continue;
    return file;
  }
  throw new EaselError(
    'bad-request',
    `${field}: there is no file "${oneLine(named, 200)}" in the workspace.`,
    { field },
  );
}

function fileBelow(root: vscode.Uri, rest: string): vscode.Uri | undefined {
  try {
    return vscode.Uri.joinPath(root, ...segmentsBelow(rest, rootPath(root)));
  } catch {
    return undefined;
  }
}

/** Whether there is a file that is in a folder once links are resolved. */
async function isOwnFile(file: vscode.Uri, root: vscode.Uri): Promise<boolean> {
  const type = await vscode.workspace.fs.stat(file).then(
    (found) => found.type,
    () => undefined,
  );
  // A link to a file would not be seen below, which looks at folders alone.
  if (type !== vscode.FileType.File) return false;
  return contained(file, [root]).then(
    () => true,
    () => false,
  );
}

async function refuseTaken(file: vscode.Uri, named: string): Promise<void> {
  if (!(await exists(file))) return;
  throw new EaselError(
    'write-failed',
    `${oneLine(named)} exists already; nothing is overwritten. Choose another path.`,
  );
}

function folderOf(named: string): { folder: vscode.WorkspaceFolder; rest: string } {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const forward = named.replaceAll('\\', '/');
  const absolute = folders.find(({ uri }) => forward.startsWith(`${rootPath(uri)}/`));
  if (absolute) return { folder: absolute, rest: named };
  const [first = '', ...rest] = forward.split('/');
  const own = folders.length > 1 ? folders.find(({ name }) => name === first) : undefined;
  return own && rest.length > 0
    ? { folder: own, rest: rest.join('/') }
    : { folder: callFolder(), rest: named };
}

/** The path as agents write it: of the disk for local folders. */
function rootPath(uri: vscode.Uri): string {
  return (uri.scheme === 'file' ? uri.fsPath : uri.path).replaceAll('\\', '/');
}
