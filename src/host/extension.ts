import type * as vscode from 'vscode';

/** Registers and returns; everything is made on first use. The commands come with the editor side. */
export function activate(_context: vscode.ExtensionContext): void {
  // Nothing is contributed yet, so there is nothing to register.
}
