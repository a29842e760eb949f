import * as vscode from 'vscode';
import { isInside } from '../links/folder-path';
import type { PictureReference } from './picture-reference';
import { wantedPicture, type WantedPicture } from './wanted-picture';

/** A picture that a document names and that does not exist. */
export interface MissingPicture {
  readonly document: vscode.Uri;
  readonly reference: PictureReference;
  readonly file: vscode.Uri;
  readonly wanted: WantedPicture;
}

/** Addresses with a scheme (`https:`, `data:`), with another host (`//`), or within the page (`#`). */
const ELSEWHERE = /^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i;

/**
 * The pictures of a document that are missing and can be drawn.
 * @param within only references that touch these offsets
 */
export async function findMissing(
  document: { readonly uri: vscode.Uri; readonly languageId: string; getText(): string },
  within?: { readonly start: number; readonly end: number },
): Promise<MissingPicture[]> {
  // The parsers are loaded when the first document needs them, not with the extension.
  const { findReferences } = await import('./references');
  const references = findReferences(document.languageId, document.getText()).filter(
    ({ start, end }) => !within || (start <= within.end && end >= within.start),
  );
  const missing: MissingPicture[] = [];
  const seen = new Set<string>();
  for (const reference of references) {
    const file = await resolvePicture(reference.url, document.uri);
    const wanted = file && wantedPicture(reference, file.path);
    if (!file || !wanted || seen.has(file.toString()) || (await exists(file))) continue;
    seen.add(file.toString());
    missing.push({ document: document.uri, reference, file, wanted });
  }
  return missing;
}

/**
 * The file behind a picture's address: relative to the document, or for a leading slash to the workspace
 * folder, or to its `public` folder where web projects keep such files.
 * @returns undefined for what lies elsewhere, also outside of the workspace or the document's folder
 */
async function resolvePicture(url: string, document: vscode.Uri): Promise<vscode.Uri | undefined> {
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

async function exists(file: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}
