import type { CancellationToken } from 'vscode';

/** The signal that aborts when the editor's token is cancelled. */
export function abortSignalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  if (token.isCancellationRequested) controller.abort();
  return controller.signal;
}
