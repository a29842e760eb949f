import * as vscode from 'vscode';
import { showFailure } from './failure-notice';

/** Registers commands; the one place where their failures reach the person. */
export class CommandTable implements vscode.Disposable {
  private readonly registered: vscode.Disposable[] = [];

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** @returns itself a disposable, so that a table can also be kept by its owner */
  register(id: string, run: (argument: unknown) => unknown): vscode.Disposable {
    const disposable = vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        return await run(argument);
      } catch (thrown) {
        showFailure(thrown, this.log, () => vscode.commands.executeCommand(id, argument));
        return undefined;
      }
    });
    this.registered.push(disposable);
    return disposable;
  }

  dispose(): void {
    vscode.Disposable.from(...this.registered).dispose();
  }
}
