import * as vscode from 'vscode';
import type { Vocabulary } from '../../core/composition/words/vocabulary';
import { toEaselError } from '../../core/errors';
import type { PromptHistory } from '../drawing/prompt-history';
import type { ThingImages } from '../drawing/thing-images';
import type { Settings } from '../settings';
import { showBox } from '../show-box';
import { pickStyle } from './choose-style';

interface PromptItem extends vscode.QuickPickItem {
  /** Undefined for the item of the text that is being typed. */
  readonly prompt?: string;
}

/** Completions that are offered at a time. */
const MOST_THINGS = 6;

/** The answer of the input box. */
export interface AskedPrompt {
  readonly prompt: string;
  /** The style chosen; empty for none. */
  readonly style: string;
  readonly seed?: number | undefined;
}

/** What the list below the input box is made of. */
export interface PromptSources {
  readonly history: PromptHistory;
  readonly things: ThingImages;
}

/**
 * An input box with a button for the style, and below it what the typed words can become with the starter, and
 * the last prompts. The typed text is taken, unless the user has moved to another one.
 * @param given what a key binding has set already
 * @returns undefined when the user cancelled
 */
export function askPrompt(
  { history, things }: PromptSources,
  settings: Settings,
  scope: vscode.Uri | undefined,
  given: { readonly style?: string; readonly seed?: number },
): Promise<AskedPrompt | undefined> {
  const box = vscode.window.createQuickPick<PromptItem>();
  let style = given.style ?? settings.read(scope).style;
  let choosing = false;
  let isOver = false;
  box.placeholder = vscode.l10n.t('What should be drawn? For example: a red apple');
  const showStyle = () => {
    const title = vscode.l10n.t('Generate Image');
    box.title = style ? `${title} · ${style}` : title;
    const iconPath = new vscode.ThemeIcon('symbol-color');
    box.buttons = [{ iconPath, tooltip: vscode.l10n.t('Choose a style') }];
  };
  const edit: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('edit'),
    tooltip: vscode.l10n.t('Go on writing'),
  };
  const recent = history.recent().map((prompt) => ({ label: prompt, prompt, buttons: [edit] }));
  const heading = {
    label: vscode.l10n.t('last prompts'),
    kind: vscode.QuickPickItemKind.Separator,
  };
  const known = {
    label: vscode.l10n.t('things that the model knows'),
    kind: vscode.QuickPickItemKind.Separator,
  };
  const hasThings = settings.read(scope).model === 'starter';
  let imageOf: (index: number) => vscode.Uri | undefined = () => undefined;
  let vocabulary: Vocabulary | undefined;
  const completions = (value: string): PromptItem[] => {
    if (!vocabulary || value.trim() === '') return [];
    const typed = value.trim().toLowerCase();
    return vocabulary
      .completions(value, MOST_THINGS + 1)
      .filter(({ text }) => text.toLowerCase() !== typed)
      .slice(0, MOST_THINGS)
      .map(({ text, thing, index }) => ({
        label: text,
        prompt: text,
        iconPath: imageOf(index),
        buttons: [edit],
        // Words of another language do not begin as the name does.
        alwaysShow: true,
        ...(!text.endsWith(thing) && { description: thing }),
      }));
  };
  /** The typed text for which the list has been updated. */
  let settled: string | undefined;
  const show = (value: string) => {
    const typed = {
      label: value.trim(),
      description: vscode.l10n.t('Press Enter to draw this'),
      alwaysShow: true,
    };
    const offered = completions(value);
    const taken = new Set([value.trim(), ...offered.map(({ label }) => label)]);
    const others = recent.filter(({ prompt }) => !taken.has(prompt));
    const first: PromptItem[] = value.trim() ? [typed] : [];
    box.items = [
      ...first,
      ...(offered.length > 0 ? [known, ...offered] : []),
      ...(others.length > 0 ? [heading, ...others] : []),
    ];
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
    box.onDidTriggerItemButton(({ item }) => {
      box.value = `${item.label} `;
      show(box.value);
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
    showStyle();
    show('');
    showBox(box, () => {
      if (choosing) return;
      isOver = true;
      resolve(undefined);
      box.dispose();
    });
    if (!hasThings) return;
    const update = () => {
      if (!isOver && box.value.trim() !== '') show(box.value);
    };
    // Loads the tables of words with the first box, not with the extension.
    void import('../../core/composition/words/vocabulary').then(({ starterVocabulary }) => {
      vocabulary = starterVocabulary();
      update();
    });
    void things.load().then((load) => {
      imageOf = load;
      update();
    });
  });
}
