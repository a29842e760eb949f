import * as vscode from 'vscode';
import { whyNoBuild } from '../core/devices';

const KEY = 'easel.saidNoBuild';

/**
 * Says, once on a computer, that no model can be computed on this system, such as an Intel Mac. Later attempts fail
 * with the same words.
 */
export function warnWithoutBuild(state: vscode.Memento): void {
  const reason = whyNoBuild(process.platform, process.arch);
  if (reason === undefined || state.get(KEY) !== undefined) return;
  void state.update(KEY, true);
  const headline = vscode.l10n.t('No model can be computed on this system.');
  void vscode.window.showWarningMessage(`Easel: ${headline} ${reason}`);
}
