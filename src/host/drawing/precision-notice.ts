import * as vscode from 'vscode';
import type { ImageEvent } from '../../client/engine';
import { tryOrShow } from '../failure-notice';

/**
 * Says once after the images of a command that they are not exact, without taking the focus, where nobody has
 * asked for that. A button draws the exact ones. Of exact images nothing is said.
 * @param drawn all images of the command
 * @param drawExactly draws the same images in full precision
 */
export async function noticePrecision(
  log: vscode.LogOutputChannel,
  drawn: readonly Pick<ImageEvent, 'unasked'>[],
  drawExactly: () => Promise<unknown>,
): Promise<void> {
  const [first, ...more] = drawn.flatMap(({ unasked }) => unasked ?? []);
  if (first === undefined) return;
  const { t } = vscode.l10n;
  const exactly = t('Draw Exactly');
  const text =
    more.length === 0
      ? t('This image was computed in {0}, which is faster and nearly exact.', first)
      : t(
          '{0} images were computed in {1}, which is faster and nearly exact.',
          ...[more.length + 1, first],
        );
  if ((await vscode.window.showInformationMessage(text, exactly)) !== exactly) return;
  await tryOrShow(drawExactly, log);
}
