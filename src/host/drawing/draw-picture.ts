import * as vscode from 'vscode';
import { EaselError, toEaselError } from '../../core/errors';
import type { GenerationRequestInput } from '../../core/request/request';
import type { GenerationEvent } from '../../protocol/engine';
import { describeProgress } from './progress-text';
import type { HostServices } from '../services';

export type PictureEvent = Extract<GenerationEvent, { event: 'image' }>;

/**
 * Draws one picture under a notification that tells how far it is, and that can cancel it.
 * @throws EaselError; `cancelled` where the person did
 */
export function drawPicture(
  { engine, log }: Pick<HostServices, 'engine' | 'log'>,
  request: GenerationRequestInput,
): Thenable<PictureEvent> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Drawing "{0}"', shorten(request.prompt)),
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    let shown = 0;
    let picture: PictureEvent | undefined;
    const drawing = engine.generate(request, {
      signal: controller.signal,
      onEvent: (event, state) => {
        if (event.event === 'image') picture = event;
        const increment = (state.fraction - shown) * 100;
        shown = state.fraction;
        progress.report({ message: describeProgress(state), increment });
      },
    });
    try {
      await drawing;
    } catch (thrown) {
      // A picture that came is worth keeping, whatever became of the engine after it.
      if (!picture || controller.signal.aborted) throw thrown;
      log.warn(toEaselError(thrown).message);
    }
    if (!picture) throw new EaselError('internal', 'The engine answered without a picture.');
    return picture;
  });
}

function shorten(prompt: string): string {
  const characters = Array.from(prompt);
  return characters.length <= 60 ? prompt : `${characters.slice(0, 59).join('')}…`;
}
