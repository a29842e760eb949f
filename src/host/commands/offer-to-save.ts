import * as vscode from 'vscode';

/** Tells that no folder is open, so that the picture lies where nobody would look, and how to move it. */
export function offerToSave(picture: vscode.Uri): void {
  const saveAs = vscode.l10n.t('Save As…');
  const told = vscode.window.showInformationMessage(
    vscode.l10n.t('No folder is open, so Easel keeps the picture. Save it where you want it.'),
    saveAs,
  );
  void told.then(async (chosen) => {
    if (chosen !== saveAs) return;
    const name = picture.path.slice(picture.path.lastIndexOf('/') + 1);
    const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.file(name) });
    // The dialog has asked before it names a file that exists.
    if (target) await vscode.workspace.fs.copy(picture, target, { overwrite: true });
  });
}
