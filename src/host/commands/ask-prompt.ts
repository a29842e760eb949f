import * as vscode from 'vscode';
import type { PromptHistory } from '../prompt-history';

interface PromptItem extends vscode.QuickPickItem {
  /** Undefined for the item that stands for what is being typed. */
  readonly prompt?: string;
}

/**
 * An input box with the last prompts below it. What is typed is taken as it is, unless a former prompt
 * was gone to on purpose.
 * @returns undefined when the person backed out
 */
export function askPrompt(history: PromptHistory): Promise<string | undefined> {
  const box = vscode.window.createQuickPick<PromptItem>();
  box.title = vscode.l10n.t('Generate Image');
  box.placeholder = vscode.l10n.t('What should be drawn? For example: a red apple');
  const recent = history.recent().map((prompt) => ({ label: prompt, prompt }));
  const heading = {
    label: vscode.l10n.t('last prompts'),
    kind: vscode.QuickPickItemKind.Separator,
  };
  /** The text for which the list has been shown with the typed item in front. */
  let settled: string | undefined;
  const show = (value: string) => {
    const typed = {
      label: value.trim(),
      description: vscode.l10n.t('Enter draws this'),
      alwaysShow: true,
    };
    const others = recent.filter(({ prompt }) => prompt !== value.trim());
    const first: PromptItem[] = value.trim() ? [typed] : [];
    box.items = [...first, ...(others.length > 0 ? [heading, ...others] : [])];
    if (first.length > 0) box.activeItems = first;
  };
  return new Promise((resolve) => {
    box.onDidChangeValue(show);
    box.onDidChangeActive(([active]) => {
      if (active && active.prompt === undefined && active.label === box.value.trim()) {
        settled = box.value;
      }
    });
    box.onDidAccept(() => {
      const typed = box.value.trim();
      const former = box.activeItems[0]?.prompt;
      // Quick typing is ahead of the list; then a former prompt is in front only by accident.
      const chosen = typed && settled !== box.value ? typed : (former ?? typed);
      if (!chosen) return;
      resolve(chosen);
      box.hide();
    });
    box.onDidHide(() => {
      resolve(undefined);
      box.dispose();
    });
    show('');
    box.show();
  });
}
