import * as vscode from 'vscode';
import type { StudioAction } from '../../protocol/studio';

const COMMANDS: Readonly<Record<StudioAction, readonly [command: string, ...args: unknown[]]>> = {
  chooseModel: ['easel.chooseModel'],
  chooseDevice: ['easel.chooseDevice'],
  showLog: ['easel.showLog'],
  openSettings: ['workbench.action.openSettings', 'easel.'],
};

/** Opens what a button of the page names. */
export async function runAction(action: StudioAction): Promise<void> {
  const [command, ...args] = COMMANDS[action];
  await vscode.commands.executeCommand(command, ...args);
}
