import * as vscode from 'vscode';
import { drawOneImage, type ImageEvent } from '../../client/engine';
import { noticeText } from '../safe-text';
import type { GenerationRequestInput } from '../../core/request/request';
import { abortSignalOf } from '../cancellation';
import type { HostServices } from '../services';
import { isElsewhere } from '../../protocol/engine';
import { describeElsewhere, describeProgress } from './progress-text';

/** Milliseconds for which the status bar says where an image was drawn. */
const SHOWN_MS = 10_000;
/** Characters of a prompt in the notification. */
const LONGEST_TITLE = 60;

/**
 * Draws one image under a notification that shows its progress and can cancel it.
 * @throws EaselError; `cancelled` when the user cancels
 */
export function drawImage(
  { engine, log }: Pick<HostServices, 'engine' | 'log'>,
  request: GenerationRequestInput,
): Thenable<ImageEvent> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Drawing "{0}"', noticeText(request.prompt, LONGEST_TITLE)),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    let shown = 0;
    const { image, summary, warnings } = await drawOneImage(engine, request, {
      signal: abortSignalOf(token),
      onProgress: (state) => {
        const increment = (state.fraction - shown) * 100;
        shown = state.fraction;
        progress.report({ message: describeProgress(state), increment });
      },
    });
    // The last warning is the error of an engine that failed after it had sent the image.
    if (!summary) log.warn(warnings.at(-1) ?? '');
    else if (isElsewhere(summary)) {
      vscode.window.setStatusBarMessage(describeElsewhere(summary), SHOWN_MS);
    }
    return image;
  });
}
