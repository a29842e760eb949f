import * as vscode from 'vscode';

/** @param duration seconds @returns "12 s", "3 min 5 s", "1 h 20 min" */
export function describeDuration(duration: number): string {
  const { t } = vscode.l10n;
  const seconds = Math.max(1, Math.round(duration));
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{0} min {1} s', minutes, seconds % 60);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
