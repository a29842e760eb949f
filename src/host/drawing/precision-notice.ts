import * as vscode from 'vscode';
import type { ImageEvent } from '../../client/engine';
import { tryOrShow } from '../failure-notice';

/**
 * Says after an image that it is not exact, without taking the focus, where nobody has asked for that. A button
 * draws the exact one. Of an exact image nothing is said.
 * @param drawExactly draws the same image in full precision
 */
export async function noticePrecision(
  log: vscode.LogOutputChannel,
  { unasked }: Pick<ImageEvent, 'unasked'>,
  drawExactly: () => Promise<unknown>,
): Promise<void> {
  if (!unasked) return;
  const { t } = vscode.l10n;
  const exactly = t('Draw Exactly');
  const text = t('This image was computed in {0}, which is faster and nearly exact.', unasked);
  if ((await vscode.window.showInformationMessage(text, exactly)) !== exactly) return;
  await tryOrShow(drawExactly, log);
}
