import * as vscode from 'vscode';

/**
 * Puts the cursor at a place of a document and opens the hover there, so that an image that was just linked
 * is seen. An open hover is replaced.
 */
export async function showHoverAt(document: vscode.TextDocument, offset: number): Promise<void> {
  const { window, commands } = vscode;
  const shown = window.visibleTextEditors.find((editor) => editor.document === document);
  const editor = await window.showTextDocument(document, shown?.viewColumn);
  const place = document.positionAt(offset);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(new vscode.Range(place, place));
  // The cursor keeps the focus, so typing goes on and closes the hover.
  await commands.executeCommand('editor.action.showHover', { focus: 'noAutoFocus' });
}
