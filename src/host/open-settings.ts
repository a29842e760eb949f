import * as vscode from 'vscode';

const EXTENSION = 'easel.easel';

/**
 * Opens the editor's settings with those that a query finds. Where Easel runs on another machine than the window, these
 * are the settings of that machine: many are about the machine that draws, and the editor does not list such a setting
 * among those of the user.
 * @param query as in the search box of the settings, such as `easel.safetyChecker`
 */
export function openSettings(query: string): Thenable<unknown> {
  const kind = vscode.extensions.getExtension(EXTENSION)?.extensionKind;
  const isElsewhere =
    vscode.env.remoteName !== undefined && kind === vscode.ExtensionKind.Workspace;
  return isElsewhere
    ? vscode.commands.executeCommand('workbench.action.openRemoteSettings', { query })
    : vscode.commands.executeCommand('workbench.action.openSettings', query);
}
