import * as vscode from 'vscode';
import type { HostServices } from '../services';

/**
 * Asks for a model folder or a model in a single file, and keeps it in `easel.modelPaths`.
 * @returns its path
 */
export async function addModelPath({ settings }: HostServices): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const folder = t('A folder');
  const kind = await vscode.window.showQuickPick([
    { label: folder, detail: t('A diffusers model, or a folder of models') },
    { label: t('A file'), detail: t('A model in one file (.safetensors or .ckpt)') },
  ]);
  if (!kind) return undefined;
  const isFolder = kind.label === folder;
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: !isFolder,
    canSelectFolders: isFolder,
    openLabel: t('Draw with this'),
    ...(!isFolder && { filters: { [t('Models')]: ['safetensors', 'ckpt'] } }),
  });
  const path = picked?.[0]?.fsPath;
  if (path === undefined) return undefined;
  const { modelPaths } = settings.read();
  if (!modelPaths.includes(path)) await settings.update('modelPaths', [...modelPaths, path]);
  return path;
}
