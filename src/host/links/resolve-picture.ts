import * as vscode from 'vscode';
import { isInside } from './folder-path';

/** Addresses with a scheme (`https:`, `data:`), with another host (`//`), or within the page (`#`). */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i;

/**
 * The file behind a picture's address: relative to the document, or for a leading slash to the workspace
 * folder, or to its `public` folder where web projects keep such files.
 * @returns undefined for what lies elsewhere, also outside of the workspace or the document's folder
 */
export async function resolvePicture(
  url: string,
  document: vscode.Uri,
): Promise<vscode.Uri | undefined> {
  if (ELSEWHERE.test(url)) return undefined;
  const path = decode(url.replace(/[?#].*$/s, ''));
  if (path === '') return undefined;
  const workspace = vscode.workspace.getWorkspaceFolder(document)?.uri;
  const beside = vscode.Uri.joinPath(document, '..');
  let base = beside;
  if (path.startsWith('/')) {
    if (!workspace) return undefined;
    const shared = vscode.Uri.joinPath(workspace, 'public');
    base = (await exists(shared)) ? shared : workspace;
  }
  const file = vscode.Uri.joinPath(base, path);
  return isInside(file.path, (workspace ?? beside).path) ? file : undefined;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export async function exists(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}
