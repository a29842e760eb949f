import * as vscode from 'vscode';
import type { CommandTable } from '../command-table';
import type { HostServices } from '../services';
import { DrawMissing } from './draw-missing';
import { DRAW_ALL_MISSING, DRAW_MISSING, MissingFixes } from './missing-fixes';

/** The quick fix on a missing picture, and the commands behind it. */
export function registerMissing(services: HostServices, commands: CommandTable): vscode.Disposable {
  const drawMissing = new DrawMissing(services);
  return vscode.Disposable.from(
    MissingFixes.register(),
    commands.register(DRAW_MISSING, (target) => drawMissing.one(target)),
    commands.register(DRAW_ALL_MISSING, (target) => drawMissing.all(target)),
  );
}
