import * as vscode from 'vscode';
import { nameOf } from '../files/image-files';
import { findReferences } from '../references/find-references';
import { resolveImage } from '../sites/resolve-image';
import { showHoverAt } from './image-hover';
import type { LinkedImage } from './linked-image';
import { renameTarget } from './rename-target';

/**
 * Links the new image in place of the old one of the same folder, and shows it there.
 * @returns whether the document links it now
 */
export async function relink(
  { document: uri, start }: NonNullable<LinkedImage['link']>,
  old: vscode.Uri,
  file: vscode.Uri,
): Promise<boolean> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  // The text may have moved while it drew: the nearest link to the old image is meant.
  const references = [...(await findReferences(document))].sort(
    (a, b) => Math.abs(a.start - start) - Math.abs(b.start - start),
  );
  for (const reference of references) {
    const target = await resolveImage(reference, document);
    if (target?.toString() !== old.toString()) continue;
    const change = renameTarget(text, reference, nameOf(file));
    if (!change || document.getText() !== text) return false;
    const edit = new vscode.WorkspaceEdit();
    const [from, to] = [document.positionAt(change.start), document.positionAt(change.end)];
    edit.replace(uri, new vscode.Range(from, to), change.text);
    if (!(await vscode.workspace.applyEdit(edit))) return false;
    const grown =
      change.start < reference.end ? change.text.length - (change.end - change.start) : 0;
    await showHoverAt(document, reference.end + grown);
    return true;
  }
  return false;
}
