import * as vscode from 'vscode';
import type { Endpoint } from '../../core/endpoints/endpoint';
import { oneLine } from '../../core/shown-text';
import type { EndpointReport } from '../../protocol/endpoints';

/** Services that draw only with a model that is named. */
const NEEDS_MODEL: readonly Endpoint['protocol'][] = ['huggingface', 'replicate'];

/**
 * Asks which model of a server draws where nothing else is said: one of those that it lists, or one that is typed.
 * A server with one model is not asked about.
 * @returns empty for the server's own choice; undefined where the user cancels
 */
export async function chooseRemoteModel(
  { name, protocol, url }: Endpoint,
  { models }: EndpointReport,
): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const title = t('Model of {0}', name);
  if (models.length === 1) return models[0];
  if (models.length > 1) {
    const own = { label: t('The server’s own choice'), model: '' };
    const listed = models.map((model) => ({ label: oneLine(model, 200), model }));
    const picked = await vscode.window.showQuickPick([...listed, own], {
      title,
      placeHolder: t('Which model draws? All of them can be chosen later too'),
      ignoreFocusOut: true,
    });
    return picked?.model;
  }
  const isNeeded = NEEDS_MODEL.includes(protocol) && !url.includes('endpoints.huggingface.cloud');
  const typed = await vscode.window.showInputBox({
    title,
    prompt: isNeeded
      ? t('The model, as the service names it (owner/name)')
      : t('The server lists no models. Name one, or leave the field empty for its own.'),
    placeHolder: protocol === 'replicate' ? 'black-forest-labs/flux-schnell' : '',
    ignoreFocusOut: true,
    validateInput: (value) =>
      isNeeded && value.trim() === '' ? t('This service needs the name of a model.') : undefined,
  });
  return typed?.trim();
}
