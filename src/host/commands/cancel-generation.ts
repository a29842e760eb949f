import * as vscode from 'vscode';
import type { HostServices } from '../services';

/** *Easel: Cancel Generation*: ends what draws and what waits. */
export function cancelGeneration({ engine }: HostServices): void {
  if (engine.jobs.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing is being drawn.'));
    return;
  }
  engine.cancelAll();
}
