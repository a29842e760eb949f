import * as vscode from 'vscode';
import { describeBytes } from '../../core/quantities';
import type { ModelEntry } from '../../protocol/store';

/** What a model is, in a few words: "SD 1.x, F16, 2.1 GB". */
export function describeEntry(entry: ModelEntry): string {
  const kind = entry.family || entry.pipeline;
  return [kind, entry.precision, describeBytes(entry.sizeBytes)].filter(Boolean).join(', ');
}

/** When a model was last used, in days: file systems record reads no more precisely. */
export function describeLastUse(lastUsedMs: number, now = Date.now()): string {
  const { t } = vscode.l10n;
  const days = Math.floor((now - lastUsedMs) / 86_400_000);
  if (days <= 1) return t('recently used');
  if (days < 60) return t('last used {0} days ago', days);
  return t('last used {0} months ago', Math.round(days / 30));
}

/** The name of a repository without its owner, or the last part of a path. */
export function shortName(entry: Pick<ModelEntry, 'id' | 'origin'>): string {
  if (entry.origin === 'starter') return vscode.l10n.t('Starter model');
  return entry.id.split(/[\\/]/).at(-1) ?? entry.id;
}
