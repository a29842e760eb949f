import * as vscode from 'vscode';
import { toEaselError } from '../../core/errors';
import type { PromptHistory } from '../drawing/prompt-history';
import type { Settings } from '../settings';
import { pickStyle } from './choose-style';

interface PromptItem extends vscode.QuickPickItem {
  /** Undefined for the item of the text that is being typed. */
  readonly prompt?: string;
}

/** The answer of the input box. */
export interface AskedPrompt {
  readonly prompt: string;
  /** The style chosen; empty for none. */
  readonly style: string;
  readonly seed?: number | undefined;
}

/**
 * An input box with the last prompts below it, and a button for the style. The typed text is taken, unless
 * the user has moved to a former prompt.
 * @param given what a key binding has set already
 * @returns undefined when the user cancelled
 */
export function askPrompt(
  history: PromptHistory,
  settings: Settings,
  scope: vscode.Uri | undefined,
  given: { readonly style?: string; readonly seed?: number },
): Promise<AskedPrompt | undefined> {
  const box = vscode.window.createQuickPick<PromptItem>();
  let style = given.style ?? settings.read(scope).style;
  let choosing = false;
  box.placeholder = vscode.l10n.t('What should be drawn? For example: a red apple');
  const showStyle = () => {
    const title = vscode.l10n.t('Generate Image');
    box.title = style ? `${title} · ${style}` : title;
    const iconPath = new vscode.ThemeIcon('symbol-color');
    box.buttons = [{ iconPath, tooltip: vscode.l10n.t('Choose a style') }];
  };
  const recent = history.recent().map((prompt) => ({ label: prompt, prompt }));
  const heading = {
    label: vscode.l10n.t('last prompts'),
    kind: vscode.QuickPickItemKind.Separator,
  };
  /** The typed text for which the list has been updated. */
  let settled: string | undefined;
  const show = (value: string) => {
    const typed = {
      label: value.trim(),
      description: vscode.l10n.t('Press Enter to draw this'),
      alwaysShow: true,
    };
    const others = recent.filter(({ prompt }) => prompt !== value.trim());
    const first: PromptItem[] = value.trim() ? [typed] : [];
    box.items = [...first, ...(others.length > 0 ? [heading, ...others] : [])];
    if (first.length > 0) box.activeItems = first;
  };
  return new Promise((resolve, reject) => {
    box.onDidChangeValue(show);
    box.onDidChangeActive(([active]) => {
      if (active && active.prompt === undefined && active.label === box.value.trim()) {
        settled = box.value;
      }
    });
    box.onDidAccept(() => {
      const typed = box.value.trim();
      const former = box.activeItems[0]?.prompt;
      // While the list is behind quick typing, its active item is not the user's choice.
      const prompt = typed && settled !== box.value ? typed : (former ?? typed);
      if (!prompt) return;
      resolve({ prompt, style, seed: given.seed });
      box.hide();
    });
    box.onDidTriggerButton(() => {
      choosing = true;
      // The list of styles replaces this one, which is shown again with the typed text.
      pickStyle(settings, scope, style).then(
        (chosen) => {
          style = chosen ?? style;
          choosing = false;
          showStyle();
          box.show();
        },
        (thrown: unknown) => {
          reject(toEaselError(thrown));
          box.dispose();
        },
      );
    });
    box.onDidHide(() => {
      if (choosing) return;
      resolve(undefined);
      box.dispose();
    });
    showStyle();
    show('');
    box.show();
  });
}
