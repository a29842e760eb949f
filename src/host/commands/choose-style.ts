import * as vscode from 'vscode';
import type { HostServices } from '../services';
import type { Settings } from '../settings';

interface StyleItem extends vscode.QuickPickItem {
  readonly style: string;
}

/**
 * Asks for one of the styles, or none.
 * @returns its name, empty for none; undefined when the user cancelled
 * @throws EaselError `bad-request` where the setting `easel.styles` is not valid
 */
export async function pickStyle(
  settings: Settings,
  scope: vscode.Uri | undefined,
  current: string,
): Promise<string | undefined> {
  const none: StyleItem = { label: vscode.l10n.t('No style'), style: '' };
  const items = settings
    .styles(scope)
    .map(({ name, prompt }): StyleItem => ({ label: name, detail: prompt, style: name }));
  const marked = [none, ...items].map((item) =>
    item.style === current ? { ...item, description: vscode.l10n.t('in use') } : item,
  );
  const picked = await vscode.window.showQuickPick(marked, {
    title: vscode.l10n.t('Choose a style'),
    placeHolder: vscode.l10n.t(
      '{prompt} is replaced by your prompt. Add your own styles in easel.styles',
    ),
    matchOnDetail: true,
  });
  return picked?.style;
}

/** *Easel: Choose Style*: sets the style of requests that name none. */
export async function chooseStyle({ settings }: HostServices): Promise<void> {
  const scope = vscode.window.activeTextEditor?.document.uri;
  const chosen = await pickStyle(settings, scope, settings.read(scope).style);
  if (chosen !== undefined) await settings.update('style', chosen);
}
