import * as vscode from 'vscode';
import { drawOneImage, type ImageEvent } from '../../client/engine';
import type { GenerationRequestInput } from '../../core/request/request';
import { abortSignalOf } from '../cancellation';
import type { HostServices } from '../services';
import { describeProgress } from './progress-text';

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
    title: vscode.l10n.t('Drawing "{0}"', shorten(request.prompt)),
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
    return image;
  });
}

function shorten(prompt: string): string {
  const characters = Array.from(prompt);
  return characters.length <= 60 ? prompt : `${characters.slice(0, 59).join('')}…`;
}
