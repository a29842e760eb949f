import path from 'node:path';
import * as vscode from 'vscode';
import { PROJECTS_VARIABLE } from '../../protocol/engine';

/** What Easel's processes have to know of the workspace: where Python environments may be, if it is trusted. */
export function projectEnvironment(): Record<string, string> {
  if (!vscode.workspace.isTrusted) return {};
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  return folders.length === 0 ? {} : { [PROJECTS_VARIABLE]: folders.join(path.delimiter) };
}
