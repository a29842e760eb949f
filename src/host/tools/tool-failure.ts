import * as vscode from 'vscode';
import { failureText } from '../../core/agent/failure-text';
import { toEaselError } from '../../core/errors';

/** What a tool throws: words that the model can act on, or the editor's own error after a cancel. */
export function toolFailure(thrown: unknown, log: vscode.LogOutputChannel): Error {
  const error = toEaselError(thrown);
  if (error.code === 'cancelled') return new vscode.CancellationError();
  log.error(`tool: ${error.code}: ${error.message}`);
  return new Error(failureText(error), { cause: error });
}
