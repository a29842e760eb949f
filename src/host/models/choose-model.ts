import * as vscode from 'vscode';
import type { ModelEntry } from '../../protocol/engine';
import type { HostServices } from '../services';

interface ModelItem extends vscode.QuickPickItem {
  readonly entry?: ModelEntry;
}

/** *Easel: Choose Model*: the starter, what the Hugging Face cache holds, or a folder. */
export async function chooseModel({ engine, settings }: HostServices): Promise<void> {
  const current = settings.read().model;
  const picked = await vscode.window.showQuickPick<ModelItem>(
    engine.models().then((models): ModelItem[] => itemsOf(models, current)),
    {
      title: vscode.l10n.t('Choose Model'),
      placeHolder: vscode.l10n.t('What should Easel draw with?'),
      matchOnDescription: true,
      matchOnDetail: true,
    },
  );
  if (!picked) return;
  if (!picked.entry) {
    const folder = await askFolder();
    if (folder) await settings.update('model', folder.fsPath);
  } else if (picked.entry.runnable) {
    await settings.update('model', picked.entry.id);
  } else {
    void vscode.window.showInformationMessage(picked.entry.reason);
  }
}

function itemsOf(models: readonly ModelEntry[], current: string): ModelItem[] {
  const known = models.map((entry) => ({
    entry,
    label: `${entry.id === current ? '$(check) ' : ''}${entry.id}`,
    description: `${entry.pipeline}, ${describeBytes(entry.sizeBytes)}`,
    detail: entry.runnable ? undefined : `$(circle-slash) ${entry.reason}`,
  }));
  return [
    ...known,
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(folder-opened) ${vscode.l10n.t('Choose a folder…')}`,
      detail: vscode.l10n.t('A diffusers model: the folder that holds model_index.json'),
      alwaysShow: true,
    },
  ];
}

async function askFolder(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Draw with this'),
  });
  return picked?.[0];
}

function describeBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${units[power] ?? ''}`;
}
