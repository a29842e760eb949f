import * as vscode from 'vscode';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in powers of 1000, as disks and networks count them: "2.1 GB". */
export function describeBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), UNITS.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power > 1 ? 1 : 0)} ${UNITS[power] ?? ''}`;
}

/** @param duration seconds @returns "12 s", "3 min 5 s", "1 h 20 min". */
export function describeDuration(duration: number): string {
  const { t } = vscode.l10n;
  const seconds = Math.max(1, Math.round(duration));
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{0} min {1} s', minutes, seconds % 60);
  return t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
