import * as vscode from 'vscode';
import { EaselError } from '../../core/errors';
import { formatOfFileName } from '../../core/image/formats';
import { NOTEBOOK_CELL } from '../languages';

/** Larger files are not read: no image that is edited or drawn over is that large. */
const MAX_BYTES = 64 * 2 ** 20;

/** The last part of a file's path. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** The file that a document is in: for a cell of a notebook, the notebook's. */
export function documentFile({ uri }: { readonly uri: vscode.Uri }): vscode.Uri {
  if (uri.scheme !== NOTEBOOK_CELL) return uri;
  const own = vscode.workspace.notebookDocuments.find(
    (notebook) =>
      notebook.uri.path === uri.path &&
      notebook.getCells().some(({ document }) => document.uri.toString() === uri.toString()),
  );
  return own?.uri ?? uri.with({ scheme: 'file', fragment: '' });
}

export async function exists(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

/** @throws EaselError `bad-request` for a file of more than 64 MiB */
export async function readImage(uri: vscode.Uri): Promise<Uint8Array> {
  if (!(await isSmall(uri))) {
    throw new EaselError('bad-request', vscode.l10n.t('{0} is too large.', nameOf(uri)));
  }
  return plainBytes(await vscode.workspace.fs.readFile(uri));
}

/**
 * Reads an image that was dropped on the studio's page. The page can name any address, so only images of
 * the workspace are read.
 * @throws EaselError `bad-request`
 */
export async function readWorkspaceImage(
  address: string,
): Promise<{ bytes: Uint8Array; name: string }> {
  const uri = vscode.Uri.parse(address);
  if (!vscode.workspace.getWorkspaceFolder(uri) || !formatOfFileName(uri.path)) {
    throw new EaselError(
      'bad-request',
      vscode.l10n.t('Only images of the workspace can be dropped here.'),
    );
  }
  return { bytes: await readImage(uri), name: nameOf(uri) };
}

/** Whether a file is small enough to be read as a whole. */
export async function isSmall(uri: vscode.Uri): Promise<boolean> {
  return (await vscode.workspace.fs.stat(uri)).size <= MAX_BYTES;
}

/** A copy of a Buffer as a plain array: VS Code's messages to a page would turn a Buffer into JSON. */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return Buffer.isBuffer(bytes) ? new Uint8Array(bytes) : bytes;
}
