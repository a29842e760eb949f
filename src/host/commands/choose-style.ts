import * as vscode from 'vscode';
import { needsOtherModel } from '../../core/request/styles';
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
  const { model } = settings.read(scope);
  const styles = settings.styles(scope);
  const others = styles.filter((style) => needsOtherModel(style, model));
  const items = styles
    .filter((style) => !others.includes(style))
    .map((style): StyleItem => ({ label: style.name, detail: style.prompt, style: style.name }));
  const marked = [none, ...items].map((item) =>
    item.style === current ? { ...item, description: vscode.l10n.t('in use') } : item,
  );
  // A separator cannot be chosen.
  if (others.length > 0) {
    const names = others.map(({ name }) => name).join(', ');
    const label = vscode.l10n.t('Needs another model: {0}', names);
    marked.push({ label, kind: vscode.QuickPickItemKind.Separator, style: '' });
  }
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
